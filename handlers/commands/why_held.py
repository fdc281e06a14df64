"""Why an article was held instead of posted, and what shows it later: the digest, or a roll-up."""

from typing import Final, assert_never

from storage.records import Channel, HeldReason

_NO_DIGEST: Final = "and the channel has no digest. /digest at 08:30 sets one"


def held_reason(reason: HeldReason, channel: Channel) -> str:
    """Return the reason for people, without a full stop.

    `handlers/alerts/rollup.py` posts the roll-up after a burst, and after quiet hours in a channel without a digest.
    """
    has_digest = channel.digest_time is not None
    match reason:
        case HeldReason.PACE:
            return f"its subscription is daily or weekly, {'so it comes in the digest' if has_digest else _NO_DIGEST}"
        case HeldReason.QUIET:
            shown = "it comes in the digest" if has_digest else "one message lists it after they end"
            return f"it arrived in quiet hours, so {shown}"
        case HeldReason.BURST:
            return "too many alerts came within minutes, so one message lists it afterwards"
        case HeldReason.OLD:
            return "it is an older article, which its feed listed before the bot knew the feed, or lists again"
        case HeldReason.MUTED:
            return "this channel muted its story or its source"
        case HeldReason.LANGUAGE:
            return "the channel gets no alerts in its language"
        case HeldReason.PAUSED:
            return "the subscription was paused"
        case HeldReason.BLOCKED:
            return "I could not post in the channel then, so one message listed it afterwards"
        case _:
            assert_never(reason)
