"""/digest: show the next times of a channel's digest, preview it, set its time, or turn it off."""

from datetime import datetime, time, timedelta
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.parts import Button, Row, Tone
from handlers.answers.times import (
    clock_label,
    counted,
    day_label,
    days_label,
    read_clock,
    read_days,
    read_zone,
    time_label,
    zone_of,
)
from handlers.commands.call import Call, Tools, check_post, require_open
from handlers.reports.digest import Edition, compose_digest
from handlers.rules.digest_times import next_digest
from storage.records import Channel, DeliveryKind, Pace
from storage.store import Tx

_SUGGESTED_TIMES: Final = (time(7, 0), time(8, 30), time(12, 0), time(18, 0))


async def show(tools: Tools, call: Call) -> Reply:
    """Show the next three times, also in the reader's time zone if it is not the digest's."""
    channel = call.channel
    zone_name = _zone_name(call)
    if channel.digest_time is None or channel.next_digest_at is None:
        return Reply(
            answer=Notice(
                text=f"{channel.label} has no digest. Choose a time, or type /digest at 08:30 Europe/Berlin mon-fri.",
                buttons=_time_buttons(channel),
            )
        )
    times: list[datetime] = [channel.next_digest_at]
    while len(times) < 3:
        after = next_digest(times[-1], zone_name, channel.digest_time, channel.digest_days)
        if after is None:
            break
        times.append(after)
    rows = []
    for at in times:
        there = at.astimezone(zone_of(zone_name))
        when = f"{day_label(there.date(), today=call.now.astimezone(zone_of(zone_name)).date())} {there:%H:%M}"
        own = "" if zone_name == call.zone_name else f"{time_label(at, call.zone, now=call.now)} your time"
        rows.append(Row(title=f"{_capital(when)}, {there.day} {there:%B}", detail=own))
    empty = "one line says so" if channel.digest_when_empty else "nothing is posted"
    return Reply(
        answer=Listing(
            title=f"Digest of {channel.label}",
            summary=f"{_capital(days_label(channel.digest_days))} at {clock_label(channel.digest_time)} {zone_name}. "
            f"When there is nothing new, {empty}. Next:",
            rows=tuple(rows),
            buttons=(
                Button(label="Change", action=f"digest:change:{channel.id}"),
                Button(
                    label="Silent when empty" if channel.digest_when_empty else "One line when empty",
                    action=f"digest:empty:{channel.id}:{'off' if channel.digest_when_empty else 'on'}",
                ),
                Button(label="Turn off", action=f"digest:pause:{channel.id}"),
            ),
        )
    )


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _zone_name(call: Call) -> str:
    return call.channel.digest_zone or call.workspace.time_zone


def _time_buttons(channel: Channel) -> tuple[Button, ...]:
    return tuple(
        Button(label=clock_label(at), action=f"digest:hour:{channel.id}:{at:%H%M}", primary=at == time(8, 30))
        for at in _SUGGESTED_TIMES
    )


async def ask_time(call: Call) -> Reply:
    """Ask for the time of the digest, with suggestions as buttons."""
    return Reply(
        answer=Notice(
            text=f"When should {call.channel.label} get its digest? For any other time, type "
            "/digest at 09:15 Europe/Berlin mon-fri.",
            buttons=_time_buttons(call.channel),
        )
    )


async def preview(tools: Tools, call: Call) -> Reply:
    """Show the person alone what a digest would contain now. The channel's own digest does not change."""
    async with tools.store.read() as tx:
        subscriptions = await tx.subscriptions.of_channel(call.channel.id)
        edition = Edition(
            since=call.channel.last_digest_at or call.now - timedelta(days=1),
            until=call.now + timedelta(seconds=1),
            now=call.now,
            next_at=call.channel.next_digest_at,
        )
        digest = await compose_digest(tx, call.channel, edition)
    if not subscriptions:
        return Reply(
            answer=Notice(text=f"{call.channel.label} has no subscriptions yet. Start with: /subscribe huawei")
        )
    return Reply(answer=digest)


