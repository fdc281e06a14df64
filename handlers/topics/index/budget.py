"""The budget of a workspace's topics on one article, in steps, which count the work independently of the machine.

A step is about the work for one position of a word in compiled code, ten nanoseconds. On an article of 5,000
characters, the largest topic of the catalogue takes 50,000 steps, and a query of 1,000 words that all occur 150,000.

Plain Python, compiled with the types in budget.pxd if a C compiler is available during installation.
"""

from handlers.answers.errors import WirewatchError

SIMPLIFY = "Simplify the query: nest fewer NEAR, use fewer words with *, or fewer regular expressions."
"""What a person can do about a query that is stopped."""
NO_LIMIT = 1 << 62

_BASE = 8_000_000
_PER_CHARACTER = 200
_SHARES = 4
_ALLOWANCES = 400
_NEGLIGIBLE = 1_000
"""Steps of a topic that are not recorded. Most topics take fewer."""
_NO_TOPIC = -1


class OverBudget(WirewatchError):
    """A topic needs more steps on an article than its workspace's budget allows."""


class Budget:
    """The steps that the topics of one workspace may still take on one article."""

    def __init__(self, total: int = NO_LIMIT, share: int = NO_LIMIT, allowance: int = 0) -> None:
        """One topic may take `share` steps; each may take `allowance` steps even if the others have used up `total`."""
        self.total = total
        self.share = share
        self.allowance = allowance
        self.remaining = self._granted = min(share, total)
        """What the current topic may still take, and what it could take when it was started."""
        self._paid: set[object] = set()
        self._topic = _NO_TOPIC
        self._spent: dict[int, int] = {}
        """By topic."""

    def start(self, topic: int) -> None:
        """Charge the following steps to this topic, in addition to those that it took before."""
        if topic == self._topic:
            return
        spent = self._granted - self.remaining
        if spent > _NEGLIGIBLE:
            self._spent[self._topic] = self._spent.get(self._topic, 0) + spent
        self._topic = topic
        share, allowance = self.share, self.allowance
        if self._spent:
            spent = self._spent.get(topic, 0)
            share -= spent
            allowance -= spent
        self.remaining = self._granted = min(share, max(self.total, allowance))

    def spend(self, steps: int) -> None:
        """Raises: OverBudget if fewer steps remain."""
        self.remaining -= steps
        self.total -= steps
        if self.remaining < 0:
            raise OverBudget("The query is too complex for this article.")

    def has_paid(self, result: object) -> bool:
        """Return whether the workspace has paid for a result that all workspaces share."""
        return result in self._paid

    def mark_paid(self, result: object) -> None:
        self._paid.add(result)


def budget_for(characters: int) -> Budget:
    """Return the budget of one workspace for an article of that length. One topic may spend a fourth of it."""
    total = _BASE + _PER_CHARACTER * characters
    return Budget(total, total // _SHARES, total // _ALLOWANCES)
