"""What the terminal reports: the ledger, the check of the settings, a query against files, an answer as in chat."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from bot.cli.output import clean, console, errors, print_json
from bot.config import ConfigError, Settings, read_settings
from bot.core import Core, open_core, utc_now
from bot.privacy import corrected, make_data_private, warnings
from handlers.answers.answer import Answer
from handlers.answers.errors import UnreadableDocument, UserError, WirewatchError
from handlers.answers.times import Period
from handlers.commands.json_output import brief_json
from handlers.commands.request import Person, Request
from handlers.drafts import ArticleDraft
from handlers.ingest.inbox import read_path
from handlers.ingest.seed import CONSOLE
from handlers.ports import Attachment
from handlers.queries.subjects import find_subject
from handlers.reports.brief import compose_brief
from handlers.topics.matcher import Readable, draw_trace, evaluate
from handlers.topics.query.query import parse
from storage.errors import StorageError
from storage.private_files import Privacy
from storage.records import Platform
from storage.store import Store


async def ask(
    core: Core,
    command: str,
    *,
    words: str = "",
    options: dict[str, str] | None = None,
    channel: str | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Answer:
    """The same door as in chat, as the console's own person. Raises: UserError for a channel that is not there."""
    async with core.store.read() as tx:
        everything = await tx.channels.of(core.console.id)
    channels = {place.external_id: place for place in everything if place.person is None}
    if channel is not None and channel not in channels:
        raise UserError(f"The console has no channel {channel!r}. It has: {', '.join(sorted(channels))}.")
    place = channels[channel] if channel is not None else next(iter(channels.values()))
    reply = await core.commands.answer(
        Request(
            platform=Platform.CONSOLE,
            workspace=CONSOLE,
            workspace_name=core.console.name,
            channel=place.external_id,
            channel_name=place.name,
            person=Person(external_id="terminal", name="you", may_manage=True),
            command=command,
            words=words,
            options=options,
            attachments=attachments,
            now=utc_now(),
        )
    )
    return reply.answer


async def print_brief(core: Core, topic: str, period: Period) -> None:
    """The brief for programs. It only reads, and ends with the running minute: the same store gives the same line.

    Raises: QueryError.
    """
    until = (utc_now() + timedelta(minutes=1)).replace(second=0, microsecond=0)
    zone = ZoneInfo(core.console.time_zone)
    async with core.store.read() as tx:
        subject = await find_subject(tx, core.console.id, topic)
        brief = (await compose_brief(tx, core.console, subject, period=period, now=until, zone=zone)).brief
    # By its name, as `ingest --json` names it; a query by its words.
    print_json(brief_json(brief) | {"topic": subject.topic.name if subject.topic else brief.topic})


async def print_ledger(store: Store, *, as_json: bool) -> int:
    """0 when the sums agree, else 1."""
    async with store.read() as tx:
        totals = await tx.ledger.totals()
    if as_json:
        print_json(asdict(totals) | {"agrees": totals.agrees})
    else:
        table = Table("count", "of", box=None)
        for name, value in asdict(totals).items():
            text = (
                ", ".join(f"{part} {count}" for part, count in value.items()) if isinstance(value, dict) else str(value)
            )
            table.add_row(text, name.replace("_", " "))
        console.print(table)
        console.print(
            "The sums agree." if totals.agrees else "The sums do NOT agree.", style="" if totals.agrees else "red"
        )
    return 0 if totals.agrees else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    part: str
    state: str
    """ok, missing (works without it), unsafe (works, but should be changed) or broken."""
    what: str
    to_do: str = ""


async def print_check(*, as_json: bool) -> int:
    """0 when nothing is broken, else 1."""
    findings = [finding async for finding in _findings()]
    if as_json:
        for finding in findings:
            print_json(asdict(finding))
    else:
        table = Table("part", "state", "what", "to do", box=None)
        colors = {"ok": "green", "missing": "yellow", "unsafe": "yellow", "broken": "red"}
        for finding in findings:
            table.add_row(
                finding.part,
                Text(finding.state, style=colors[finding.state]),
                Text(clean(finding.what)),
                Text(clean(finding.to_do)),
            )
        console.print(table)
    return 1 if any(finding.state == "broken" for finding in findings) else 0


