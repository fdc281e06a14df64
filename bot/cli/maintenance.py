"""The maintenance of the database from the terminal: what it deletes, checks and cleans up, with progress."""

from collections import Counter
from dataclasses import asdict

from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from bot.cli.output import clean, console, errors, print_json
from bot.core import utc_now
from handlers.rules.retention import Kind, Retention
from handlers.workspaces.retention import prune
from storage.checks import check_database
from storage.store import Store, open_store
from storage.upkeep import optimise


async def print_pruned(store: Store, retention: Retention, *, dry_run: bool, as_json: bool) -> None:
    """Delete what has reached its age, or only count it, and print a row for each kind and for each reason to stay."""
    deleted = dict.fromkeys(Kind, 0)
    stay: dict[Kind, Counter[str]] = {kind: Counter() for kind in Kind}
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}: {task.completed} read"),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    ) as progress:
        tasks = {kind: progress.add_task(kind, total=None) for kind in Kind}
        async for step in prune(store, retention, now=utc_now(), dry_run=dry_run):
            progress.advance(tasks[step.kind], step.read)
            deleted[step.kind] += step.deleted
            stay[step.kind] += step.stay
    rows = [
        {"kind": str(kind), "days": None if (age := retention.of(kind)) is None else age.days, "deleted": deleted[kind]}
        | {"stay": dict(stay[kind])}
        for kind in Kind
    ]
    if as_json:
        for row in rows:
            print_json(row | {"dry_run": dry_run})
        return
    table = Table("kind", "older than", "would be deleted" if dry_run else "deleted", "stays", "because", box=None)
    for row in rows:
        days = "kept for ever" if row["days"] is None else f"{row['days']} days"
        table.add_row(str(row["kind"]), days, str(row["deleted"]), "", "")
        for reason, count in stay[Kind(str(row["kind"]))].items():
            table.add_row("", "", "", str(count), _REASONS[reason])
    console.print(table)


async def print_checks(store_url: str, *, as_json: bool) -> int:
    """Check the database and print a row for each check. Return the exit code: 0 if all is well, else 1."""
    with errors.status("Checking ..."):
        async with open_store(store_url, migrate=False) as store:
            checks = await check_database(store)
    if as_json:
        for check in checks:
            print_json(asdict(check))
    else:
        table = Table("check", "result", "of", box=None)
        for check in checks:
            table.add_row(check.name, "ok" if check.ok else "WRONG", clean(check.detail))
        console.print(table)
        if not all(check.ok for check in checks):
            console.print(
                "Stop the bot, restore a backup, and start the bot. Or report this with the log.", style="red"
            )
    return 0 if all(check.ok for check in checks) else 1


async def print_optimised(store_url: str, *, as_json: bool) -> None:
    """Optimise the database and print its size before and after."""
    with errors.status("Optimising ..."):
        async with open_store(store_url, migrate=False) as store:
            done = await optimise(store)
    if as_json:
        print_json(asdict(done))
        return
    console.print(f"{_megabytes(done.bytes_before)} before, {_megabytes(done.bytes_after)} after.")
    if done.needs_rewrite:
        console.print(
            "The file keeps its free space, because another program uses it and an older version created it. "
            "To make it smaller, stop the bot and run this once more."
        )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


_REASONS = {
    "pending": "a post about it is not sent yet",
    "posted": "it stands in a posted alert",
    "followed": "somebody follows its story",
    "muted": "a channel muted its story",
    "corrected": "a person corrected its story",
    "digest": "a digest quotes its story",
    "listed": "its feed lists it",
}
