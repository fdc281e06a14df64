"""A person alone with the bot reads what is public, and changes, shares and sees nothing else."""

import pytest

from handlers.answers.answer import Notice
from handlers.commands.buttons import VERBS
from handlers.commands.personal import PERSONAL_COMMANDS, PERSONAL_VERBS
from handlers.commands.table import COMMANDS
from storage.store import Store
from tests.support.newsroom import Newsroom


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
async def test_only_commands_that_read_what_is_public_work_for_a_person_alone(
    sqlite_store: Store, command: str
) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    await newsroom.add_article("Huawei signs an agreement")

    words = "" if command in ("digest", "topics", "sources", "news") else "huawei"
    reply = await newsroom.reply(f"/{command} {words}".strip(), workspace="@U1", channel="@U1")

    refused = isinstance(reply.answer, Notice) and "needs a server" in reply.answer.text
    assert refused is (command not in PERSONAL_COMMANDS)
    assert {button.action.split(":")[0] for button in reply.answer.buttons} <= PERSONAL_VERBS


def test_no_button_of_a_person_alone_changes_anything() -> None:
    assert [name for name in PERSONAL_VERBS if VERBS[name].changes] == []


async def test_a_person_alone_shares_nothing(sqlite_store: Store) -> None:
    newsroom = await Newsroom(sqlite_store).open()
    await newsroom.add_article("Huawei signs an agreement")
    brief = await newsroom.reply("/brief huawei")
    share = next(button for button in brief.answer.buttons if button.action.startswith("share"))

    reply = await newsroom.click(share, workspace="@U1", channel="@U1")

    assert not reply.public and "needs a server" in str(reply.answer)
