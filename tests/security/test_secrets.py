"""User names and passwords in addresses never appear in an answer, an exported file or the log."""

import gzip

import pytest

from bot.logs import REDACTED, Redact
from handlers.answers.errors import WirewatchError
from handlers.sources.fetch.headers import decompress
from storage.records import SHARED, Platform, SourceKind
from storage.sources import NewSource
from storage.store import Store
from tests.support.newsroom import Newsroom

ADDRESS = "https://ann:hunter22@wire.example/feed?key=1"


@pytest.mark.parametrize("workspace", ["shared", "own"])
async def test_no_command_shows_the_password_of_a_feed(sqlite_store: Store, workspace: str) -> None:
    room = await Newsroom(sqlite_store).open()
    home = await room.workspace()
    async with sqlite_store.begin() as tx:
        for number in (1, 2):
            await tx.sources.ensure(
                NewSource(
                    workspace_id=SHARED if workspace == "shared" else home.id,
                    kind=SourceKind.FEED,
                    url=f"{ADDRESS}{number}",
                    title="The wire",
                ),
                room.now,
            )

    for line in ("list", "export", "remove the wire", "pause wire", "resume the wire"):
        assert "hunter22" not in repr(await room.reply(f"/sources {line}", may_manage=False)), line
        if line != "export" or workspace == "shared":  # the owner's export contains it, and says so
            assert "hunter22" not in repr(await room.reply(f"/sources {line}")), line


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann:hunter22@host/db",
        "postgresql://ann:hun@ter22@host/db",
        "https://hunter22@host/feed",
        'cannot reach "https://x:hunter22@host"',
        "xoxb-hunter22-hunter22",
        "Authorization: Bearer hunter22hunter22",
        "InvalidURL: https://host/feed?page=2&token=hunter22",
        "URL('http://host/feed?apikey=hunter22&page=2')",
    ],
)
def test_a_log_line_contains_no_secret(text: str) -> None:
    event = Redact(())(None, "info", {"event": text, "exception": f"Traceback\n{text}"})

    assert "ter22" not in repr(event)
    assert REDACTED in event["event"]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"") * 600),
        (", ".join(["gzip"] * 50), b"x"),
    ],
)
def test_a_body_with_too_many_compressed_parts_is_refused(encoding: str, body: bytes) -> None:
    with pytest.raises((ValueError, WirewatchError)):
        decompress(body, encoding, 10_000_000)


async def test_a_slack_channel_named_in_plain_text_needs_membership_of_it(sqlite_store: Store) -> None:
    """Slack turns channels that a person can see into links. A name that stays plain text may be a private channel."""
    room = await Newsroom(sqlite_store).open()
    await room.reply("/news", platform=Platform.SLACK, channel="C2")

    refused = await room.ask("/subscribe huawei in #intel", platform=Platform.SLACK)
    linked = await room.ask("/subscriptions", platform=Platform.SLACK, target_channel=("C2", "intel"))
    await room.reply(
        "/subscribe zte", platform=Platform.SLACK, target_channel=("C2", "intel"), manages=frozenset({"C2"})
    )

    assert "I know no channel #intel here" in repr(refused)
    assert "I can't see that you are a member of #intel" in repr(linked)
    async with sqlite_store.read() as tx:
        home = await tx.workspaces.find(Platform.SLACK, "acme")
        secret = await tx.channels.find(home.id, "C2") if home else None
        held = await tx.subscriptions.of_channel(secret.id) if secret else ()
    assert len(held) == 1
