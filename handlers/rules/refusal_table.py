"""The table of refusals: every error with which Slack or Discord refuses a post, and what it means.

An error that says that the platform itself failed (Slack's `internal_error`, any status 5xx) is not here: the platform
may have posted the message all the same.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from handlers.rules.refusals import Refusal, RefusalKind, Scope, by_code, unknown_refusal
from storage.records import Platform

_FOR_EVER, _UNTIL_ACTION = RefusalKind.FOR_EVER, RefusalKind.UNTIL_ACTION
_UNTIL_TIME, _THIS_MESSAGE = RefusalKind.UNTIL_TIME, RefusalKind.THIS_MESSAGE
_MINUTES: Final = timedelta(minutes=15)
"""The wait after an error that passes and does not say when."""

_POST: Final = "https://docs.slack.dev/reference/methods/chat.postMessage#errors"
_UPDATE: Final = "https://docs.slack.dev/reference/methods/chat.update#errors"
_OPEN: Final = "https://docs.slack.dev/reference/methods/conversations.open#errors"
_EVENTS: Final = "https://docs.slack.dev/reference/events"
_SLACK_RATES: Final = "https://docs.slack.dev/apis/web-api/rate-limits"
_CODES: Final = "https://discord.com/developers/docs/topics/opcodes-and-status-codes#json"
_DISCORD_RATES: Final = "https://discord.com/developers/docs/topics/rate-limits"
_TIMEOUT: Final = "https://github.com/discord/discord-api-docs/issues/6847"
_TOO_LONG: Final = "https://github.com/slackapi/bolt-js/issues/2509"
_INSTALL: Final = "Slack no longer accepts the app's token for this workspace. Install the app again"
_MIGRATION: Final = "Slack is moving this workspace to an Enterprise organisation"
_DENIED: Final = "I lack the permission to post there. A channel manager can allow it in the channel's settings"
_ARCHIVED: Final = "it is archived. Somebody has to unarchive it"
_POSTERS: Final = "a channel setting lets only some people post there. A channel manager can allow me"

_SLACK: Final = (
    # code, kind, scope, reason, source
    ("channel_deleted", _FOR_EVER, Scope.CHANNEL, "it was deleted", _EVENTS),
    ("group_deleted", _FOR_EVER, Scope.CHANNEL, "it was deleted", _EVENTS),
    ("app_uninstalled", _FOR_EVER, Scope.WORKSPACE, "the app was uninstalled", _EVENTS),
    ("tokens_revoked", _FOR_EVER, Scope.WORKSPACE, "the app was uninstalled", _EVENTS),
    ("channel_archive", _UNTIL_ACTION, Scope.CHANNEL, _ARCHIVED, _EVENTS),
    ("group_archive", _UNTIL_ACTION, Scope.CHANNEL, _ARCHIVED, _EVENTS),
    ("channel_left", _UNTIL_ACTION, Scope.CHANNEL, "I was removed from it. Invite me with /invite @Wirewatch", _EVENTS),
    ("group_left", _UNTIL_ACTION, Scope.CHANNEL, "I was removed from it. Invite me with /invite @Wirewatch", _EVENTS),
    ("is_archived", _UNTIL_ACTION, Scope.CHANNEL, _ARCHIVED, _POST),
    ("not_in_channel", _UNTIL_ACTION, Scope.CHANNEL, "I am not a member. Invite me with /invite @Wirewatch", _POST),
    # A deleted channel, and a private one that the app is not in, answer the same.
    (
        "channel_not_found",
        _UNTIL_ACTION,
        Scope.CHANNEL,
        "it was deleted, or it is private and I am not a member. Invite me with /invite @Wirewatch",
        _POST,
    ),
    ("restricted_action", _UNTIL_ACTION, Scope.CHANNEL, _POSTERS, _POST),
    (
        "restricted_action_read_only_channel",
        _UNTIL_ACTION,
        Scope.CHANNEL,
        "it is read-only. A channel manager can allow me to post",
        _POST,
    ),
    (
        "restricted_action_thread_only_channel",
        _UNTIL_ACTION,
        Scope.CHANNEL,
        "it allows posts in threads only. A channel manager can change that",
        _POST,
    ),
    ("posting_to_general_channel_denied", _UNTIL_ACTION, Scope.CHANNEL, _POSTERS, _POST),
    ("no_permission", _UNTIL_ACTION, Scope.CHANNEL, _DENIED, _POST),
    ("access_denied", _UNTIL_ACTION, Scope.CHANNEL, _DENIED, _POST),
    ("missing_scope", _UNTIL_ACTION, Scope.CHANNEL, "the app lacks a scope. Install it again from its page", _POST),
    (
        "method_not_supported_for_channel_type",
        _UNTIL_ACTION,
        Scope.CHANNEL,
        "I cannot post in this kind of channel",
        _POST,
    ),
    ("channel_type_not_supported", _UNTIL_ACTION, Scope.CHANNEL, "I cannot post in this kind of channel", _POST),
    ("messages_tab_disabled", _UNTIL_ACTION, Scope.CHANNEL, "the app's Messages tab is turned off", _POST),
    ("user_not_found", _UNTIL_ACTION, Scope.CHANNEL, "this workspace has no such person", _OPEN),
    ("user_not_visible", _UNTIL_ACTION, Scope.CHANNEL, "Slack does not let me write to this person", _OPEN),
    ("user_disabled", _UNTIL_ACTION, Scope.CHANNEL, "this person's account is closed", _OPEN),
    ("cannot_dm_bot", _UNTIL_ACTION, Scope.CHANNEL, "it belongs to another bot", _OPEN),
    ("account_inactive", _UNTIL_ACTION, Scope.WORKSPACE, _INSTALL, _POST),
    ("invalid_auth", _UNTIL_ACTION, Scope.WORKSPACE, _INSTALL, _POST),
    ("invalid_refresh_token", _UNTIL_ACTION, Scope.WORKSPACE, _INSTALL, _POST),
    ("not_allowed_token_type", _UNTIL_ACTION, Scope.WORKSPACE, _INSTALL, _POST),
    ("not_authed", _UNTIL_ACTION, Scope.WORKSPACE, _INSTALL, _POST),
    ("team_access_not_granted", _UNTIL_ACTION, Scope.WORKSPACE, _INSTALL, _POST),
    ("team_not_found", _UNTIL_ACTION, Scope.WORKSPACE, _INSTALL, _POST),
    ("token_revoked", _UNTIL_ACTION, Scope.WORKSPACE, _INSTALL, _POST),
    (
        "two_factor_setup_required",
        _UNTIL_ACTION,
        Scope.WORKSPACE,
        "the workspace requires two-factor authentication of the person who installed the app",
        _POST,
    ),
    ("enterprise_is_restricted", _UNTIL_ACTION, Scope.WORKSPACE, "the organisation restricts apps", _POST),
    ("app_access_restricted", _UNTIL_ACTION, Scope.WORKSPACE, "the organisation restricts this app", _POST),
    (
        "accesslimited",
        _UNTIL_ACTION,
        Scope.WORKSPACE,
        "the workspace does not accept apps from my network address",
        _POST,
    ),
    ("token_expired", _UNTIL_TIME, Scope.CHANNEL, "the app's token has expired and is being renewed", _POST),
    ("org_login_required", _UNTIL_TIME, Scope.WORKSPACE, _MIGRATION, _POST),
    ("team_added_to_org", _UNTIL_TIME, Scope.WORKSPACE, _MIGRATION, _POST),
    ("ekm_access_denied", _UNTIL_TIME, Scope.WORKSPACE, "the workspace's admins have suspended posts", _POST),
    ("message_limit_exceeded", _UNTIL_TIME, Scope.CHANNEL, "the workspace has sent too many messages", _POST),
    ("ratelimited", _UNTIL_TIME, Scope.CHANNEL, "Slack asks to wait before the next message", _SLACK_RATES),
    ("rate_limited", _UNTIL_TIME, Scope.CHANNEL, "Slack asks to wait before the next message", _SLACK_RATES),
    ("restricted_action_non_threadable_channel", _THIS_MESSAGE, Scope.MESSAGE, "the channel has no threads", _POST),
    ("restricted_action_thread_locked", _THIS_MESSAGE, Scope.MESSAGE, "its thread is locked", _POST),
    ("thread_locked", _THIS_MESSAGE, Scope.MESSAGE, "its thread is locked", _POST),
    ("thread_not_found", _THIS_MESSAGE, Scope.MESSAGE, "its thread was deleted", _POST),
    ("cannot_reply_to_message", _THIS_MESSAGE, Scope.MESSAGE, "its alert cannot have a thread", _POST),
    ("message_not_found", _THIS_MESSAGE, Scope.MESSAGE, "the message was deleted", _UPDATE),
    ("cant_update_message", _THIS_MESSAGE, Scope.MESSAGE, "Slack allows no more edits of the message", _UPDATE),
    ("edit_window_closed", _THIS_MESSAGE, Scope.MESSAGE, "Slack allows no more edits of the message", _UPDATE),
)
_SLACK_CONTENT: Final = (
    ("invalid_blocks", "Slack refused its layout (invalid_blocks)", _POST),
    ("invalid_blocks_format", "Slack refused its layout (invalid_blocks_format)", _POST),
    ("msg_blocks_too_long", "Slack found it too long (msg_blocks_too_long)", _TOO_LONG),
    ("msg_too_long", "Slack found it too long (msg_too_long)", _POST),
    ("no_text", "Slack found no text in it (no_text)", _POST),
    ("invalid_arguments", "Slack refused its content (invalid_arguments)", _POST),
    ("invalid_attachments", "Slack refused its content (invalid_attachments)", _POST),
    ("attachment_payload_limit_exceeded", "Slack found it too long (attachment_payload_limit_exceeded)", _POST),
    ("too_many_attachments", "Slack refused its content (too_many_attachments)", _POST),
    ("missing_file_data", "Slack refused its picture (missing_file_data)", _POST),
    ("slack_connect_file_link_sharing_blocked", "an admin forbids files in shared channels", _POST),
    ("slack_connect_canvas_sharing_blocked", "an admin forbids such files in shared channels", _POST),
    ("slack_connect_lists_sharing_blocked", "an admin forbids such files in shared channels", _POST),
)
_LACKING: Final = 'I lack "View Channel" there. A server admin can grant it in the channel\'s permissions'
_NO_SENDING: Final = (
    'I lack "Send Messages" and "Embed Links" there. A server admin can grant them in the channel\'s permissions'
)
_NO_HISTORY: Final = 'I lack "Read Message History" there. A server admin can grant it in the channel\'s permissions'
_TAG: Final = (
    "this forum requires a tag on every post and has none with the topic's name. A server admin can add one, or grant "
    "me Manage Channels so that I can add it"
)
_DISCORD: Final = (
    ("10003", _FOR_EVER, Scope.CHANNEL, "it was deleted", _CODES),
    ("10004", _FOR_EVER, Scope.WORKSPACE, "I was removed from the server", _CODES),
    ("50001", _UNTIL_ACTION, Scope.CHANNEL, _LACKING, _CODES),
    ("50013", _UNTIL_ACTION, Scope.CHANNEL, _NO_SENDING, _CODES),
    ("160002", _UNTIL_ACTION, Scope.CHANNEL, _NO_HISTORY, _CODES),
    ("20012", _UNTIL_ACTION, Scope.CHANNEL, "the server does not allow this application to post there", _CODES),
    ("40007", _UNTIL_ACTION, Scope.WORKSPACE, "I was banned from the server", _CODES),
    ("40002", _UNTIL_ACTION, Scope.WORKSPACE, "Discord asks to verify the bot's account", _CODES),
    ("40066", _UNTIL_ACTION, Scope.CHANNEL, _TAG, _CODES),
    ("40067", _UNTIL_ACTION, Scope.CHANNEL, _TAG, _CODES),
    ("40058", _UNTIL_ACTION, Scope.CHANNEL, "it has become a forum, and I have not noticed yet", _CODES),
    ("50008", _UNTIL_ACTION, Scope.CHANNEL, "it is not a text channel", _CODES),
    ("50024", _UNTIL_ACTION, Scope.CHANNEL, "it is not a text channel", _CODES),
    ("50009", _UNTIL_ACTION, Scope.CHANNEL, "the server's verification level keeps me out", _CODES),
    ("50007", _UNTIL_ACTION, Scope.CHANNEL, "this person does not accept direct messages from me", _CODES),
    ("50278", _UNTIL_ACTION, Scope.CHANNEL, "this person shares no server with me any more", _CODES),
    ("10007", _UNTIL_ACTION, Scope.CHANNEL, "this person has left the server", _CODES),
    ("10013", _UNTIL_ACTION, Scope.CHANNEL, "this person's account is closed", _CODES),
    ("communication_disabled", _UNTIL_TIME, Scope.WORKSPACE, "a moderator has timed me out in the server", _TIMEOUT),
    ("429", _UNTIL_TIME, Scope.CHANNEL, "Discord asks to wait before the next message", _DISCORD_RATES),
    ("20016", _UNTIL_TIME, Scope.CHANNEL, "the channel is in slow mode", _CODES),
    ("20022", _UNTIL_TIME, Scope.MESSAGE, "Discord accepts no more edits in this announcement channel for now", _CODES),
    ("20028", _UNTIL_TIME, Scope.CHANNEL, "Discord accepts no more messages in this channel for now", _CODES),
    ("20029", _UNTIL_TIME, Scope.CHANNEL, "Discord accepts no more messages in this server for now", _CODES),
    ("30046", _UNTIL_TIME, Scope.MESSAGE, "Discord accepts no more edits of old messages for now", _CODES),
    ("40003", _UNTIL_TIME, Scope.CHANNEL, "Discord asks to open direct messages more slowly", _CODES),
    ("40004", _UNTIL_TIME, Scope.CHANNEL, "Discord has disabled sending messages for a while", _CODES),
    ("40006", _UNTIL_TIME, Scope.CHANNEL, "Discord has disabled this for a while", _CODES),
    ("40062", _UNTIL_TIME, Scope.CHANNEL, "Discord asks to wait before the next message", _CODES),
    ("40333", _UNTIL_TIME, Scope.CHANNEL, "Cloudflare, in front of Discord, blocks my requests for now", _CODES),
    ("130000", _UNTIL_TIME, Scope.CHANNEL, "Discord is overloaded", _CODES),
    ("10008", _THIS_MESSAGE, Scope.MESSAGE, "the message was deleted", _CODES),
    ("50005", _THIS_MESSAGE, Scope.MESSAGE, "Discord allows no edits of the message", _CODES),
    ("50083", _THIS_MESSAGE, Scope.MESSAGE, "its thread is locked", _CODES),
    ("160005", _THIS_MESSAGE, Scope.MESSAGE, "its thread is locked", _CODES),
    ("160006", _THIS_MESSAGE, Scope.MESSAGE, "the server has as many open threads as Discord allows", _CODES),
    ("160007", _THIS_MESSAGE, Scope.MESSAGE, "the channel has as many open threads as Discord allows", _CODES),
)
_DISCORD_CONTENT: Final = (
    ("50035", "Discord refused its content (50035)", _CODES),
    ("50006", "Discord found it empty (50006)", _CODES),
    ("50109", "Discord could not read it (50109)", _CODES),
    ("40005", "Discord found it too large (40005)", _CODES),
    ("50045", "Discord found its picture too large (50045)", _CODES),
    ("50046", "Discord refused its picture (50046)", _CODES),
    ("50138", "Discord refused its picture (50138)", _CODES),
    ("20009", "Discord found it explicit (20009)", _CODES),
    ("200000", "the server's automatic moderation blocked it (200000)", _CODES),
    ("200001", "the server's automatic moderation blocked its title (200001)", _CODES),
    ("240000", "Discord blocked a link in it (240000)", _CODES),
)


def _rows() -> Iterator[Refusal]:
    for platform, rows in ((Platform.SLACK, _SLACK), (Platform.DISCORD, _DISCORD)):
        for code, kind, scope, reason, source in rows:
            wait = _MINUTES if kind is _UNTIL_TIME else None
            yield Refusal(platform=platform, code=code, kind=kind, scope=scope, reason=reason, source=source, wait=wait)
    for platform, contents in ((Platform.SLACK, _SLACK_CONTENT), (Platform.DISCORD, _DISCORD_CONTENT)):
        for code, reason, source in contents:
            yield Refusal(
                platform=platform,
                code=code,
                kind=_THIS_MESSAGE,
                scope=Scope.MESSAGE,
                reason=reason,
                source=source,
                of_content=True,
            )


REFUSALS: Final[Mapping[tuple[Platform, str], Refusal]] = by_code(_rows())
"""Every known refusal by platform and code."""


def find_refusal(platform: Platform, code: str) -> Refusal:
    """Return what the error means. One that is not in the table is taken for a refusal of the message's content."""
    return REFUSALS.get((platform, code)) or unknown_refusal(platform, code)
