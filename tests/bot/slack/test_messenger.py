"""The messenger against a local Slack, through the unmodified SDK: posts, edits, look-ups and errors."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.messenger import SlackMessenger
from handlers.answers.answer import Notice
from handlers.ports import PostError, PostFailure
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
LONG_AGO = datetime(2023, 11, 14, tzinfo=UTC)


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


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
async def test_an_alert_whose_picture_slack_cannot_fetch_is_posted_without_it(
    method: str, server: SlackServer, messenger: SlackMessenger
) -> None:
    illustrated = replace(alert(), image_url="https://example.com/mts.jpg")
    server.faults[method] = [Fault(error="invalid_blocks")]

    ref = await messenger.post(CHANNEL, illustrated, key="k1")
    await messenger.edit(CHANNEL, ref, illustrated)

    (message,) = server.messages["C1"]
    kinds = [block["type"] for block in message["blocks"]]
    # If only the post failed, the later edit shows the picture.
    assert ("image" in kinds) == (method == "chat.postMessage")


async def test_a_message_without_pictures_that_slack_refuses_is_not_sent_again(
    server: SlackServer, messenger: SlackMessenger
) -> None:
    server.faults["chat.postMessage"] = [Fault(error="invalid_blocks")]

    with pytest.raises(PostError, match="invalid_blocks") as caught:
        await messenger.post(CHANNEL, alert(), key="k1")

    assert caught.value.failure is PostFailure.REFUSED
    assert server.messages["C1"] == []


async def test_a_post_whose_answer_was_lost_is_found_by_its_key(server: SlackServer, messenger: SlackMessenger) -> None:
    server.faults["chat.postMessage"] = [Fault(drop=True, after=True)]

    with pytest.raises(PostError) as caught:
        await messenger.post(CHANNEL, alert(), key="k1")

    assert caught.value.failure is PostFailure.PERHAPS
    assert len(server.messages["C1"]) == 1
    assert await messenger.find(CHANNEL, "k1", since=LONG_AGO) == server.messages["C1"][0]["ts"]
    assert await messenger.find(CHANNEL, "k2", since=LONG_AGO) is None


async def test_a_note_is_posted_in_the_alerts_thread_and_found_there(
    server: SlackServer, messenger: SlackMessenger
) -> None:
    ref = await messenger.post(CHANNEL, alert(), key="k1")

    note = await messenger.post(CHANNEL, Notice(text="New"), key="k2", thread=ref)

    assert server.messages["C1"][1]["thread_ts"] == ref
    assert await messenger.find(CHANNEL, "k2", since=LONG_AGO, thread=ref) == note


@pytest.mark.parametrize(
    ("fault", "failure", "text"),
    [
        (Fault(status=429, error="ratelimited", headers={"Retry-After": "7"}), PostFailure.LATER, "wait"),
        (Fault(status=503, error="service_unavailable"), PostFailure.PERHAPS, "503"),
        (Fault(status=500, error="internal_error"), PostFailure.PERHAPS, "500"),
        (Fault(drop=True), PostFailure.PERHAPS, "did not confirm"),
        (Fault(error="channel_not_found"), PostFailure.CHANNEL_GONE, "^it was deleted"),
        (Fault(error="is_archived"), PostFailure.CHANNEL_GONE, "archived"),
        (Fault(error="not_in_channel"), PostFailure.CHANNEL_GONE, "/invite"),
        (Fault(error="missing_scope"), PostFailure.CHANNEL_GONE, "scope"),
        (Fault(error="token_revoked"), PostFailure.WORKSPACE_GONE, "Install"),
        (Fault(error="account_inactive"), PostFailure.WORKSPACE_GONE, "Install"),
        (Fault(error="msg_blocks_too_long"), PostFailure.REFUSED, "msg_blocks_too_long"),
    ],
    ids=lambda value: value.error or "drop" if isinstance(value, Fault) else "",
)
async def test_each_error_of_slack_says_whether_the_message_may_have_been_posted(
    fault: Fault, failure: PostFailure, text: str, server: SlackServer, messenger: SlackMessenger
) -> None:
    server.faults["chat.postMessage"] = [fault]

    with pytest.raises(PostError, match=text) as caught:
        await messenger.post(CHANNEL, alert(), key="k1")

    assert caught.value.failure is failure
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

    assert caught.value.failure is PostFailure.WORKSPACE_GONE
    assert server.calls == []
