"""Deliveries over real HTTP, whatever Slack does: a post arrives once, or waits with a reason that people learn."""

import json
from collections.abc import AsyncIterator

import pytest

from bot.charts.png import chart_png
from handlers.answers.answer import Notice
from storage.records import ChannelState, DeliveryState
from storage.store import Store
from tests.bot.slack.outbox import Workspace, open_workspace
from tests.support.answers import CHART, digest
from tests.support.slack_server import Fault, SlackServer


@pytest.fixture
async def workspace(sqlite_store: Store, server: SlackServer) -> AsyncIterator[Workspace]:
    async with open_workspace(sqlite_store, server) as opened:
        yield opened


@pytest.fixture(scope="module")
def drawing_loaded() -> None:
    """Load the drawing library, because the first picture of a process takes longer."""
    chart_png(CHART)


@pytest.mark.parametrize(
    "faults",
    [
        [Fault(status=429, error="ratelimited", headers={"Retry-After": "30"})],
        [Fault(status=503, error="service_unavailable")],
        [Fault(status=500, error="internal_error", after=True)],
        [Fault(status=200, error="fatal_error", after=True)],
        [Fault(hang_s=0.3)],
        [Fault(hang_s=0.3, after=True)],
        [Fault(drop=True)],
        [Fault(drop=True, after=True)],
        [Fault(drop=True), Fault(status=500, error="internal_error"), Fault(drop=True, after=True)],
    ],
    ids=["429", "503", "500, posted", "200 fatal, posted", "late", "late, posted", "reset", "reset, posted", "three"],
)
async def test_a_post_arrives_once_whatever_slack_answers(faults: list[Fault], workspace: Workspace) -> None:
    workspace.server.faults["chat.postMessage"] = faults
    pending = await workspace.enqueue(Notice(text="Hello"))

    await workspace.deliver(patience=0.25 if faults[0].hang_s else 15)

    (message,) = workspace.server.messages["C1"]
    assert message["text"] == "Hello"
    delivery = await workspace.state(pending)
    assert (delivery.state, delivery.external_ref) == (DeliveryState.SENT, message["ts"])


async def test_a_channel_that_refuses_posts_keeps_them_and_the_subscriber_hears_why(workspace: Workspace) -> None:
    workspace.server.outside.add("C1")
    workspace.server.faults["conversations.join"] = [Fault(error="missing_scope")] * 9
    await workspace.enqueue(Notice(text="Hello"))

    await workspace.deliver()
    blocked = list(workspace.server.messages["C1"])
    workspace.server.outside.clear()  # somebody invited the app
    await workspace.deliver()

    assert blocked == []
    assert [message["text"] for message in workspace.server.messages["C1"]] == ["Hello"]
    (notice,) = workspace.server.messages["D1"]
    assert "#intel" in notice["text"] and "/invite" in notice["text"]
    assert workspace.server.messages["C9"] == [], "another channel does not hear of it"


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth", "org_login_required"])
async def test_a_workspace_whose_token_is_refused_waits_as_a_whole_until_it_is_accepted(
    error: str, workspace: Workspace
) -> None:
    workspace.server.faults["chat.postMessage"] = [Fault(error=error)]
    workspace.server.faults["conversations.info"] = [Fault(error=error)] * 4
    await workspace.enqueue(Notice(text="Hello"))
    await workspace.enqueue(Notice(text="Hi"), workspace.general)

    await workspace.deliver(2)
    async with workspace.store.read() as tx:
        channels = await tx.channels.by_ids([workspace.intel.id, workspace.general.id])
    early = [message["text"] for channel in ("C1", "C9") for message in workspace.server.messages[channel]]
    await workspace.deliver(6)

    assert ChannelState.BLOCKED in {channel.state for channel in channels.values()}
    assert "Hello" not in early or "Hi" not in early
    assert [message["text"] for message in workspace.server.messages["C1"]] == ["Hello"]
    assert [message["text"] for message in workspace.server.messages["C9"]] == ["Hi"]


async def test_a_digest_shows_its_chart_as_a_picture_with_alternative_text(
    drawing_loaded: None, workspace: Workspace
) -> None:
    await workspace.enqueue(digest(1))

    await workspace.deliver(1)

    (message,) = workspace.server.messages["C1"]
    (picture,) = [block for block in message["blocks"] if block["type"] == "image"]
    file = workspace.server.files[picture["slack_file"]["id"]]
    assert file["body"].startswith(b"\x89PNG")
    assert file["alt"] == picture["alt_text"] == "Mentions a day: 0, 2, 1, 0, 4, 3, 7."
    assert file["channel"] is None  # visible only through the message


