"""The export of sources: whole addresses for who manages the workspace that owns them, bare ones for all others."""

import pytest

from handlers.answers.answer import Notice
from handlers.ports import Attachment
from handlers.sources.feeds.opml import read_opml
from storage.records import ChangeRule, Platform
from storage.store import Store
from tests.support.newsroom import Newsroom

SECRETS = ("hunter22", "Zx9Qw7ab", "ann:")
OWNER = "With the password or key that stands in 1 address: keep it to yourself."
ANYONE = "Without the password or key that stands in 1 address."


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


@pytest.mark.parametrize(
    ("workspace", "asked", "is_told"),
    [
        ("acme", {"may_manage": True}, True),
        ("acme", {"may_manage": False}, False),
        ("acme", {"may_manage": True, "platform": Platform.SLACK}, True),
        ("acme", {"channel": "@U1", "may_manage": True}, False),
        ("rival", {"may_manage": True}, None),
        ("shared", {"may_manage": True}, False),
    ],
    ids=["who manages", "who reads", "Slack", "direct messages", "another workspace", "a shared feed"],
)
async def test_an_export_holds_the_secret_for_who_manages_the_workspace_that_owns_it(
    workspace: str, asked: dict[str, object], is_told: bool | None, newsroom: Newsroom
) -> None:
    url = "https://ann:hunter22@wire.example/feed?token=Zx9Qw7ab&page=2"
    platform = asked.get("platform", Platform.DISCORD)
    async with newsroom.store.begin() as tx:
        home = await tx.workspaces.ensure(
            platform,  # type: ignore[arg-type]
            "rival" if workspace == "rival" else "acme",
            "Home",
            now=newsroom.now,
        )
    await newsroom.source(url, workspace_id=0 if workspace == "shared" else home.id)

    answer = await newsroom.says("/sources export", **asked)

    assert isinstance(answer, Notice)
    if is_told is None:
        assert answer.file is None
        return
    assert answer.file is not None
    assert answer.text == f"1 feed as OPML. {OWNER if is_told else ANYONE}"
    (listed,) = read_opml(answer.file[1].encode())
    assert listed.url == (url if is_told else "https://wire.example/feed?page=2")
    assert not any(secret in repr((answer.text, answer.code)) for secret in SECRETS)
    back = (Attachment(name="back.opml", content_type="", body=answer.file[1].encode()),)
    again = await newsroom.says("/sources import", attachments=back, platform=platform)
    assert isinstance(again, Notice) and "0 new, 1 watched already" in again.text


async def test_a_workspace_where_anyone_may_change_things_shows_secrets_to_managers_alone(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    async with newsroom.store.begin() as tx:
        await tx.workspaces.update(home.id, change_rule=ChangeRule.ANYONE)
    await newsroom.source("https://ann:hunter22@wire.example/feed", workspace_id=home.id)

    answer = await newsroom.says("/sources export", may_manage=False)

    assert "hunter22" not in repr(answer)
