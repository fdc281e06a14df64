"""What a platform's refusal of a post means for the bot, and what follows from it. Decides, and touches nothing.

Only an answer that the platform itself wrote and that names an error is a refusal. Everything else (a time-out, an
empty body, a proxy's page) says nothing about whether the message was posted. The errors are in `refusal_table.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from storage.records import Platform

RECHECK_EVERY: Final = timedelta(hours=1)
"""How often the bot checks whether it may post again in a blocked channel."""
LONGEST_BLOCK: Final = timedelta(days=30)
"""A channel that is blocked for longer counts as closed for ever."""
SHORT_BLOCK: Final = timedelta(hours=1)
"""Nobody is notified of a block that ends by itself within this time."""


class RefusalKind(StrEnum):
    """When the bot may try again."""

    FOR_EVER = "for ever"  # never: the channel was deleted, or the bot removed
    UNTIL_ACTION = "until somebody acts"  # when somebody has changed something: a missing right, an archived channel
    UNTIL_TIME = "until a time"  # later, without anybody doing anything: a rate limit, a time-out, a migration
    THIS_MESSAGE = "this message alone"  # others can be posted


class Scope(StrEnum):
    """What a refusal applies to."""

    MESSAGE = "message"
    CHANNEL = "channel"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One error of a platform."""

    platform: Platform
    code: str
    """Slack's name of the error or event; Discord's JSON error code."""
    kind: RefusalKind
    scope: Scope
    reason: str
    """For people, without a full stop. It completes "I can't post in #intel: ", unless only the message is refused."""
    source: str
    """Where the platform, or somebody who met the error, describes it."""
    wait: timedelta | None = None
    """How long to wait, for an error that ends by itself and whose answer does not say when."""
    of_content: bool = False
    """The platform refuses what the message contains, so a simpler form of it may be accepted."""
    is_known: bool = True
    """False for an error that is not in the table."""


def by_code(refusals: Iterable[Refusal]) -> Mapping[tuple[Platform, str], Refusal]:
    """Return the refusals by platform and code. Raises ValueError if there are two for one error."""
    found: dict[tuple[Platform, str], Refusal] = {}
    for refusal in refusals:
        if found.setdefault((refusal.platform, refusal.code), refusal) is not refusal:
            raise ValueError(f"two rows for {refusal.platform} {refusal.code}")
    return found


def unknown_refusal(platform: Platform, code: str) -> Refusal:
    """Return what an error means that is not in the table: a simpler form of the message may be accepted."""
    return Refusal(
        platform=platform,
        code=code,
        kind=RefusalKind.THIS_MESSAGE,
        scope=Scope.MESSAGE,
        reason=f"{platform.title()} refused it with an error that I do not know ({code})",
        source="",
        of_content=True,
        is_known=False,
    )


def recheck_at(now: datetime, until: datetime | None) -> datetime:
    """Return when to check a blocked channel again: after an hour, or when the block ends, if that is sooner."""
    hourly = now + RECHECK_EVERY
    return hourly if until is None else max(now, min(hourly, until))
