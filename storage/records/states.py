"""Enumerations: kinds, states and reasons. Their values are stored in the database."""

from enum import StrEnum


class Platform(StrEnum):
    SLACK = "slack"
    DISCORD = "discord"
    CONSOLE = "console"


class SourceKind(StrEnum):
    FEED = "feed"
    LIST = "list"  # an official list, such as a sanctions list
    INBOX = "inbox"
    API = "api"
    UPLOAD = "upload"
    COMMAND_LINE = "command_line"
    SEEDS = "seeds"


class SourceState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"  # answered 404 for a week: no longer polled, kept for its articles


class ArrivalState(StrEnum):
    """The result of an arrival. It is set in the transaction that stores the arrival."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    DUPLICATE = "duplicate"  # an article with the same identity was stored before
    FAILED = "failed"  # could not be read; `reason` says why


class OutcomeState(StrEnum):
    """What was decided about a matched article in a subscribed channel, once for each channel and article."""

    ALERT = "alert"  # it started the alert of its story in this channel
    MERGED = "merged"  # its story already had an alert in this channel, which was edited
    HELD = "held"  # no alert, for the stored reason; the next digest shows it


class HeldReason(StrEnum):
    PACE = "pace"  # the subscription is daily or weekly
    QUIET = "quiet"  # quiet hours
    BURST = "burst"  # too many alerts in a short time, so it went into a roll-up
    OLD = "old"  # of the back catalogue of a new feed, or dated long before its feed listed it
    MUTED = "muted"  # the channel muted the story or the source
    LANGUAGE = "language"  # not a language of the subscription or workspace
    PAUSED = "paused"  # the subscription is paused
    BLOCKED = "blocked"  # the bot could not post in the channel then; once it could, one message listed what was missed


class Pace(StrEnum):
    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class Grouping(StrEnum):
    """How a subscription groups articles into alerts."""

    STRICT = "strict"  # only copies, and reports under the same headline, join an alert
    NORMAL = "normal"  # an alert for each story
    OFF = "off"  # an alert for each article


class ChangeRule(StrEnum):
    """Who may change the subscriptions of a channel."""

    MANAGERS = "managers"  # Discord: Manage Channels; Slack: admins, owners and the channel's creator
    MEMBERS = "members"  # of the channel; Slack only
    ANYONE = "anyone"


class FollowMode(StrEnum):
    """How a person learns about news in a story that they follow."""

    MENTION = "mention"  # by a mention in its thread
    MESSAGE = "message"  # by direct message, at once
    DIGEST = "digest"  # by direct message once a day, together with other stories that they follow in this way


class ChannelState(StrEnum):
    """Whether the bot can post in a channel. `gone_reason` says why it cannot."""

    ACTIVE = "active"
    BLOCKED = "blocked"  # until somebody acts or until a time; what is due is kept, and the bot checks again by itself
    GONE = "gone"  # for ever: deleted, or the bot was removed


class DeliveryKind(StrEnum):
    ALERT = "alert"  # subject: the story id
    NOTE = "note"  # a message in an alert's thread; subject: "story:article:what" or "added:article"
    DIGEST = "digest"  # subject: local date, "2026-11-22", further parts "2026-11-22#2"
    NOTICE = "notice"  # a failing source, a greeting, a paused subscription; the subject says which


class DeliveryState(StrEnum):
    PENDING = "owed"  # to be posted when `due_at` has passed
    SENDING = "sending"  # the intent is committed, so it may be posted
    UNKNOWN = "unknown"  # a time-out or a broken connection; it is looked up before it is sent again
    FAILED = "failed"  # refused for now; it is tried again when `due_at` has passed
    SENT = "sent"
    DEAD = "dead"  # never sent, for the stored reason


class ReviewState(StrEnum):
    """What a person has done about a story's alert in a channel."""

    CLAIMED = "claimed"
    REVIEWED = "reviewed"
