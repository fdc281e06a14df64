"""/digest: the next times, a digest at once, another hour, or none."""

from datetime import datetime, time, timedelta

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
from handlers.commands.call import Call, Tools, require_open
from handlers.reports.digest import Edition, compose_digest
from handlers.rules.pacing import next_digest
from storage.records import Channel, DeliveryKind, Pace
from storage.store import Tx

_HOURS = (time(7, 0), time(8, 30), time(12, 0), time(18, 0))


async def show(tools: Tools, call: Call) -> Reply:
    """The next three times, in the reader's own zone too where that is another."""
    channel = call.channel
    zone_name = _zone_name(call)
    if channel.digest_time is None or channel.next_digest_at is None:
        return Reply(
            answer=Notice(
                text=f"{channel.label} has no digest. Choose an hour, or write /digest at 08:30 Europe/Berlin mon-fri.",
                buttons=_hours(channel),
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
        own = "" if zone_name == call.zone_name else f"{time_label(at, call.zone, now=call.now)} for you"
        rows.append(Row(title=f"{_capital(when)}, {there.day} {there:%B}", detail=own))
    empty = "one line when there is nothing" if channel.digest_when_empty else "silent when there is nothing"
    return Reply(
        answer=Listing(
            title=f"The digest of {channel.label}",
            summary=f"{_capital(days_label(channel.digest_days))} at {clock_label(channel.digest_time)} {zone_name}, "
            f"{empty}. Next:",
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


def _hours(channel: Channel) -> tuple[Button, ...]:
    return tuple(
        Button(label=clock_label(hour), action=f"digest:hour:{channel.id}:{hour:%H%M}", primary=hour == time(8, 30))
        for hour in _HOURS
    )


async def change(call: Call) -> Reply:
    return Reply(
        answer=Notice(
            text=f"When should {call.channel.label} get its digest? Any other: /digest at 09:15 Europe/Berlin mon-fri",
            buttons=_hours(call.channel),
        )
    )


async def at_once(tools: Tools, call: Call) -> Reply:
    """What a digest would say now, to the asker alone; the channel's own digest stays as it is."""
    async with tools.store.read() as tx:
        held = await tx.subscriptions.of_channel(call.channel.id)
        edition = Edition(
            since=call.channel.last_digest_at or call.now - timedelta(days=1),
            until=call.now + timedelta(seconds=1),
            now=call.now,
            next_at=call.channel.next_digest_at,
        )
        digest = await compose_digest(tx, call.channel, edition)
    if not held:
        return Reply(
            answer=Notice(text=f"{call.channel.label} is subscribed to nothing yet. Begin with: /subscribe huawei")
        )
    return Reply(answer=digest)


async def at(tools: Tools, call: Call) -> Reply:
    """Raises: UserError."""
    require_open(call.channel)
    hour, days = read_clock(call.option("time")), read_days(call.option("days"))
    if call.option("zone"):
        zone = read_zone(call.option("zone"))
    elif call.channel.digest_zone is None and call.workspace.time_zone == "UTC" and call.person.time_zone:
        zone = call.zone_name
    else:
        zone = _zone_name(call)
    return await set_hour(tools, call, hour, zone=zone, days=days)


async def set_hour(
    tools: Tools,
    call: Call,
    hour: time,
    *,
    zone: str | None = None,
    days: tuple[int, ...] | None = None,
    replaces: bool = False,
) -> Reply:
    zone = zone or _zone_name(call)
    days = days if days is not None else call.channel.digest_days
    async with tools.store.begin() as tx:
        upcoming = await _next_free(tx, call.channel, call.now, zone, hour, days)
        await tx.channels.update(
            call.channel.id,
            digest_time=hour,
            digest_days=list(days),
            digest_zone=None if zone == call.workspace.time_zone else zone,
            next_digest_at=upcoming,
        )
    first = "" if upcoming is None else f" The first comes {time_label(upcoming, zone_of(zone), now=call.now)}."
    own = ""
    if (
        upcoming is not None
        and upcoming.astimezone(call.zone).utcoffset() != upcoming.astimezone(zone_of(zone)).utcoffset()
    ):
        own = f" That is {time_label(upcoming, call.zone, now=call.now)} for you."
    return Reply(
        answer=Notice(
            text=f"{call.channel.label} gets its digest {days_label(days)} at {clock_label(hour)} {zone}.{first}{own}",
            tone=Tone.DONE,
        ),
        replaces=replaces,
    )


async def _next_free(
    tx: Tx, channel: Channel, now: datetime, zone: str, hour: time, days: tuple[int, ...]
) -> datetime | None:
    """The next digest on a local day that has had none: a channel gets one a day."""
    upcoming = next_digest(now, zone, hour, days)
    while upcoming is not None:
        subject = upcoming.astimezone(zone_of(zone)).date().isoformat()
        if await tx.deliveries.find(channel.id, DeliveryKind.DIGEST, subject) is None:
            break
        upcoming = next_digest(upcoming, zone, hour, days)
    return upcoming


async def off(tools: Tools, call: Call, *, replaces: bool = False) -> Reply:
    async with tools.store.begin() as tx:
        await tx.channels.update(call.channel.id, digest_time=None, next_digest_at=None)
        waiting = [one for one in await tx.subscriptions.of_channel(call.channel.id) if one.pace is not Pace.INSTANT]
    if call.channel.digest_time is None:
        return Reply(answer=Notice(text=f"{call.channel.label} has no digest."), replaces=replaces)
    text = f"{call.channel.label} gets no digest any more."
    if waiting:
        one = len(waiting) == 1
        text += (
            f" {counted(len(waiting), 'subscription')} with a daily or weekly pace {'waits' if one else 'wait'} for "
            f"one: make {'it' if one else 'them'} instant in /subscriptions, or set a digest again."
        )
    again = Button(label="Undo", action=f"digest:hour:{call.channel.id}:{call.channel.digest_time:%H%M}")
    return Reply(answer=Notice(text=text, tone=Tone.DONE, buttons=(again,)), replaces=replaces)


async def when_empty(tools: Tools, call: Call, *, says: bool) -> Reply:
    async with tools.store.begin() as tx:
        await tx.channels.update(call.channel.id, digest_when_empty=says)
    how = "one line says so" if says else "it stays silent"
    return Reply(answer=Notice(text=f"When {call.channel.label} has nothing new, {how}.", tone=Tone.DONE))
