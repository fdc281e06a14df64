"""Places joined: which stand near which, and the runs of words from one to the other.

To find what stands near, the places of one side are marked in a bitmap of the text's words and spread by as many words
as may stand between; the places of the other side are looked up there. That is linear in the places and in the text.

An operator around a NEAR sees the runs of all its pairs, each from the first word of a pair to its last, as far as they
have at most SPAN_MOST words: they are rows of bits, so that a first word takes the same room whatever the pairs.

Plain Python; compiled where it was installed with a compiler, by the types in joins.pxd.
"""

from handlers.topics.index.bitmaps import Bits
from handlers.topics.index.budget import Budget
from handlers.topics.index.places import Places, some_of, union
from handlers.topics.index.windows import Window
from handlers.topics.query.lexer import SPAN_MOST

_EVERY = 0x7FFFFFFF
_NUMBER = 64
_ROW = SPAN_MOST // _NUMBER
_ROW_STEPS = 16
"""Steps for a first word whose row of bits is worked out."""


class Joiner:
    """Joins places of one text. For one join at a time."""

    def __init__(self, size: int) -> None:
        """`size`: the words of the text."""
        self.budget = Budget()
        """Pays for each join."""
        numbers = size // _NUMBER + 1
        self._ends = Bits(numbers)
        self._starts = Bits(numbers)
        self._other_ends = Bits(numbers)
        self._other_starts = Bits(numbers)
        self._reach = Bits(_ROW)
        """Where a right place may begin, for the current row: bit n is n + 1 words from the row's first word."""
        self._here = Bits(_ROW)
        """Where a right place begins, counted in the same way."""
        self._row = Bits(_ROW)
        self._window = Window()

    def is_near(self, left: Places, right: Places, words: int, ordered: bool) -> bool:
        """Whether a place of `left` stands before one of `right`, or anywhere unless `ordered`, with at most so many
        words between them. Raises: OverBudget."""
        self._mark_ends(left, self._ends, words)
        if self._is_any_at(right, self._ends):
            return True
        if ordered:
            return False
        self._mark_ends(right, self._ends, words)
        return self._is_any_at(left, self._ends)

    def partners(self, left: Places, right: Places, words: int, ordered: bool) -> tuple[Places, Places]:
        """The places of each side that stand near one of the other. Raises: OverBudget."""
        self._mark_ends(left, self._ends, words)
        self._mark_starts(right, self._starts, words)
        if ordered:
            self._other_ends.clear()
            self._other_starts.clear()
        else:
            self._mark_ends(right, self._other_ends, words)
            self._mark_starts(left, self._other_starts, words)
        return self._met(left, self._other_ends, self._starts), self._met(right, self._ends, self._other_starts)

    def runs(self, left: Places, right: Places, words: int, ordered: bool, most: int = _EVERY) -> Places:
        """The runs from each place to each one near it, in each order from the first `most` first words only.

        Longer ones than SPAN_MOST words are left out. Raises: OverBudget.
        """
        runs = self._runs(left, right, words, most)
        return runs if ordered else union(runs, self._runs(right, left, words, most))

    def sides(self, left: Places, right: Places, words: int, ordered: bool, runs: Places) -> tuple[Places, Places]:
        """The places of each side of which some of the runs were made. Raises: OverBudget."""
        lefts, rights = self._sides(left, right, words, runs)
        if ordered:
            return lefts, rights
        more_rights, more_lefts = self._sides(right, left, words, runs)
        return union(lefts, more_lefts), union(rights, more_rights)

    def _mark_ends(self, places: Places, marked: Bits, words: int) -> None:
        """Mark the word past each place, and as many behind it."""
        self.budget.spend(places.count * places.stride + marked.size)
        marked.clear()
        for row in range(places.count):
            if places.length:
                marked.put(places.firsts[row] + places.length)
                continue
            for at in range(places.stride):
                bits = places.bits[row * places.stride + at]
                past = places.firsts[row] + _NUMBER * at + 1
                while bits:
                    if bits & 1:
                        marked.put(past)
                    bits >>= 1
                    past += 1
        marked.spread_up(words)

    def _mark_starts(self, places: Places, marked: Bits, words: int) -> None:
        """Mark the first word of each place, and as many before it."""
        self.budget.spend(places.count + marked.size)
        marked.clear()
        for row in range(places.count):
            marked.put(places.firsts[row])
        marked.spread_down(words)

    def _is_any_at(self, places: Places, marked: Bits) -> bool:
        """Whether any place begins at a mark."""
        self.budget.spend(places.count)
        row = 0
        while row < places.count and not marked.holds(places.firsts[row]):
            row += 1
        return row < places.count

    def _met(self, places: Places, starts: Bits, ends: Bits) -> Places:
        """The places that begin at one mark or end before another."""
        self.budget.spend(places.count * places.stride)
        met = Places(places.count, places.stride)
        met.length = places.length
        for row in range(places.count):
            first = places.firsts[row]
            if starts.holds(first):
                met.add_row(places, row)
                continue
            is_met = False
            for at in range(places.stride):
                bits = places.bits[row * places.stride + at]
                if bits:
                    bits &= ends.number_at(first + _NUMBER * at + 1)
                met.bits[met.count * met.stride + at] = bits
                is_met = is_met or bits != 0
            if is_met:
                met.firsts[met.count] = first
                met.count += 1
        return met

    def _runs(self, left: Places, right: Places, words: int, most: int) -> Places:
        """The runs from a place of `left` to one of `right` behind it."""
        runs = Places(min(left.count, most), self._prepare(left, right, words))
        if left.length and not right.length:
            self._window.look_at(right, words, runs.stride)
            self.budget.spend(3 * right.count * right.stride)
        at = 0
        for row in range(left.count):
            if runs.count == most:
                break
            if not self._look_behind(left, row, words):
                continue
            first = left.firsts[row]
            ends = self._row
            if right.length:
                self._here.move_up(right.length)
                ends = self._here
            elif left.length:
                self._window.see(first + left.length, first, self._row)
            else:
                while right.firsts[at] <= first:
                    at += 1
                self._follow(right, at, first)
            if not ends.is_clear():
                for place in range(runs.stride):
                    runs.bits[runs.count * runs.stride + place] = ends.numbers[place]
                runs.firsts[runs.count] = first
                runs.count += 1
        return runs

    def _prepare(self, left: Places, right: Places, words: int) -> int:
        """Get ready to look for the places of `right` behind those of `left`; the numbers that rows of runs take."""
        longest = left.longest() + words + right.longest()
        size = min((longest + _NUMBER - 1) // _NUMBER, _ROW)
        self._reach.size = self._here.size = self._row.size = size
        self._mark_starts(right, self._starts, 0)
        if left.count and left.length:
            self._reach_from(left, 0, words)
        return size

    def _look_behind(self, left: Places, row: int, words: int) -> bool:
        """Note where marked words stand near enough behind the places of a row. Whether any does."""
        self.budget.spend(_ROW_STEPS)
        if not left.length:
            self._reach_from(left, row, words)
        self._here.take(self._reach)
        self._here.keep(self._starts, left.firsts[row] + 1)
        return not self._here.is_clear()

    def _reach_from(self, left: Places, row: int, words: int) -> None:
        """Note where words would stand near enough behind the places of a row."""
        for at in range(self._reach.size):
            self._reach.numbers[at] = left.bits[row * left.stride + at] if at < left.stride else 0
        self._reach.spread_up(words)

    def _follow(self, right: Places, at: int, first: int) -> None:
        """Note how long the runs are from a word to the end of the places that begin where it was noted."""
        self._row.clear()
        past = first + self._here.past(0, self._here.size)
        while at < right.count and right.firsts[at] <= past:
            ahead = right.firsts[at] - first
            if self._here.holds(ahead - 1):
                self.budget.spend(right.stride)
                self._row.mix(0, self._row.size, right.rows, at * right.stride, right.stride, ahead)
            at += 1

    def _sides(self, left: Places, right: Places, words: int, runs: Places) -> tuple[Places, Places]:
        """The places of both of which runs were made that begin in `left`."""
        lefts = Places(left.count, left.stride)
        lefts.length = left.length
        ends = Bits(right.count * right.stride)
        size = self._prepare(left, right, words)
        self._other_starts.clear()
        at = run = 0
        for row in range(left.count):
            while run < runs.count and runs.firsts[run] < left.firsts[row]:
                run += 1
            if run == runs.count:
                break
            if runs.firsts[run] > left.firsts[row] or not self._look_behind(left, row, words):
                continue
            if right.length:
                self._trace_back_alike(right.length, runs, run)
            else:
                while right.firsts[at] <= left.firsts[row]:
                    at += 1
                self._trace_back(right, at, runs, run, ends)
            self._row.spread_down(words)
            is_side = False
            for place in range(left.stride):
                bits = left.bits[row * left.stride + place] & self._row.numbers[place] if place < size else 0
                lefts.bits[lefts.count * lefts.stride + place] = bits
                is_side = is_side or bits != 0
            if is_side:
                lefts.firsts[lefts.count] = left.firsts[row]
                lefts.count += 1
        return lefts, self._begun_at(right, self._other_starts) if right.length else some_of(right, ends)

    def _trace_back_alike(self, length: int, runs: Places, run: int) -> None:
        """Note where the places begin, all of one length, that end where a run of a row does."""
        for place in range(self._row.size):
            made = runs.number_at(run, length + _NUMBER * place)
            self._row.numbers[place] = self._here.numbers[place] & made
        starts = self._other_starts
        starts.mix(0, starts.size, self._row, 0, self._row.size, runs.firsts[run] + 1)

    def _begun_at(self, places: Places, marked: Bits) -> Places:
        """The places that begin at a mark."""
        begun = Places(places.count, places.stride)
        begun.length = places.length
        for row in range(places.count):
            if marked.holds(places.firsts[row]):
                begun.add_row(places, row)
        return begun

    def _trace_back(self, right: Places, at: int, runs: Places, run: int, ends: Bits) -> None:
        """Note, of the places that begin where it was noted, in `ends` those that end where a run of a row does, and
        in the current row where they begin."""
        self._row.clear()
        past = runs.firsts[run] + self._here.past(0, self._here.size)
        while at < right.count and right.firsts[at] <= past:
            ahead = right.firsts[at] - runs.firsts[run]
            if self._here.holds(ahead - 1):
                self.budget.spend(right.stride)
                for place in range(right.stride):
                    bits = right.bits[at * right.stride + place]
                    if bits:
                        bits &= runs.number_at(run, ahead + _NUMBER * place)
                    if bits:
                        ends.numbers[at * right.stride + place] |= bits
                        self._row.put(ahead - 1)
            at += 1
