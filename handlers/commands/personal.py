"""What a person can do alone, where the bot is not a member: read what is public, in answers that only they see.

The workspace of such a request is the person's own: its external id is "@" and the person's id. It has no channel to
post to, and it sees nothing of any other workspace. Each start of the bot marks it as gone, as no server lists it; the
next request restores it, and after 30 days without one it is deleted.
"""

from dataclasses import replace
from typing import Final

from handlers.answers.answer import Answer, Listing, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button
from handlers.commands.request import Request

PERSONAL_COMMANDS: Final = frozenset({"brief", "check", "find", "trend"})
PERSONAL_VERBS: Final = frozenset({"brief", "compare", "find", "markdown", "test", "trend"})
"""The buttons that work without a channel: they only show something."""


def require_personal_command(request: Request, command: str) -> None:
    """Raise UserError if a person alone uses a command that needs a server that the bot is a member of."""
    if request.is_personal and command not in PERSONAL_COMMANDS:
        raise UserError(f"/{command} needs a server that I am a member of. Add me to one, and use it there.")


def require_personal_click(request: Request, action: str) -> None:
    """Raise UserError if a person alone clicks a button that needs a server that the bot is a member of."""
    if request.is_personal and action.partition(":")[0] not in PERSONAL_VERBS:
        raise UserError("That needs a server that I am a member of. Add me to one, and do it there.")


def only_personal(request: Request, reply: Reply) -> Reply:
    """Return the reply to a person alone only for them, without the buttons that do not work there."""
    if not request.is_personal:
        return reply
    answer: Answer = replace(reply.answer, buttons=_working(reply.answer.buttons))
    if isinstance(answer, Listing):
        answer = replace(answer, rows=tuple(replace(row, buttons=_working(row.buttons)) for row in answer.rows))
    return replace(reply, answer=answer, public=False)


def _working(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    return tuple(
        button
        for button in buttons
        if button.action.startswith("https://") or button.action.partition(":")[0] in PERSONAL_VERBS
    )
