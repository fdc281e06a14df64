"""The closed sets: what kinds of things there are, the states that they go through, and the reasons."""

from enum import StrEnum


class Platform(StrEnum):
    SLACK = "slack"
    DISCORD = "discord"
    CONSOLE = "console"


class SourceKind(StrEnum):
    FEED = "feed"
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
    """How an arrival ended. Exactly one, set in the transaction that stored it."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    DUPLICATE = "duplicate"  # its identity was known
    FAILED = "failed"  # could not be read; `reason` says why


class OutcomeState(StrEnum):
    """What became of a matched article in one subscribed channel. Exactly one for each (channel, article)."""

    ALERT = "alert"  # it started the alert of its story here
    MERGED = "merged"  # its story already had an alert here, which was edited
    HELD = "held"  # no alert; `reason` says why; the next digest shows it


class HeldReason(StrEnum):
    PACE = "pace"  # the subscription is daily or weekly
    QUIET = "quiet"  # quiet hours
    BURST = "burst"  # folded: too many alerts in a short time
    OLD = "old"  # from the past of its feed: of its back catalogue, or long past its date
    MUTED = "muted"  # the channel muted the story or the source
    LANGUAGE = "language"  # not a language this subscription or workspace reads
    PAUSED = "paused"  # the subscription is paused


class Pace(StrEnum):
    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class ChangeRule(StrEnum):
    """Who may change what a channel gets."""

    MANAGERS = "managers"
    ANYONE = "anyone"


class FollowHow(StrEnum):
    """How a person hears of news in a story that they follow."""

    MENTION = "mention"  # named in its thread
    MESSAGE = "message"  # by direct message, at once
    DIGEST = "digest"  # by direct message, once a day, with all that they follow so


class ChannelState(StrEnum):
    ACTIVE = "active"
    GONE = "gone"  # deleted, archived or closed to us; `gone_reason` says which


class DeliveryKind(StrEnum):
    ALERT = "alert"  # subject: the story id
    NOTE = "note"  # a line in an alert's thread; subject: "story:article:what"
    DIGEST = "digest"  # subject: local date, "2026-11-22", further parts "2026-11-22#2"
    NOTICE = "notice"  # source trouble, greeting, a paused subscription; subject names it


class DeliveryState(StrEnum):
    PENDING = "owed"  # to be posted when `due_at` has passed
    SENDING = "sending"  # the intent is committed; perhaps posted
    UNKNOWN = "unknown"  # a time-out or a broken connection: looked up before it is sent again
    FAILED = "failed"  # refused for now; tried again when `due_at` has passed
    SENT = "sent"
    DEAD = "dead"  # never to be sent; `reason` says why
