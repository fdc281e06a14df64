"""`python -m bot ingest`: ingests files, folders, web addresses and standard input, as any other arrival."""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.cli.output import clean, console, errors, print_json
from bot.config import Settings
from bot.core import Core, open_core, utc_now
from handlers.answers.errors import FetchError, UnreadableDocument, UserError
from handlers.answers.set_aside import set_aside_phrase
from handlers.answers.times import counted
from handlers.commands.json_output import ingest_line
from handlers.drafts import Draft, FailedDraft
from handlers.ingest.inbox import read_path
from handlers.ingest.ingest import BATCH
from handlers.ingest.results import IngestResult
from handlers.rules.secrets import Secrets
from handlers.sources.documents.document import MAX_DOCUMENT_BYTES, read_document
from handlers.sources.fetch.client import Fetched
from handlers.sources.text.encoding import one_line
from storage.addresses import without_credentials
from storage.records import SHARED, SourceKind
from storage.sources import NewSource

BATCH_S: Final = 0.5
"""Documents read within this time are stored in one transaction, so that not each one waits for the disk."""


async def ingest_documents(settings: Settings, documents: Sequence[str], *, as_json: bool) -> int:
    """Ingest the documents and print each article. Failed documents are named on standard error.

    Returns the exit code: 0 if all documents were read, else 1.

    Raises: UserError where the arguments contain no document.
    """
    names = [name for document in documents for name in _expand(document)]
    if not names:
        raise UserError(
            f"No documents in {', '.join(documents)}. Give files, folders that contain files, or web addresses."
        )
    failed = 0
    async with open_core(settings) as core:
        async with core.store.begin() as tx:
            source, _ = await tx.sources.ensure(
                NewSource(workspace_id=SHARED, kind=SourceKind.COMMAND_LINE, url="command-line", title="Command line"),
                utc_now(),
            )
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=errors,
            transient=True,
            disable=not errors.is_terminal,
        ) as progress:
            drafts: list[Draft] = []
            stored_at = time.monotonic()
            for position, name in enumerate(progress.track(names, description="Reading"), start=1):
                drafts += await _read(core, name)
                if position < len(names) and len(drafts) < BATCH and time.monotonic() - stored_at < BATCH_S:
                    continue
                for arrived in await core.ingest(drafts, source=source, now=utc_now()):
                    failed += arrived.state == "failed"
                    _report(arrived, as_json=as_json)
                drafts, stored_at = [], time.monotonic()
    return 1 if failed else 0


def _expand(document: str) -> Iterator[str]:
    """Yield the files of a folder by name, without links, hidden and .why files; any other argument as it is."""
    path = Path(document)
    if not document.startswith(("http://", "https://")) and document != "-" and path.is_dir():
        files = (file for file in sorted(path.iterdir()) if file.is_file() and not file.is_symlink())
        yield from (str(file) for file in files if not file.name.startswith(".") and file.suffix != ".why")
    else:
        yield document


async def _read(core: Core, name: str) -> Sequence[Draft]:
    try:
        if name == "-":
            body = await asyncio.to_thread(sys.stdin.buffer.read, MAX_DOCUMENT_BYTES + 1)
            return await asyncio.to_thread(read_document, body, content_type=None, name="standard input")
        if name.startswith(("http://", "https://")):
            fetched = await core.fetcher.fetch(name, max_bytes=MAX_DOCUMENT_BYTES)
            return await asyncio.to_thread(_read_fetched, fetched, name)
        return await asyncio.to_thread(read_path, Path(name))
    except (UnreadableDocument, FetchError) as error:
        return (FailedDraft(origin=one_line(without_credentials(name)), reason=str(error)),)
    except OSError as error:
        return (FailedDraft(origin=one_line(name), reason=f"The file cannot be opened: {error.strerror or error}"),)


def _read_fetched(fetched: Fetched, address: str) -> tuple[Draft, ...]:
    """Return the drafts, without the passwords and keys of the address. Raises: UnreadableDocument."""
    drafts = read_document(
        fetched.body,
        content_type=fetched.content_type,
        name=without_credentials(address),
        base_url=without_credentials(fetched.url),
    )
    return tuple(map(Secrets.of(address, fetched.url).without_in_draft, drafts))


def _report(arrived: IngestResult, *, as_json: bool) -> None:
    if as_json:
        print_json(ingest_line(arrived))
    elif arrived.article is not None:
        topics = " · ".join(topic.title for topic in arrived.topics) or "no topic"
        state = "duplicate" if arrived.state == "known" else arrived.state
        console.print(f"{state:9} {clean(arrived.article.title)}", markup=False)
        queued = counted(arrived.deliveries, "delivery", "deliveries")
        console.print(f"          {topics} · {queued} queued", style="dim", markup=False)
        if arrived.set_aside:
            parts = clean(set_aside_phrase(arrived.set_aside))
            console.print(f"          Set aside: {parts}", style="dim", markup=False, soft_wrap=True)
        if arrived.note:
            console.print(f"          {clean(arrived.note)}", style="yellow", markup=False, soft_wrap=True)
    elif arrived.state == "known":
        console.print(f"duplicate {clean(arrived.origin)}", markup=False)
        console.print(f"          {clean(arrived.reason or '')}", style="dim", markup=False)
    if arrived.state == "failed":
        errors.print(clean(f"failed {arrived.origin}: {arrived.reason}"), style="yellow", markup=False, soft_wrap=True)
