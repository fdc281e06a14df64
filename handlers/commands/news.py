"""/news: help, health at a glance, and settings: time zone, quiet hours, languages, who may change things."""

import re
from collections.abc import Sequence
from datetime import timedelta

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Row, Tone
from handlers.answers.times import ago, clock_label, counted, read_hours, read_zone, time_label, zone_of
from handlers.commands.call import Call, Tools
from handlers.commands.table import COMMANDS
from handlers.rules.pacing import next_digest
from storage.records import ChangeRule, DeliveryState, Platform, Source, SourceState, Workspace
from storage.store import Tx

_LANGUAGES = re.compile(r"[a-z]{2}")


async def show_help(tools: Tools, call: Call) -> Reply:
    """Every command in a line, how things are, and the settings."""
    async with tools.store.read() as tx:
        line = await health_line(tx, call)
    rows = [Row(title=f"/{command.name} {command.usage}".strip(), detail=command.summary) for command in COMMANDS]
    rows.append(Row(title="Settings", detail=settings(call.workspace)))
    return Reply(
        answer=Listing(
            title="Wirewatch",
            summary=line,
            rows=tuple(rows),
            buttons=(
                Button(label="Home", action="show:home", primary=True),
                Button(label="Subscriptions", action="show:subscriptions"),
                Button(label="Topics", action="show:topics"),
                Button(label="Sources", action="show:sources"),
                Button(label="Health", action="show:health"),
            ),
        )
    )


def settings(workspace: Workspace) -> str:
    quiet = "none"
    if workspace.quiet_from is not None and workspace.quiet_until is not None:
        quiet = f"{clock_label(workspace.quiet_from)}-{clock_label(workspace.quiet_until)}"
    who = "anyone" if workspace.change_rule is ChangeRule.ANYONE else "managers"
    return (
        f"zone {workspace.time_zone} · quiet hours {quiet} · languages {', '.join(workspace.languages) or 'all'} · "
        f"changes by {who}"
    )


def by_health(sources: Sequence[Source]) -> tuple[list[Source], list[Source]]:
    """Those that are watched, and of these those in trouble."""
    active = [source for source in sources if source.state is SourceState.ACTIVE]
    return active, [source for source in active if source.failures or source.trouble_since]


async def health_line(tx: Tx, call: Call) -> str:
    """ "12 sources watched, all well · last article 4 minutes ago · 3 channels"."""
    active, troubled = by_health(await tx.sources.visible(call.workspace.id))
    last = await tx.articles.last_received_at(call.workspace.id)
    well = f"{len(troubled)} in trouble" if troubled else "all well"
    arrived = f"last article {ago(last, now=call.now)}" if last else "no article yet"
    return f"{counted(len(active), 'source')} watched, {well} · {arrived}."


async def show_health(tools: Tools, call: Call) -> Reply:
    """Sources, this workspace's articles and deliveries; nothing of another workspace."""
    async with tools.store.read() as tx:
        line = await health_line(tx, call)
        _, troubled = by_health(await tx.sources.visible(call.workspace.id))
        day, week = call.now - timedelta(days=1), call.now - timedelta(days=7)
        articles = [await tx.articles.count(call.workspace.id, since=since) for since in (day, week)]
        states = await tx.deliveries.counts(workspace_id=call.workspace.id)
        channels = await tx.channels.of(call.workspace.id)
        agrees = (await tx.ledger.totals()).agrees
    waiting = sum(
        states.get(state, 0)
        for state in (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED)
    )
    rows = list(troubled_rows(troubled, call))
    rows.append(Row(title="Articles", detail=f"{articles[0]:,} in 24 hours · {articles[1]:,} in 7 days"))
    rows.append(
        Row(
            title="Posts",
            detail=f"{states.get(DeliveryState.SENT, 0):,} sent · {waiting:,} waiting · "
            f"{states.get(DeliveryState.DEAD, 0):,} given up",
        )
    )
    gone = [channel for channel in channels if channel.gone_reason and call.sees(channel)]
    if gone:
        rows.append(
            Row(title="Closed channels", detail=", ".join(f"{one.label}: {one.gone_reason}" for one in gone[:5]))
        )
    rows.append(
        Row(title="Ledger", detail="its sums agree" if agrees else "its sums do NOT agree: tell whoever runs me")
    )
    rows.append(Row(title="Settings", detail=settings(call.workspace)))
    return Reply(answer=Listing(title="Health", summary=line, rows=tuple(rows)))


