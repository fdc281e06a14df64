"""The inbox on real files: what is taken, what waits, where it goes, and what a crash or a full database leaves."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.ingest.inbox import Timing, read_path, watch_inbox
from handlers.sources.documents.document import MAX_DOCUMENT_BYTES
from storage.errors import StorageError
from storage.records import SHARED, Source, SourceKind
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.paths import ROOT

TEXT = "Huawei signs a deal\n\nThe operator said on Monday that it had signed.\n"


@dataclass
class Arrivals:
    """Stands where Arrive stands: remembers what came and fails as told."""

    drafts: list[Draft] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    failures: list[StorageError] = field(default_factory=list)
    in_place: list[bool] = field(default_factory=list)
    folder: Path | None = None

    async def __call__(self, drafts: Sequence[Draft], *, source: Source, now: datetime) -> None:
        if self.failures:
            raise self.failures.pop()
        if self.folder is not None:
            self.in_place.append((self.folder / drafts[0].origin).exists())
        self.drafts += drafts
        self.sources.append(source)

    @property
    def titles(self) -> list[str]:
        return [draft.title for draft in self.drafts if isinstance(draft, ArticleDraft)]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@asynccontextmanager
async def watching(inbox: Path, store: Store, arrivals: Arrivals) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(
        watch_inbox(
            inbox,
            store,
            arrivals,
            clock=FakeClock(),
            stop=stop,
            timing=Timing(stable=timedelta(milliseconds=40), retry=timedelta(milliseconds=50)),
        )
    )
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not fact():  # noqa: ASYNC110  # a file system has no event to wait for
            await asyncio.sleep(0.01)


async def test_what_lies_there_and_what_is_dropped_later_arrives_and_moves_to_done(
    inbox: Path, sqlite_store: Store
) -> None:
    arrivals = Arrivals(folder=inbox)
    (inbox / "before.txt").write_text(TEXT)

    async with watching(inbox, sqlite_store, arrivals):
        await until((inbox / "done" / "before.txt").exists)
        (inbox / "later.md").write_text("# Another headline\n\nIts words.")
        await until((inbox / "done" / "later.md").exists)

    assert arrivals.titles == ["Huawei signs a deal", "Another headline"]
    assert arrivals.in_place == [True, True], "it arrives first and moves then"
    assert (arrivals.sources[0].kind, arrivals.sources[0].workspace_id) == (SourceKind.INBOX, SHARED)
    assert names_in(inbox) == ["done", "failed"]


async def test_the_folders_are_made(tmp_path: Path, sqlite_store: Store) -> None:
    inbox = tmp_path / "data" / "inbox"

    async with watching(inbox, sqlite_store, Arrivals()):
        await until((inbox / "failed").is_dir)

    assert (inbox / "done").is_dir()


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("report.pdf", b"%PDF-1.7", "damaged"),
        ("noise.txt", bytes(range(256)) * 20, "not text"),
    ],
)
async def test_what_cannot_be_read_moves_to_failed_with_the_reason_beside_it(
    name: str, body: bytes, reason: str, inbox: Path, sqlite_store: Store
) -> None:
    arrivals = Arrivals()
    (inbox / name).write_bytes(body)

    async with watching(inbox, sqlite_store, arrivals):
        await until((inbox / "failed" / name).exists)

    assert reason in (inbox / "failed" / f"{name}.why").read_text()
    (draft,) = arrivals.drafts
    assert isinstance(draft, FailedDraft)
    assert reason in draft.reason
    assert draft.key


async def test_a_reason_that_a_crash_left_without_its_file_is_written_again_beside_it(
    inbox: Path, sqlite_store: Store
) -> None:
    (inbox / "failed").mkdir()
    (inbox / "failed" / "empty.txt.why").write_text("Half a rea")
    (inbox / "empty.txt").write_bytes(b"")

    async with watching(inbox, sqlite_store, Arrivals()):
        await until(lambda: "empty.txt" not in names_in(inbox))

    assert names_in(inbox / "failed") == ["empty.txt", "empty.txt.why"]
    assert "empty" in (inbox / "failed" / "empty.txt.why").read_text()


async def test_a_failed_file_that_is_called_like_a_reason_is_not_overwritten(inbox: Path, sqlite_store: Store) -> None:
    (inbox / "empty.txt.why").write_bytes(b"%PDF-1.7")

    async with watching(inbox, sqlite_store, Arrivals()):
        await until((inbox / "failed" / "empty.txt.why").exists)
        (inbox / "empty.txt").write_bytes(b"")
        await until(lambda: "empty.txt" not in names_in(inbox))

    assert (inbox / "failed" / "empty.txt.why").read_bytes() == b"%PDF-1.7"
    assert "empty" in (inbox / "failed" / "empty-2.txt.why").read_text()


async def test_a_huge_file_is_refused_by_its_size_alone(inbox: Path, sqlite_store: Store) -> None:
    with (inbox / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)

    async with watching(inbox, sqlite_store, Arrivals()):
        await until((inbox / "failed" / "huge.txt").exists)

    assert "too large: 200 MB" in (inbox / "failed" / "huge.txt.why").read_text()


async def test_a_file_that_grows_is_read_when_it_is_whole(inbox: Path, sqlite_store: Store) -> None:
    arrivals = Arrivals()

    async with watching(inbox, sqlite_store, arrivals):
        with (inbox / "slow.txt").open("w") as file:
            for part in TEXT.split(" "):
                file.write(part + " ")
                file.flush()
                await asyncio.sleep(0.02)
            assert arrivals.drafts == []
        await until((inbox / "done" / "slow.txt").exists)

    assert arrivals.titles == ["Huawei signs a deal"]
    assert "it had signed." in str(arrivals.drafts[0])


async def test_names_that_programs_give_to_unfinished_files_are_left_alone(inbox: Path, sqlite_store: Store) -> None:
    names = (".hidden.txt", "a.txt.part", "b.tmp", "~lock.txt", "c.txt~", "d.crdownload")
    for name in names:
        (inbox / name).write_text(TEXT)
    arrivals = Arrivals()

    async with watching(inbox, sqlite_store, arrivals):
        (inbox / "real.txt").write_text(TEXT)
        await until((inbox / "done" / "real.txt").exists)

    assert len(arrivals.drafts) == 1
    assert all((inbox / name).exists() for name in names)


async def test_a_renamed_file_arrives_under_its_final_name(inbox: Path, sqlite_store: Store) -> None:
    arrivals = Arrivals()

    async with watching(inbox, sqlite_store, arrivals):
        (inbox / "a.txt.part").write_text(TEXT)
        (inbox / "a.txt.part").rename(inbox / "a.txt")
        await until((inbox / "done" / "a.txt").exists)

    assert [draft.origin for draft in arrivals.drafts] == ["a.txt"]


async def test_a_name_that_is_taken_in_done_gets_a_number(inbox: Path, sqlite_store: Store) -> None:
    (inbox / "done").mkdir()
    (inbox / "done" / "a.txt").write_text("older")
    (inbox / "a.txt").write_text(TEXT)

    async with watching(inbox, sqlite_store, Arrivals()):
        await until((inbox / "done" / "a-2.txt").exists)

    assert (inbox / "done" / "a.txt").read_text() == "older"


async def test_a_link_is_not_followed(inbox: Path, sqlite_store: Store, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(TEXT)
    (inbox / "link.txt").symlink_to(secret)
    arrivals = Arrivals()

    async with watching(inbox, sqlite_store, arrivals):
        await until((inbox / "failed" / "link.txt").is_symlink)

    assert arrivals.titles == []
    assert secret.read_text() == TEXT
    assert "which is not followed" in (inbox / "failed" / "link.txt.why").read_text()


async def test_a_pipe_does_not_stop_the_others(inbox: Path, sqlite_store: Store) -> None:
    os.mkfifo(inbox / "pipe.txt")
    (inbox / "a.txt").write_text(TEXT)

    async with watching(inbox, sqlite_store, Arrivals()):
        await until((inbox / "done" / "a.txt").exists)

    assert (inbox / "pipe.txt").exists()


async def test_a_file_stays_while_the_database_cannot_take_it(
    inbox: Path, sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    arrivals = Arrivals(failures=[StorageError("the disk is full"), StorageError("the disk is full")])
    (inbox / "a.txt").write_text(TEXT)

    async with watching(inbox, sqlite_store, arrivals):
        await until((inbox / "done" / "a.txt").exists)

    assert arrivals.titles == ["Huawei signs a deal"]
    assert [record.getMessage() for record in caplog.records if "a.txt" in record.getMessage()] == [
        "a.txt stays in the inbox because the database failed: the disk is full"
    ] * 2


async def test_the_same_file_has_the_same_key_after_a_crash_and_another_has_another(tmp_path: Path) -> None:
    one, other = tmp_path / "a.txt", tmp_path / "b.txt"
    one.write_text(TEXT)
    other.write_text(TEXT)

    assert read_path(one)[0].key == read_path(one)[0].key
    assert read_path(one)[0].key != read_path(other)[0].key
    one.write_text(TEXT + "More.")
    assert read_path(one)[0].key != read_path(other)[0].key


async def test_a_name_that_is_not_utf8_does_no_harm(inbox: Path, sqlite_store: Store) -> None:
    (inbox / os.fsdecode(b"caf\xe9.txt")).write_text(TEXT)
    arrivals = Arrivals()

    async with watching(inbox, sqlite_store, arrivals):
        await until(lambda: len(arrivals.drafts) == 1)

    arrivals.drafts[0].origin.encode("utf-8")


@pytest.mark.parametrize("size", [MAX_DOCUMENT_BYTES + 1, 200_000_000])
def test_a_path_is_refused_by_size_before_it_is_read(size: int, tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(size)

    with pytest.raises(UnreadableDocument, match="too large"):
        read_path(tmp_path / "a.txt")


@pytest.mark.parametrize("path", sorted((ROOT / "seeds" / "articles").iterdir()), ids=lambda p: p.name)
def test_every_example_document_is_an_article_with_an_address(path: Path) -> None:
    (draft,) = read_path(path)

    assert isinstance(draft, ArticleDraft)
    assert draft.url is not None
    assert draft.url.startswith(("https://example.com/", "https://example.org/"))
    assert draft.publisher
    assert draft.published_at is None, "it gets the time of its arrival, so that it alerts"
    assert draft.language in {"en", "de", "ru", "zh"}


async def test_what_was_dropped_is_put_away_for_the_owner_alone(tmp_path: Path, sqlite_store: Store) -> None:
    inbox = tmp_path / "data" / "inbox"
    before = os.umask(0)
    try:
        async with watching(inbox, sqlite_store, Arrivals()):
            await until((inbox / "failed").is_dir)
            (inbox / "good.txt").write_text(TEXT)
            (inbox / "bad.txt").write_text(" ")
            await until(lambda: (inbox / "done" / "good.txt").exists() and (inbox / "failed" / "bad.txt").exists())
    finally:
        os.umask(before)

    everything = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert {path.name: path.stat().st_mode & 0o777 for path in everything} == {
        "data": 0o700,
        "inbox": 0o700,
        "done": 0o700,
        "failed": 0o700,
        "good.txt": 0o600,
        "bad.txt": 0o600,
        "bad.txt.why": 0o600,
    }
