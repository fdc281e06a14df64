"""Private files: created for their owner only, or made private later and reported once."""

import asyncio
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.backup import backup, restore
from storage.private_files import Privacy, make_folder, make_private, write_text
from storage.store import open_store

IS_ROOT = os.geteuid() == 0


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """Let others read all new files, unless the code prevents it."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def open_folder(folder: Path, *names: str) -> Path:
    """Create a folder that others can read, with these files. A name that ends in "/" is a folder."""
    folder.mkdir(mode=0o755, exist_ok=True)
    for name in names:
        path = folder / name
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(mode=0o777, exist_ok=True)
        else:
            path.write_text("secret")
            path.chmod(0o664)
    return folder


def test_new_folders_and_files_are_private(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    write_text(tmp_path / "a" / "b" / "export.opml", "secret")

    assert [mode(path) for path in (tmp_path / "a", tmp_path / "a" / "b")] == [0o700, 0o700]
    assert mode(tmp_path / "a" / "b" / "export.opml") == 0o600


def test_an_existing_file_is_made_private_before_it_is_written(tmp_path: Path) -> None:
    path = open_folder(tmp_path / "data", "export.opml") / "export.opml"

    write_text(path, "another")

    assert (mode(path), path.read_text()) == (0o600, "another")


async def test_all_files_of_a_database_are_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "wirewatch.db"
    async with open_store(f"sqlite:///{path}") as store:
        async with store.begin() as tx:
            await tx.meta.set("name", "value")
        modes = await asyncio.to_thread(lambda: {file.name: mode(file) for file in path.parent.iterdir()})

    assert modes == {f"wirewatch.db{ending}": 0o600 for ending in ("", "-wal", "-shm", ".lock")}
    assert mode(path.parent) == 0o700


async def test_backups_and_restored_databases_are_private_even_while_they_are_written(
    sqlite_url: str, tmp_path: Path
) -> None:
    copies = open_folder(tmp_path / "copies")
    seen: set[int] = set()

    async def watch() -> None:
        while True:
            seen.update(await asyncio.to_thread(lambda: {mode(file) for file in copies.iterdir()}))
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await backup(sqlite_url, copies / "one.db")
    await restore(copies / "one.db", f"sqlite:///{copies}/two.db")
    watching.cancel()
    await asyncio.wait([watching])

    assert seen | {mode(file) for file in await asyncio.to_thread(lambda: list(copies.iterdir()))} == {0o600}
    assert mode(copies) == 0o755


OURS = ("wirewatch.sqlite3", "wirewatch.sqlite3-wal", "backup.db", "logs/wirewatch.log", "logs/wirewatch.log.1")
INBOX = ("inbox/new.txt", "inbox/done/read.txt", "inbox/failed/bad.txt", "inbox/failed/bad.txt.why")


def test_open_files_are_made_private_and_reported_once(tmp_path: Path) -> None:
    data = open_folder(tmp_path / "data", *OURS, *INBOX)

    privacy = make_private(data, below=("logs", "inbox"))

    everything = [data, *(path for path in data.rglob("*"))]
    assert {path: mode(path) for path in everything} == {path: 0o700 if path.is_dir() else 0o600 for path in everything}
    assert set(privacy.corrected) == set(everything)
    assert privacy.corrected[0] == data
    assert make_private(data, below=("logs", "inbox")) == Privacy()


def test_a_database_elsewhere_is_made_private_but_not_its_folder(tmp_path: Path) -> None:
    elsewhere = open_folder(tmp_path / "elsewhere", "wire.db", "wire.db-wal", "other.txt")

    privacy = make_private(tmp_path / "missing", files=(elsewhere / "wire.db", elsewhere / "wire.db-wal"))

    assert [mode(elsewhere / name) for name in ("wire.db", "wire.db-wal", "other.txt")] == [0o600, 0o600, 0o664]
    assert mode(elsewhere) == 0o755
    assert privacy == Privacy(corrected=(elsewhere / "wire.db", elsewhere / "wire.db-wal"))


def test_a_linked_data_folder_is_made_private_and_links_in_it_are_not_followed(tmp_path: Path) -> None:
    real, outside = open_folder(tmp_path / "real", "wire.db", "logs/"), open_folder(tmp_path / "outside", "theirs.txt")
    (real / "link.txt").symlink_to(outside / "theirs.txt")
    (real / "logs" / "link").symlink_to(outside)
    (tmp_path / "data").symlink_to(real)

    make_private(tmp_path / "data", below=("logs",))

    assert [mode(real), mode(real / "wire.db"), mode(real / "logs")] == [0o700, 0o600, 0o700]
    assert [mode(outside), mode(outside / "theirs.txt")] == [0o755, 0o664]


def test_an_executable_file_stays_executable_for_its_owner(tmp_path: Path) -> None:
    script = open_folder(tmp_path / "data", "backup.sh") / "backup.sh"
    script.chmod(0o755)

    make_private(tmp_path / "data")

    assert mode(script) == 0o700


def test_a_folder_that_programs_share_stays_open_and_is_reported(tmp_path: Path) -> None:
    shared = open_folder(tmp_path / "tmp", "wire.db")
    shared.chmod(0o1777)

    privacy = make_private(shared)

    assert (mode(shared), mode(shared / "wire.db")) == (0o1777, 0o600)
    assert privacy.still_open == (shared,)
    assert privacy.corrected == (shared / "wire.db",)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs a file system without changeable modes: /proc")
def test_a_file_system_without_permissions_is_reported() -> None:
    privacy = make_private(Path("/proc/self/task"))

    assert privacy.still_open == (Path("/proc/self/task").resolve(),)


@pytest.mark.skipif(not IS_ROOT, reason="only root can change the owner of a folder")
def test_the_owner_of_a_folder_of_another_user_is_reported(tmp_path: Path) -> None:
    data = open_folder(tmp_path / "data")
    os.chown(data, 12345, -1)

    assert make_private(data).owner == 12345
    assert make_private(data).owner == 12345


def test_a_missing_folder_causes_no_error(tmp_path: Path) -> None:
    assert make_private(tmp_path / "missing", below=("logs",), files=(tmp_path / "missing.db",)) == Privacy()


async def test_an_open_database_keeps_working_when_it_is_made_private(sqlite_url: str, sqlite_file: Path) -> None:
    await asyncio.to_thread(sqlite_file.chmod, 0o664)
    async with open_store(sqlite_url) as store:
        await asyncio.to_thread(make_private, sqlite_file.parent)
        async with store.begin() as tx:
            await tx.meta.set("name", "value")

    with sqlite3.connect(sqlite_file) as connection:
        assert connection.execute("SELECT value FROM meta WHERE name = 'name'").fetchone() == ("value",)
    connection.close()