def troubled_rows(troubled: Sequence[Source], call: Call) -> tuple[Row, ...]:
    """What is wrong with each, and for the workspace's own what to do."""
    return tuple(
        Row(
            title=source.title,
            detail=f"{(source.error or 'silent against its rhythm').rstrip('.')}"
            + (f", since {time_label(source.trouble_since, call.zone, now=call.now)}" if source.trouble_since else ""),
            buttons=()
            if source.workspace_id != call.workspace.id
            else (
                Button(label="Retry", action=f"source:retry:{source.id}", primary=True),
                Button(label="Pause", action=f"source:pause:{source.id}"),
                Button(label="Remove", action=f"source:remove:{source.id}"),
            ),
        )
        for source in troubled[:10]
    )


async def set_zone(tools: Tools, call: Call) -> Reply:
    """Raises: UserError. Digests that follow the workspace's zone move with it."""
    zone = read_zone(call.option("zone"))
    async with tools.store.begin() as tx:
        await tx.workspaces.update(call.workspace.id, time_zone=zone)
        moved = 0
        for channel in await tx.channels.of(call.workspace.id):
            if channel.digest_time is None or channel.next_digest_at is None or channel.digest_zone is not None:
                continue
            upcoming = next_digest(call.now, zone, channel.digest_time, channel.digest_days)
            await tx.channels.update(channel.id, next_digest_at=upcoming)
            moved += 1
    digests = f" {counted(moved, 'digest')} {'moves' if moved == 1 else 'move'} with it." if moved else ""
    local = time_label(call.now, zone_of(zone), now=call.now)
    return Reply(
        answer=Notice(
            text=f"The time zone is {zone} now, where it is {local}.{digests}",
            tone=Tone.DONE,
        )
    )


async def set_quiet(tools: Tools, call: Call) -> Reply:
    """Raises: UserError."""
    hours = read_hours(call.option("hours"))
    start, end = hours if hours else (None, None)
    async with tools.store.begin() as tx:
        await tx.workspaces.update(call.workspace.id, quiet_from=start, quiet_until=end)
    if start is None or end is None:
        return Reply(answer=Notice(text="There are no quiet hours: alerts come at any time.", tone=Tone.DONE))
    return Reply(
        answer=Notice(
            text=f"Quiet from {clock_label(start)} to {clock_label(end)} {call.workspace.time_zone}. "
            "What comes then is in the channel's next digest; without one, in one message at their end.",
            tone=Tone.DONE,
        )
    )


async def set_languages(tools: Tools, call: Call) -> Reply:
    """Raises: UserError."""
    words = [word for word in re.split(r"[\s,]+", call.option("languages").casefold()) if word]
    languages = () if words in (["all"], ["any"], ["off"]) else tuple(dict.fromkeys(words))
    wrong = [word for word in languages if not _LANGUAGES.fullmatch(word)]
    if wrong or len(languages) > 30:
        raise UserError(
            f'"{(wrong or words)[0]}" is no language code. Write two letters each, such as en,de,zh, or all.'
        )
    async with tools.store.begin() as tx:
        await tx.workspaces.update(call.workspace.id, languages=list(languages))
    if not languages:
        return Reply(answer=Notice(text="Alerts come in every language.", tone=Tone.DONE))
    return Reply(
        answer=Notice(
            text=f"Alerts come in {', '.join(languages)} only. Articles in other languages are stored and counted, and "
            "/brief quotes them too.",
            tone=Tone.DONE,
        )
    )


async def set_changes(tools: Tools, call: Call) -> Reply:
    """Raises: UserError. Opening it to anyone needs the right itself."""
    rule = ChangeRule(call.option("who").casefold())
    if call.workspace.platform is not Platform.CONSOLE and not call.manages(call.here):
        raise UserError(
            "Only people with the right to manage channels may say who else may change things. Ask one of them to run "
            f"/news changes {rule}."
        )
    async with tools.store.begin() as tx:
        await tx.workspaces.update(call.workspace.id, change_rule=rule)
    text = (
        "Anyone here may change what channels get now."
        if rule is ChangeRule.ANYONE
        else "Only people who may manage a channel may change what it gets now."
    )
    return Reply(answer=Notice(text=text, tone=Tone.DONE))