async def _findings() -> AsyncIterator[Finding]:
    try:
        settings = read_settings()
    except ConfigError as error:
        for problem in error.problems:
            yield Finding(part="settings", state="broken", what=problem, to_do="Correct it in the environment or .env.")
        return
    yield Finding(
        part="settings", state="ok", what=f"data in {settings.data_dir}, web page on {settings.host}:{settings.port}"
    )
    for finding in _privacy(settings):
        yield finding
    try:
        async with open_core(settings) as core, core.store.read() as tx:
            totals = await tx.ledger.totals()
            feeds = [source for source in await tx.sources.all() if source.kind == "feed"]
            lost = sum(not core.store.addresses.is_settled(source) for source in feeds)
            troubled = [source for source in feeds if source.failures]
        yield Finding(part="database", state="ok", what=f"{totals.articles} articles, {len(feeds)} feeds")
        if not totals.agrees:
            yield Finding(
                part="ledger", state="broken", what="its sums do not agree", to_do="Run: python -m bot ledger"
            )
        if lost:
            yield Finding(
                part="secret key",
                state="broken",
                what=f"the addresses of {lost} feeds are encrypted with another key",
                to_do="Set the WIREWATCH_SECRET_KEY of before or put back secret.key; else remove and add these feeds.",
            )
        if troubled:
            names = ", ".join(source.title for source in troubled[:3])
            yield Finding(
                part="sources",
                state="missing",
                what=f"{len(troubled)} fail: {names}",
                to_do="Run: python -m bot sources list",
            )
    except (WirewatchError, StorageError) as error:
        yield Finding(
            part="database", state="broken", what=str(error), to_do="Correct DATABASE_URL or WIREWATCH_DATA_DIR."
        )
    for finding in _platforms(settings):
        yield finding


def _privacy(settings: Settings) -> Iterator[Finding]:
    privacy = make_data_private(settings)
    for line in corrected(privacy):
        yield Finding(part="private files", state="ok", what=line)
    for what, to_do in warnings(privacy):
        yield Finding(part="private files", state="unsafe", what=what, to_do=to_do)
    if privacy == Privacy():
        yield Finding(part="private files", state="ok", what="only this user can open the data folder")
    if settings.secret_key is None and settings.database_file is None:
        yield Finding(
            part="secret key",
            state="missing",
            what="no WIREWATCH_SECRET_KEY: feeds with a password or key in their address cannot be added",
            to_do="Set it: openssl rand -hex 32",
        )


def _platforms(settings: Settings) -> Iterator[Finding]:
    if settings.slack_bot_token or settings.slack_client_id:
        how = "Socket Mode" if settings.slack_app_token else "HTTP mode"
        how += ", installed by each workspace" if settings.slack_client_id else ""
        yield Finding(part="slack", state="ok", what=f"configured, {how}")
    else:
        yield Finding(
            part="slack",
            state="missing",
            what="no SLACK_BOT_TOKEN",
            to_do="Make an app from `python -m bot manifest`, then set SLACK_BOT_TOKEN and SLACK_APP_TOKEN.",
        )
    if settings.discord_token:
        yield Finding(part="discord", state="ok", what="configured")
    else:
        yield Finding(
            part="discord",
            state="missing",
            what="no DISCORD_TOKEN",
            to_do="Make an application in Discord's developer portal, add a bot, set DISCORD_TOKEN.",
        )
    if settings.api_token is None:
        yield Finding(
            part="ingest API",
            state="missing",
            what="no WIREWATCH_API_TOKEN",
            to_do="Set it to let programs post documents: openssl rand -hex 24",
        )


def check_query(query: str, files: Sequence[Path], *, as_json: bool) -> int:
    """Evaluate the query on each file. 0: all files were read; 1: some were not. Raises: QueryError."""
    tree = parse(query)
    failed = False
    for file in files:
        try:
            drafts = read_path(file)
        except (UnreadableDocument, OSError) as error:
            failed = True
            errors.print(clean(f"{file}: {error}"), style="yellow", markup=False)
            continue
        for draft in drafts:
            if not isinstance(draft, ArticleDraft):
                failed = True
                errors.print(clean(f"{file}: {draft.reason}"), style="yellow", markup=False)
                continue
            found = evaluate(tree, _readable(draft))
            if as_json:
                evidence = [asdict(piece) for piece in found.evidence]
                print_json({"file": str(file), "matches": found.matches, "evidence": evidence, "why": found.trace})
            else:
                console.print(f"{'✓' if found.matches else '✗'} {clean(str(file))}", markup=False)
                console.print(clean(draw_trace(found.trace)), style="dim", markup=False)
    return 1 if failed else 0


def _readable(draft: ArticleDraft) -> Readable:
    return Readable(
        title=draft.title,
        body=draft.text,
        language=draft.language or "und",
        url=draft.url,
        author=draft.author,
        tags=draft.tags,
        source=draft.publisher or "",
    )