async def test_a_restart_between_upload_and_post_leaves_one_digest(drawing_loaded: None, workspace: Workspace) -> None:
    pending = await workspace.enqueue(digest(1))
    workspace.server.faults["chat.postMessage"] = [Fault(drop=True)]

    await workspace.deliver(1)
    await workspace.deliver(3)

    assert len(workspace.server.messages["C1"]) == 1
    assert len(workspace.server.files) == 2  # the second process does not know the first file, which nobody sees
    assert all(file["channel"] is None for file in workspace.server.files.values())
    assert (await workspace.state(pending)).state is DeliveryState.SENT


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("files.getUploadURLExternal", Fault(error="missing_scope")),
        ("files.getUploadURLExternal", Fault(status=429, error="ratelimited", headers={"Retry-After": "60"})),
        ("files.completeUploadExternal", Fault(drop=True)),
        ("files.info", Fault(status=500, error="internal_error")),
        ("chat.postMessage", Fault(error="invalid_blocks")),
    ],
    ids=["no scope", "429", "reset", "500", "refused in the message"],
)
async def test_a_chart_whose_picture_fails_is_shown_as_text(
    method: str, fault: Fault, drawing_loaded: None, workspace: Workspace
) -> None:
    workspace.server.faults[method] = [fault]
    await workspace.enqueue(digest(1))

    await workspace.deliver(1)

    (message,) = workspace.server.messages["C1"]
    assert "image" not in [block["type"] for block in message["blocks"]]
    assert "▁" in json.dumps(message["blocks"], ensure_ascii=False)


async def test_a_direct_message_is_posted_once_and_can_be_edited(workspace: Workspace) -> None:
    async with workspace.store.begin() as tx:
        direct = await tx.channels.ensure(workspace.intel.workspace_id, "@U7", "@ada", now=workspace.started)
    workspace.server.faults["chat.postMessage"] = [Fault(drop=True, after=True)]
    workspace.server.faults["conversations.open"] = [Fault(status=500, error="internal_error")]
    await workspace.enqueue(Notice(text="News of your story"), direct)

    await workspace.deliver()

    (message,) = workspace.server.messages["D7"]
    await workspace.messenger().edit(direct, message["ts"], Notice(text="More news"))
    assert message["text"] == "More news"


async def test_direct_messages_to_a_closed_account_are_paused_silently(workspace: Workspace) -> None:
    async with workspace.store.begin() as tx:
        direct = await tx.channels.ensure(workspace.intel.workspace_id, "@U7", "@ada", now=workspace.started)
    workspace.server.faults["conversations.open"] = [Fault(error="user_disabled")] * 9
    await workspace.enqueue(Notice(text="News of your story"), direct)

    await workspace.deliver()

    async with workspace.store.read() as tx:
        channel = await tx.channels.get(direct.id)
    assert channel is not None
    assert "closed" in str(channel.gone_reason)
    assert not workspace.server.messages["C9"]


async def test_direct_messages_stay_blocked_while_the_token_is_refused(workspace: Workspace) -> None:
    async with workspace.store.begin() as tx:
        direct = await tx.channels.ensure(workspace.intel.workspace_id, "@U7", "@ada", now=workspace.started)
    workspace.server.faults["chat.postMessage"] = [Fault(error="token_revoked")] * 9
    workspace.server.faults["auth.test"] = [Fault(error="token_revoked")] * 2
    await workspace.enqueue(Notice(text="News of your story"), direct)

    messenger = workspace.messenger()
    await workspace.deliver(3, messenger=messenger)
    refused = [name for name, _ in workspace.server.calls].count("chat.postMessage")
    workspace.server.faults["chat.postMessage"].clear()
    await workspace.deliver(2, messenger=messenger)

    assert refused == 1
    assert [message["text"] for message in workspace.server.messages["D7"]] == ["News of your story"]


FIELDS = {
    "conversations.info": "channel",
    "conversations.open": "channel",
    "files.getUploadURLExternal": "upload_url",
    "files.info": "file",
}


@pytest.mark.parametrize("method", FIELDS)
@pytest.mark.parametrize("body", ['{"ok": true}', '{"ok": true, "%s": {}}', '{"ok": true, "%s": [1]}'])
async def test_an_answer_without_what_was_asked_for_loses_nothing(
    method: str, body: str, drawing_loaded: None, workspace: Workspace
) -> None:
    body = body % FIELDS[method] if "%s" in body else body
    async with workspace.store.begin() as tx:
        direct = await tx.channels.ensure(workspace.intel.workspace_id, "@U7", "@ada", now=workspace.started)
    workspace.server.faults["chat.postMessage"] = [Fault(error="not_in_channel")]  # so that the channel is checked
    workspace.server.faults[method] = [Fault(body=body, content_type="application/json") for _ in range(2)]
    posts = [await workspace.enqueue(digest(1), channel) for channel in (workspace.intel, direct)]

    await workspace.deliver(8)

    assert {(await workspace.state(post)).state for post in posts} == {DeliveryState.SENT}
    assert len(workspace.server.messages["C1"]) + len(workspace.server.messages["D7"]) == 2
