"""The table of Slack's faults: whatever a post meets, each message is in its channel once in the end."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from handlers.answers.answer import Notice
from storage.records import DeliveryKind, DeliveryState
from storage.store import Store
from tests.bot.slack.outbox import Workspace, open_workspace
from tests.support.slack_server import Fault, SlackServer

HTML = "<html><title>Slack</title>Something went wrong</html>"
WAIT = {"Retry-After": "30"}
FAULTS = {
    "429": Fault(status=429, error="ratelimited", headers=WAIT),
    "429 as text": Fault(status=429, body="Too many requests", content_type="text/plain", headers=WAIT),
    "429 without a wait": Fault(status=429, error="ratelimited"),
    "500": Fault(status=500, error="internal_error"),
    "500, posted": Fault(status=500, error="internal_error", after=True),
    "502 as HTML": Fault(status=502, body=HTML),
    "502 as HTML, posted": Fault(status=502, body=HTML, after=True),
    "503 as JSON": Fault(status=503, error="service_unavailable"),
    "503 as text": Fault(status=503, body="upstream connect error", content_type="text/plain"),
    "503 as text, posted": Fault(status=503, body="upstream error", content_type="text/plain", after=True),
    "504, empty": Fault(status=504, body=""),
    "504, empty, posted": Fault(status=504, body="", after=True),
    "302 to a login page": Fault(status=302, body=HTML, headers={"Location": "/login"}),
    "403 from a proxy": Fault(status=403, body=HTML),
    "403 from a proxy, posted": Fault(status=403, body=HTML, after=True),
    "404 as HTML, posted": Fault(status=404, body=HTML, after=True),
    "520 from Cloudflare, posted": Fault(status=520, body=HTML, after=True),
    "200, empty": Fault(body="", content_type="application/json"),
    "200, empty, posted": Fault(body="", content_type="application/json", after=True),
    "200 as HTML": Fault(body=HTML),
    "200 as HTML, posted": Fault(body=HTML, after=True),
    "200 as text, posted": Fault(body="ok", content_type="text/plain", after=True),
    "200, cut JSON, posted": Fault(body='{"ok": tr', content_type="application/json", after=True),
    "200, JSON without ok, posted": Fault(body='{"ts": 1}', content_type="application/json", after=True),
    "200, ok without ts, posted": Fault(body='{"ok": true}', content_type="application/json", after=True),
    "200, not ok without an error, posted": Fault(body='{"ok": false}', content_type="application/json", after=True),
    "200, an error that is no text, posted": Fault(
        body='{"ok": false, "error": 7}', content_type="application/json", after=True
    ),
    "200, a JSON list, posted": Fault(body="[1]", content_type="application/json", after=True),
    "200, JSON 10,000 deep, posted": Fault(body="[" * 10_000, content_type="application/json", after=True),
    "200, bytes that are no text, posted": Fault(body="\x00\udcff", content_type="application/json", after=True),
    "200 fatal_error": Fault(error="fatal_error"),
    "200 fatal_error, posted": Fault(error="fatal_error", after=True),
    "reset": Fault(drop=True),
    "reset, posted": Fault(drop=True, after=True),
    "no answer in time": Fault(hang_s=0.3),
    "no answer in time, posted": Fault(hang_s=0.3, after=True),
    "not_in_channel": Fault(error="not_in_channel"),
    "channel_not_found": Fault(error="channel_not_found"),
    "is_archived": Fault(error="is_archived"),
    "restricted_action": Fault(error="restricted_action"),
    "org_login_required": Fault(error="org_login_required"),
    "team_added_to_org": Fault(error="team_added_to_org"),
    "token_revoked": Fault(error="token_revoked"),
    "invalid_blocks": Fault(error="invalid_blocks"),
    "msg_too_long": Fault(error="msg_too_long"),
    "no_text": Fault(error="no_text"),
    "an unknown error": Fault(error="brand_new_error"),
}
LOOK_UP_FAULTS = {
    "429": Fault(status=429, error="ratelimited", headers=WAIT),
    "404 as HTML": Fault(status=404, body=HTML),
    "not_in_channel": Fault(error="not_in_channel"),
    "missing_scope": Fault(error="missing_scope"),
    "invalid_arguments": Fault(error="invalid_arguments"),
    "reset": Fault(drop=True),
}


@pytest.fixture
async def workspace(sqlite_store: Store, server: SlackServer) -> AsyncIterator[Workspace]:
    async with open_workspace(sqlite_store, server) as opened:
        yield opened


@dataclass(frozen=True)
class Ended:
    texts: list[str]
    """The texts in the channel."""
    states: set[DeliveryState]


async def deliver_two(workspace: Workspace, fault: Fault) -> Ended:
    first = await workspace.enqueue(Notice(text="first"))
    second = await workspace.enqueue(Notice(text="second"))

    await workspace.deliver(12, patience=0.25 if fault.hang_s else 15, step=timedelta(minutes=20))

    texts = [message["text"] for message in workspace.server.messages["C1"]]
    return Ended(texts, {(await workspace.state(delivery)).state for delivery in (first, second)})


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_whatever_fault_a_post_meets_nothing_is_lost_and_nothing_is_doubled(
    fault: Fault, workspace: Workspace
) -> None:
    workspace.server.faults["chat.postMessage"] = [replace(fault)]

    ended = await deliver_two(workspace, fault)

    assert ended == Ended(["first", "second"], {DeliveryState.SENT})


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_whatever_fault_an_edit_meets_the_message_shows_the_newest_content(
    fault: Fault, workspace: Workspace
) -> None:
    note = await workspace.enqueue(Notice(text="first"), kind=DeliveryKind.NOTE)
    await workspace.deliver(1)
    workspace.server.faults["chat.update"] = [replace(fault)]
    await workspace.change(note, Notice(text="second"))
    new = await workspace.enqueue(Notice(text="new"))

    await workspace.deliver(12, patience=0.25 if fault.hang_s else 15, step=timedelta(minutes=20))

    assert [message["text"] for message in workspace.server.messages["C1"]] == ["second", "new"]
    assert {(await workspace.state(delivery)).state for delivery in (note, new)} == {DeliveryState.SENT}


@pytest.mark.parametrize("posted", [True, False], ids=["posted", "not posted"])
@pytest.mark.parametrize("fault", LOOK_UP_FAULTS.values(), ids=LOOK_UP_FAULTS.keys())
async def test_a_refused_lookup_is_not_a_refused_post(fault: Fault, posted: bool, workspace: Workspace) -> None:
    lost = Fault(drop=True, after=posted)
    workspace.server.faults["chat.postMessage"] = [lost]
    workspace.server.faults["conversations.history"] = [replace(fault), replace(fault)]

    ended = await deliver_two(workspace, lost)

    assert ended.states == {DeliveryState.SENT}
    assert sorted(ended.texts) == ["first", "second"]