async def at(tools: Tools, call: Call) -> Reply:
    """Set the time of the digest.

    Without a time zone in the command, the digest keeps its own. If neither the channel nor the workspace has chosen
    one, it gets the person's. Raises: UserError.
    """
    require_open(call.channel)
    clock_time, days = read_clock(call.option("time")), read_days(call.option("days"))
    if call.option("zone"):
        zone = read_zone(call.option("zone"))
    elif call.channel.digest_zone is None and call.workspace.time_zone == "UTC" and call.person.time_zone:
        zone = call.zone_name
    else:
        zone = _zone_name(call)
    return await set_time(tools, call, clock_time, zone=zone, days=days)


async def set_time(
    tools: Tools,
    call: Call,
    clock_time: time,
    *,
    zone: str | None = None,
    days: tuple[int, ...] | None = None,
    replaces: bool = False,
) -> Reply:
    """Set the local time of the digest. Without `zone` (IANA name) or `days` (Monday is 0), it keeps its own."""
    zone = zone or _zone_name(call)
    days = days if days is not None else call.channel.digest_days
    async with tools.store.begin() as tx:
        upcoming = await _next_without_digest(tx, call.channel, call.now, zone, clock_time, days)
        await tx.channels.update(
            call.channel.id,
            digest_time=clock_time,
            digest_days=list(days),
            digest_zone=None if zone == call.workspace.time_zone else zone,
            next_digest_at=upcoming,
        )
    first = "" if upcoming is None else f" The next one comes {time_label(upcoming, zone_of(zone), now=call.now)}."
    own = ""
    if (
        upcoming is not None
        and upcoming.astimezone(call.zone).utcoffset() != upcoming.astimezone(zone_of(zone)).utcoffset()
    ):
        own = f" That is {time_label(upcoming, call.zone, now=call.now)} your time."
    return Reply(
        answer=Notice(
            text=f"{call.channel.label} gets its digest {days_label(days)} at {clock_label(clock_time)} {zone}."
            f"{first}{own}{await check_post(tools, call.channel, call.now)}",
            tone=Tone.DONE,
        ),
        replaces=replaces,
    )


async def _next_without_digest(
    tx: Tx, channel: Channel, now: datetime, zone: str, clock_time: time, days: tuple[int, ...]
) -> datetime | None:
    """Return the next time (UTC) on a local day for which no digest is enqueued yet: a channel gets one per day."""
    upcoming = next_digest(now, zone, clock_time, days)
    while upcoming is not None:
        subject = upcoming.astimezone(zone_of(zone)).date().isoformat()
        if await tx.deliveries.find(channel.id, DeliveryKind.DIGEST, subject) is None:
            break
        upcoming = next_digest(upcoming, zone, clock_time, days)
    return upcoming


async def turn_off(tools: Tools, call: Call, *, replaces: bool = False) -> Reply:
    """Turn the digest off, and say how many subscriptions depend on it."""
    async with tools.store.begin() as tx:
        await tx.channels.update(call.channel.id, digest_time=None, next_digest_at=None)
        subscriptions = await tx.subscriptions.of_channel(call.channel.id)
    if call.channel.digest_time is None:
        return Reply(answer=Notice(text=f"{call.channel.label} has no digest."), replaces=replaces)
    text = f"{call.channel.label} no longer gets a digest."
    dependent = sum(subscription.pace is not Pace.INSTANT for subscription in subscriptions)
    if dependent:
        text += (
            f" {counted(dependent, 'daily or weekly subscription')} {'depends' if dependent == 1 else 'depend'} on it: "
            f"make {'it' if dependent == 1 else 'them'} instant in /subscriptions, or set a digest again."
        )
    undo = Button(label="Undo", action=f"digest:hour:{call.channel.id}:{call.channel.digest_time:%H%M}")
    return Reply(answer=Notice(text=text, tone=Tone.DONE, buttons=(undo,)), replaces=replaces)


async def set_when_empty(tools: Tools, call: Call, *, posts: bool) -> Reply:
    """Choose whether a digest without news is posted as one line, or not at all."""
    async with tools.store.begin() as tx:
        await tx.channels.update(call.channel.id, digest_when_empty=posts)
    result = "one line says so" if posts else "nothing is posted"
    text = f"When there is nothing new for {call.channel.label}, {result}."
    return Reply(answer=Notice(text=text, tone=Tone.DONE))
