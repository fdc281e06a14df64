"""`python -m bot db`: migrate, back up, restore, check and clean up the database."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import Json, open_settings, with_core
from storage.errors import StorageError

database = typer.Typer(help="Migrate, back up, restore, check and clean up the database.", no_args_is_help=True)


@database.command()
def migrate() -> None:
    """Upgrade the database to this version's schema. Run it as the release step of a deployment."""
    with_core(_nothing)
    typer.echo("The database has this version's schema.")


async def _nothing(core: object) -> None:
    """Opening the core has already migrated the database."""


@database.command()
def backup(target: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write a consistent copy of the SQLite database. The bot may be running."""
    from rich.text import Text

    from bot.cli.output import errors
    from storage.backup import backup as copy_database

    settings = open_settings()
    with errors.status(Text(f"Copying to {target} ...")):
        asyncio.run(copy_database(settings.store_url, target))
    typer.echo(f"Backed up to {target}.")
    if settings.secret_key is None and settings.key_file.exists():
        typer.echo(
            f"Passwords in feed addresses are encrypted; their key is {settings.key_file}. Keep a copy of that file."
        )


@database.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the existing database.")] = False,
) -> None:
    """Check a backup and replace the database with it. Stop the bot first."""
    from rich.text import Text

    from bot.cli.output import errors
    from storage.backup import restore as restore_backup

    settings = open_settings()
    with errors.status(Text(f"Restoring {source} ...")):
        asyncio.run(restore_backup(source, settings.store_url, replace=overwrite))
    typer.echo(f"Restored from {source}.")


@database.command()
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Delete nothing, and show what would be deleted.")] = False,
    as_json: Json = False,
) -> None:
    """Delete what is older than the settings WIREWATCH_KEEP_... say. The bot does this by itself; it may be running."""
    from bot.cli.maintenance import print_pruned

    settings = open_settings()
    with_core(lambda core: print_pruned(core.store, settings.retention, dry_run=dry_run, as_json=as_json), settings)


@database.command()
def check(as_json: Json = False) -> None:
    """Check the file, the indexes, repeated columns and the ledger. The bot may be running. Exit code 1 for a fault."""
    from bot.cli.maintenance import print_checks

    sys.exit(asyncio.run(print_checks(_existing_store_url(), as_json=as_json)))


@database.command()
def optimise(as_json: Json = False) -> None:
    """Renew statistics and give back free space. The bot may be running."""
    from bot.cli.maintenance import print_optimised

    asyncio.run(print_optimised(_existing_store_url(), as_json=as_json))


def _existing_store_url() -> str:
    """Return the address of the database. Raises: StorageError if its file does not exist, instead of creating it."""
    settings = open_settings()
    file = settings.database_file
    if file is not None and not file.exists():
        raise StorageError(f"Nothing was done, because there is no file {file}. Check the path.")
    return settings.store_url
