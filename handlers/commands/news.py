"""/news: help, health, and settings: time zone, quiet hours, languages, and who may change things."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Form, Row, Tone
from handlers.answers.times import ago, clock_label, counted, read_hours, read_zone, time_label, zone_of
from handlers.commands.call import Call, Tools
from handlers.commands.labels import closed_label, health_label
from handlers.commands.subscriptions import check_again
from handlers.commands.table import ALIAS, COMMANDS
from handlers.queries.poll_lag import poll_lag
from handlers.rules.digest_times import next_digest
from storage.records import ChangeRule, Channel, ChannelState, DeliveryState, Platform, Source, Workspace
from storage.store import Tx

MAX_FAILING: Final = 10
"""Failing sources that a list shows."""
MAX_CLOSED: Final = 5
"""Blocked and closed channels that a list shows."""
_MAX_LANGUAGES: Final = 30
# https://discord.com/developers/docs/interactions/application-commands#permissions
_ON_DISCORD: Final = {
    ChangeRule.ANYONE: "Discord still shows /subscribe and /unsubscribe only to people who may manage channels. A "
    "server admin can open them to others in Server Settings, Integrations, Wirewatch. All other commands and buttons "
    "work now.",
    ChangeRule.MANAGERS: "If an admin opened /subscribe or /unsubscribe to others in Server Settings, Integrations, "
    "Wirewatch, those people can still use them.",
}
_LANGUAGE: Final = re.compile(r"[a-z]{2}")


async def show_help(tools: Tools, call: Call) -> Reply:
    """Show every command on a line, the health of the sources, and the settings."""
    async with tools.store.read() as tx:
        line = await health_line(tx, call)
    rows = [Row(title=f"/{command.name} {command.usage}".strip(), detail=command.summary) for command in COMMANDS]
    if call.workspace.platform is Platform.SLACK:
        rows.append(Row(title=f"/{ALIAS} COMMAND ...", detail="Any of these, where another app has the same command"))
    rows.append(Row(title="Settings", detail=settings_line(call.workspace)))
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


def settings_line(workspace: Workspace) -> str:
    """Return the settings: "time zone UTC · no quiet hours · all languages · changes by managers only"."""
    quiet = "no quiet hours"
    if workspace.quiet_from is not None and workspace.quiet_until is not None:
        quiet = f"quiet hours {clock_label(workspace.quiet_from)}-{clock_label(workspace.quiet_until)}"
    languages = f"languages {', '.join(workspace.languages)}" if workspace.languages else "all languages"
    who = {ChangeRule.ANYONE: "anyone", ChangeRule.MEMBERS: "members", ChangeRule.MANAGERS: "managers only"}
    changes = f"changes by {who[workspace.change_rule]}"
    return f"time zone {workspace.time_zone} · {quiet} · {languages} · {changes}"


async def health_line(tx: Tx, call: Call) -> str:
    """Return the state of the sources: "12 sources, all healthy · last article 4 minutes ago."."""
    sources = await tx.source_health.counts(call.workspace.id)
    last = await tx.articles.last_received_at(call.workspace.id)
    arrived = f"last article {ago(last, now=call.now)}" if last else "no article yet"
    return f"{counted(sources.active, 'source')}{health_label(sources.active, sources.failing)} · {arrived}."


async def show_health(tools: Tools, call: Call) -> Reply:
    """Show the health of the sources, and the workspace's own articles and deliveries."""
    async with tools.store.read() as tx:
        line = await health_line(tx, call)
        failing = await tx.source_health.failing(call.workspace.id, limit=MAX_FAILING)
        day, week = call.now - timedelta(days=1), call.now - timedelta(days=7)
        articles = [await tx.articles.count(call.workspace.id, since=since) for since in (day, week)]
        states = await tx.deliveries.counts(workspace_id=call.workspace.id)
        channels = await tx.channels.of(call.workspace.id)
        agrees = (await tx.ledger.totals()).agrees
        lag = await poll_lag(tx, call.now)
    waiting = sum(
        states.get(state, 0)
        for state in (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED)
    )
    rows = list(failing_rows(failing, call))
    if lag is not None:
        rows.insert(0, Row(title="Late", detail=f"{lag[0].upper()}{lag[1:]}."))
    rows.append(Row(title="Articles", detail=f"{articles[0]:,} in 24 hours · {articles[1]:,} in 7 days"))
    rows.append(
        Row(
            title="Posts",
            detail=f"{states.get(DeliveryState.SENT, 0):,} sent · {waiting:,} waiting · "
            f"{states.get(DeliveryState.DEAD, 0):,} undeliverable",
        )
    )
    rows.extend(_closed_rows(channels, call))
    ledger = "the counts agree" if agrees else "the counts do NOT agree; please tell whoever runs this bot"
    rows.append(Row(title="Ledger", detail=ledger))
    rows.append(Row(title="Settings", detail=settings_line(call.workspace)))
    return Reply(answer=Listing(title="Health", summary=line, rows=tuple(rows)))


