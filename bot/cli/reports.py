"""Reports for the terminal: answers as in chat, a brief for programs, the ledger, and a query checked with files."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.table import Table

from bot.cli.output import clean, console, errors, print_json
from bot.core import Core, utc_now
from handlers.answers.answer import Answer
from handlers.answers.errors import UnreadableDocument, UserError
from handlers.answers.times import Period
from handlers.commands.json_output import brief_json
from handlers.commands.request import Person, Request
from handlers.drafts import ArticleDraft
from handlers.ingest.inbox import read_path
from handlers.ingest.seed import CONSOLE
from handlers.ports import Attachment
from handlers.queries.subjects import find_subject
from handlers.reports.brief import compose_brief
from handlers.sources.text.language import inflection_language
from handlers.topics.matcher import Readable, draw_trace, evaluate
from handlers.topics.query.query import parse
from storage.records import DeliveryState, Platform
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
    """Run a chat command as the console's person; return the answer. `channel` is by default the first one.

    Raises: UserError for an unknown channel.
    """
    async with core.store.read() as tx:
        stored = await tx.channels.of(core.console.id)
    channels = {found.external_id: found for found in stored if found.person is None}
    if channel is not None and channel not in channels:
        raise UserError(f"The console has no channel {channel!r}. Its channels: {', '.join(sorted(channels))}.")
    current = channels[channel] if channel is not None else next(iter(channels.values()))
    reply = await core.commands.answer(
        Request(
            platform=Platform.CONSOLE,
            workspace=CONSOLE,
            workspace_name=core.console.name,
            channel=current.external_id,
            channel_name=current.name,
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
    """Print the brief for programs.

    It changes nothing. It covers the period up to the end of the current minute, so that equal stores give equal lines.

    Raises: QueryError.
    """
    until = (utc_now() + timedelta(minutes=1)).replace(second=0, microsecond=0)
    zone = ZoneInfo(core.console.time_zone)
    async with core.store.read() as tx:
        subject = await find_subject(tx, core.console.id, topic)
        brief = (await compose_brief(tx, core.console, subject, period=period, now=until, zone=zone)).brief
    # A topic has the name that `ingest --json` uses; a query is named by its text.
    print_json(brief_json(brief) | {"topic": subject.topic.name if subject.topic else brief.topic})


async def print_ledger(store: Store, *, as_json: bool) -> int:
    """Print the ledger. Returns the exit code: 0 if the sums agree, else 1."""
    async with store.read() as tx:
        totals = await tx.ledger.totals()
    if as_json:
        print_json(asdict(totals) | {"agrees": totals.agrees})
    else:
        table = Table("count", "of", box=None)
        for name, value in asdict(totals).items():
            table.add_row(_counts(value) if isinstance(value, dict) else str(value), name.replace("_", " "))
        console.print(table)
        console.print(
            "The sums agree." if totals.agrees else "The sums do NOT agree.", style="" if totals.agrees else "red"
        )
    return 0 if totals.agrees else 1


def _counts(values: Mapping[str, int]) -> str:
    """Return counts by state or reason; states are named as people know them ("pending"), not as they are stored."""
    names = {key: key.name.lower() if isinstance(key, DeliveryState) else key for key in values}
    return ", ".join(f"{names[key]} {count}" for key, count in values.items())


def check_query(query: str, files: Sequence[Path], *, as_json: bool) -> int:
    """Print for each file whether the query matches it, and why.

    Returns the exit code: 0 if all files were read, else 1.

    Raises: QueryError.
    """
    tree = parse(query)
    failed = False
    for file in files:
        try:
            drafts = read_path(file)
        except (UnreadableDocument, OSError) as error:
            failed = True
            errors.print(clean(f"{file}: {error}"), style="yellow", markup=False, soft_wrap=True)
            continue
        for draft in drafts:
            if not isinstance(draft, ArticleDraft):
                failed = True
                errors.print(clean(f"{file}: {draft.reason}"), style="yellow", markup=False, soft_wrap=True)
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
        inflection=inflection_language(draft.language or "und", draft.title, draft.text),
        url=draft.url,
        author=draft.author,
        tags=draft.tags,
        source=draft.publisher or "",
    )
