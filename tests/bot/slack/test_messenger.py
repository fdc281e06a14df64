"""The messenger against a local Slack, through the unmodified SDK: posts, edits, look-ups and errors."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.messenger import SlackMessenger
from handlers.answers.answer import Notice
from handlers.ports import LookUp, PostError, Rendering
from handlers.rules.refusals import RefusalKind, Scope
from storage.records import Channel, Platform
from tests.support.answers import alert
from tests.support.slack_server import TEAM, Fault, SlackServer

CHANNEL = Channel(
    id=1,
    workspace_id=1,
    platform=Platform.SLACK,
    workspace_external_id=TEAM,
    external_id="C1",
    name="intel",
)


async def test_a_post_contains_its_key_and_unfurls_no_links(server: SlackServer, messenger: SlackMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    (message,) = server.messages["C1"]
    assert message["ts"] == ref
    assert message["metadata"] == {"event_type": "wirewatch_delivery", "event_payload": {"key": "k1"}}
    assert message["text"].startswith("Huawei · 5G: MTS and Huawei")
    assert str(message["unfurl_links"]).lower() == str(message["unfurl_media"]).lower() in ("false", "0")


async def test_an_edit_changes_the_message_in_place(server: SlackServer, messenger: SlackMessenger) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    await messenger.edit(CHANNEL, ref, alert(more=6))

    (message,) = server.messages["C1"]
    assert "+6 sources" in str(message["blocks"])


@pytest.mark.parametrize("rendering", Rendering)
async def test_a_simpler_form_of_an_alert_keeps_its_headline_and_its_link(
    rendering: Rendering, server: SlackServer, messenger: SlackMessenger
) -> None:
    illustrated = replace(alert(), image_url="https://example.com/mts.jpg")

    ref = await messenger.post(CHANNEL, illustrated, key="k1", rendering=rendering)
    await messenger.edit(CHANNEL, ref, illustrated, rendering=rendering)

    (message,) = server.messages["C1"]
    kinds = {block["type"] for block in message.get("blocks", ())}
    assert ("image" in kinds) == (rendering is Rendering.FULL)
    assert bool(kinds) == (rendering is not Rendering.PLAIN_TEXT)
    assert illustrated.headline.text in message["text"]
    assert str(illustrated.headline.url) in json.dumps(message)


def looking_for(key: str, thread: str | None = None) -> LookUp:
    now = datetime.now(UTC)
    return LookUp(key=key, thread=thread, since=now - timedelta(minutes=1), until=now, now=now)


async def test_a_post_whose_answer_was_lost_is_found_by_its_key(server: SlackServer, messenger: SlackMessenger) -> None:
    server.faults["chat.postMessage"] = [Fault(drop=True, after=True)]

    with pytest.raises(PostError) as caught:
        await messenger.post(CHANNEL, alert(), key="k1")

    assert caught.value.refusal is None
    assert len(server.messages["C1"]) == 1
    assert await messenger.find(CHANNEL, looking_for("k1")) == server.messages["C1"][0]["ts"]
    assert await messenger.find(CHANNEL, looking_for("k2")) is None


async def test_a_note_is_posted_in_the_alerts_thread_and_found_there(
    server: SlackServer, messenger: SlackMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    note = await messenger.post(CHANNEL, Notice(text="New"), key="k2", thread=ref)

    assert server.messages["C1"][1]["thread_ts"] == ref
    assert await messenger.find(CHANNEL, looking_for("k2", ref)) == note


UNREADABLE = (
    Fault(body=""),
    Fault(body="<html>Slack is being upgraded</html>"),
    Fault(body="ok", content_type="text/plain"),
    Fault(body="{", content_type="application/json"),
    Fault(body="null", content_type="application/json"),
    Fault(body='{"ok": true}', content_type="application/json"),
    Fault(status=503, body="upstream connect error", content_type="text/plain"),
    Fault(status=502, body="<html>Bad gateway</html>"),
    Fault(status=403, body="<html>Attention Required! | Cloudflare</html>"),
    Fault(status=503, error="service_unavailable"),
    Fault(status=500, error="internal_error"),
    Fault(error="fatal_error"),
    Fault(drop=True),
)


@pytest.mark.parametrize("fault", UNREADABLE, ids=lambda fault: f"{fault.status} {fault.body or fault.error}"[:30])
async def test_anything_but_an_error_that_slack_names_may_be_posted(
    fault: Fault, server: SlackServer, messenger: SlackMessenger
) -> None:
    server.faults["chat.postMessage"] = [fault]

    with pytest.raises(PostError) as caught:
        await messenger.post(CHANNEL, alert(), key="k1")

    assert caught.value.refusal is None
    assert [name for name, _ in server.calls].count("chat.postMessage") == 1


@pytest.mark.parametrize(
    ("fault", "kind", "scope", "text"),
    [
        (Fault(status=429, error="ratelimited"), RefusalKind.UNTIL_TIME, Scope.CHANNEL, "wait"),
        (Fault(status=429, body="Too many requests"), RefusalKind.UNTIL_TIME, Scope.CHANNEL, "wait"),
        (Fault(error="org_login_required"), RefusalKind.UNTIL_TIME, Scope.WORKSPACE, "moving"),
        (Fault(error="team_added_to_org"), RefusalKind.UNTIL_TIME, Scope.WORKSPACE, "moving"),
        (Fault(error="channel_not_found"), RefusalKind.UNTIL_ACTION, Scope.CHANNEL, "^it was deleted"),
        (Fault(error="is_archived"), RefusalKind.UNTIL_ACTION, Scope.CHANNEL, "archived"),
        (Fault(error="not_in_channel"), RefusalKind.UNTIL_ACTION, Scope.CHANNEL, "/invite"),
        (Fault(error="missing_scope", needed="chat:write"), RefusalKind.UNTIL_ACTION, Scope.CHANNEL, "chat:write"),
        (Fault(error="token_revoked"), RefusalKind.UNTIL_ACTION, Scope.WORKSPACE, "Install"),
        (Fault(error="account_inactive"), RefusalKind.UNTIL_ACTION, Scope.WORKSPACE, "Install"),
        (Fault(error="msg_blocks_too_long"), RefusalKind.THIS_MESSAGE, Scope.MESSAGE, "msg_blocks_too_long"),
        (Fault(error="invalid_blocks"), RefusalKind.THIS_MESSAGE, Scope.MESSAGE, "layout"),
        (Fault(error="brand_new_error"), RefusalKind.THIS_MESSAGE, Scope.MESSAGE, "brand_new_error"),
    ],
    ids=lambda value: value.error if isinstance(value, Fault) else "",
)
async def test_each_error_of_slack_says_when_the_bot_may_post_again(
    fault: Fault, kind: RefusalKind, scope: Scope, text: str, server: SlackServer, messenger: SlackMessenger
) -> None:
    fault.headers = {"Retry-After": "7"}
    server.faults["chat.postMessage"] = [fault]

    with pytest.raises(PostError, match=text) as caught:
        await messenger.post(CHANNEL, alert(), key="k1")

    refusal = caught.value.refusal
    assert refusal is not None
    assert (refusal.kind, refusal.scope) == (kind, scope)
    assert (caught.value.retry_after == timedelta(seconds=7)) == (fault.status == 429)
    assert [name for name, _ in server.calls].count("chat.postMessage") == 1


async def test_a_channel_of_another_workspace_is_never_posted_to(
    server: SlackServer, messenger: SlackMessenger
) -> None:
    other = Channel(
        id=2, workspace_id=2, platform=Platform.SLACK, workspace_external_id="T9", external_id="C9", name="theirs"
    )

    with pytest.raises(PostError) as caught:
        await messenger.post(other, alert(), key="k1")

    assert caught.value.refusal is not None
    assert caught.value.refusal.scope is Scope.WORKSPACE
    assert server.calls == []


async def test_a_check_joins_a_public_channel_and_names_what_is_missing_elsewhere(
    server: SlackServer, messenger: SlackMessenger
) -> None:
    server.outside.add("C1")
    await messenger.check(CHANNEL)
    assert server.outside == set()

    server.archived.add("C1")
    with pytest.raises(PostError, match="archived"):
        await messenger.check(CHANNEL)
    server.hidden.add("C1")
    with pytest.raises(PostError, match="/invite"):
        await messenger.check(CHANNEL)