def _closed_rows(channels: Sequence[Channel], call: Call) -> list[Row]:
    """Return why the bot cannot post in channels that the person may see; longest blocked first, closed ones last."""
    closed = [channel for channel in channels if channel.state is not ChannelState.ACTIVE and call.sees(channel)]
    closed.sort(key=lambda channel: (channel.state is ChannelState.GONE, channel.blocked_at or call.now, channel.id))
    rows = [
        Row(
            title=channel.label,
            detail=closed_label(channel, call.zone, now=call.now),
            buttons=(check_again(channel),),
        )
        for channel in closed[:MAX_CLOSED]
    ]
    if len(closed) > MAX_CLOSED:
        rows.append(Row(title="Other channels", detail=f"{len(closed) - MAX_CLOSED} more are blocked or closed."))
    return rows


def failing_rows(failing: Sequence[Source], call: Call) -> tuple[Row, ...]:
    """Return what is wrong with each source, with buttons for those that belong to the workspace."""
    return tuple(
        Row(
            title=source.title,
            detail=_failure(source, call),
            buttons=()
            if source.workspace_id != call.workspace.id
            else (
                Button(label="Retry", action=f"source:retry:{source.id}", primary=True),
                Button(label="Pause", action=f"source:pause:{source.id}"),
                Button(label="Remove", action=f"source:remove:{source.id}"),
            ),
        )
        for source in failing
    )


def _failure(source: Source, call: Call) -> str:
    """Return what is wrong with a source: "It answered 503. Failing since Wed 03:10."."""
    since = ""
    if source.trouble_since is not None:
        since = f" since {time_label(source.trouble_since, call.zone, now=call.now)}"
    if source.error is None and not source.failures:
        return f"Unusually silent{since}."
    failing = f" Failing{since}." if since else ""
    return f"{(source.error or 'It could not be read').rstrip('.')}.{failing}"


async def set_zone(tools: Tools, call: Call) -> Reply:
    """Set the workspace's time zone. Digests without a time zone of their own move with it. Raises: UserError."""
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
    text = f"The time zone is now {zone}, where it is {call.now.astimezone(zone_of(zone)):%H:%M}."
    if moved:
        text += f" {counted(moved, 'digest')} {'moves' if moved == 1 else 'move'} with it."
    return Reply(answer=Notice(text=text, tone=Tone.DONE))


async def set_quiet(tools: Tools, call: Call) -> Reply:
    """Set the quiet hours, in the workspace's time zone, or turn them off. Raises: UserError."""
    start, end = read_hours(call.option("hours")) or (None, None)
    async with tools.store.begin() as tx:
        await tx.workspaces.update(call.workspace.id, quiet_from=start, quiet_until=end)
    if start is None or end is None:
        return Reply(answer=Notice(text="Quiet hours are off: alerts come at any time.", tone=Tone.DONE))
    hours = f"{clock_label(start)} to {clock_label(end)} {call.workspace.time_zone}"
    return Reply(
        answer=Notice(
            text=f"Quiet hours are {hours}. Alerts from these hours come in the channel's next digest or, if it has "
            "none, in one message when the hours end.",
            tone=Tone.DONE,
        )
    )


