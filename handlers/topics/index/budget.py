"""The work that the topics of a workspace may do on one article, counted in steps: equal work counts equally.

A step is about what it takes to look at one place of a word in compiled code, ten nanoseconds. On an article of 5,000
characters the largest topic of the catalogue takes 50,000 steps, and a query of 1,000 words that are all found 150,000.

Plain Python; compiled where it was installed with a compiler, by the types in budget.pxd.
"""

from handlers.answers.errors import WirewatchError

NO_LIMIT = 1 << 62

_BASE = 8_000_000
_OF_A_CHARACTER = 200
_SHARES = 4
_ALLOWANCES = 400
_UNNOTED = 1_000
"""Steps of a topic that are not worth remembering: most topics take fewer."""
_NOBODY = -1


SIMPLIFY = "Simplify the query: nest fewer NEAR, use fewer words with *, or fewer regular expressions."
"""What a person can do about a query that is stopped."""


class OverBudget(WirewatchError):
    """A topic takes more work for an article than it may spend."""


class Budget:
    """What the topics of one workspace may still spend on one article."""

    def __init__(self, total: int = NO_LIMIT, share: int = NO_LIMIT, allowance: int = 0) -> None:
        """`share`: the most that one topic may spend; `allowance`: what each topic may spend even when the others have
        used up the total."""
        self.total = total
        self.share = share
        self.allowance = allowance
        self.left = self._begun = min(share, total)
        """What the current topic may still spend."""
        self._paid: set[object] = set()
        self._topic = _NOBODY
        self._spent: dict[int, int] = {}
        """By topic."""

    def start(self, topic: int) -> None:
        """What is spent from here on is spent by this topic, in addition to what it spent before."""
        if topic == self._topic:
            return
        spent = self._begun - self.left
        if spent > _UNNOTED:
            self._spent[self._topic] = self._spent.get(self._topic, 0) + spent
        self._topic = topic
        share, allowance = self.share, self.allowance
        if self._spent:
            spent = self._spent.get(topic, 0)
            share -= spent
            allowance -= spent
        self.left = self._begun = min(share, max(self.total, allowance))

    def spend(self, steps: int) -> None:
        """Raises: OverBudget where not so many steps are left."""
        self.left -= steps
        self.total -= steps
        if self.left < 0:
            raise OverBudget("The query is too complex for this article.")

    def has_paid(self, what: object) -> bool:
        """Whether it was paid for already, so that finding it again costs nothing."""
        return what in self._paid

    def note_paid(self, what: object) -> None:
        self._paid.add(what)


def for_article(characters: int) -> Budget:
    """The budget of one workspace for an article of so many characters. One topic may spend a fourth of it."""
    total = _BASE + _OF_A_CHARACTER * characters
    return Budget(total, total // _SHARES, total // _ALLOWANCES)