async def set_languages(tools: Tools, call: Call) -> Reply:
    """Set the languages of alerts, or allow all. Raises: UserError."""
    words = [word for word in re.split(r"[\s,]+", call.option("languages").casefold()) if word]
    languages = () if words in (["all"], ["any"], ["off"]) else tuple(dict.fromkeys(words))
    wrong = [word for word in languages if not _LANGUAGE.fullmatch(word)]
    if wrong:
        raise UserError(f'"{wrong[0]}" is not a language code. Use two letters each, such as en,de,zh, or all.')
    if len(languages) > _MAX_LANGUAGES:
        raise UserError(f"Those are {len(languages)} languages. Choose up to {_MAX_LANGUAGES}, or all.")
    async with tools.store.begin() as tx:
        await tx.workspaces.update(call.workspace.id, languages=list(languages))
    if not languages:
        return Reply(answer=Notice(text="Alerts now come for articles in all languages.", tone=Tone.DONE))
    return Reply(
        answer=Notice(
            text=f"Alerts now come for articles in {', '.join(languages)} only. Articles in other languages are stored "
            "and counted, and /brief quotes them too.",
            tone=Tone.DONE,
        )
    )


async def set_changes(tools: Tools, call: Call) -> Reply:
    """Set who may change what channels get. Only people with the highest right may do so. Raises: UserError."""
    platform = call.workspace.platform
    if not call.option("who"):
        text, code = "Who may change what channels get?", f"/news changes {' | '.join(_choices(platform))}"
        return Reply(answer=Notice(text=text, tone=Tone.REFUSED, code=code, form=Form(command="news changes")))
    rule = ChangeRule(call.option("who").casefold())
    if rule is ChangeRule.MEMBERS and platform is not Platform.SLACK:
        raise UserError("On this platform, choose anyone or managers: /news changes managers")
    if platform is Platform.SLACK and not call.person.is_admin:
        raise UserError(
            "Only this workspace's admins and owners can decide who may change things. Ask one of them to run "
            f"/news changes {rule}."
        )
    if platform is Platform.DISCORD and not call.manages(call.here):
        raise UserError(
            "Only people who can manage this channel themselves can decide who else may change things. Ask one of them "
            f"to run /news changes {rule}."
        )
    async with tools.store.begin() as tx:
        await tx.workspaces.update(call.workspace.id, change_rule=rule)
    on_discord = f" {_ON_DISCORD[rule]}" if platform is Platform.DISCORD else ""
    return Reply(answer=Notice(text=f"From now on, {_who_may_change(rule, platform)}.{on_discord}", tone=Tone.DONE))


def _choices(platform: Platform) -> tuple[str, ...]:
    """Return what `/news changes` accepts on this platform."""
    every = (ChangeRule.ANYONE, ChangeRule.MEMBERS, ChangeRule.MANAGERS)
    return tuple(rule for rule in every if rule is not ChangeRule.MEMBERS or platform is Platform.SLACK)


def _who_may_change(rule: ChangeRule, platform: Platform) -> str:
    """Return who may change what a channel gets, after "From now on, "."""
    if rule is ChangeRule.ANYONE:
        return "anyone here can change what channels get"
    if rule is ChangeRule.MEMBERS:
        return "the members of a channel can change what it gets"
    if platform is Platform.SLACK:
        return (
            "only admins, owners and the person who created a channel can change what it gets, and only admins and "
            "owners can change topics, sources and settings"
        )
    return "only people who can manage a channel can change what it gets"
