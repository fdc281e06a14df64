"""The command line: `python -m bot COMMAND`. Human output by rich; `--json` gives one object a line for programs."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
import uvloop

from bot.cli.session import FAILED, Json, ask, print_answer, settings_of, whole, with_core
from bot.config import ConfigError
from handlers.answers.answer import Notice
from handlers.answers.errors import QueryError, UserError, WirewatchError
from handlers.commands.table import COMMANDS
from handlers.ports import Attachment

logger = logging.getLogger(__name__)

_SWITCH_S: Final = 0.001

app = typer.Typer(
    name="wirewatch",
    help="News alerts for Slack and Discord: nothing lost, nothing twice, nothing invented.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
database = typer.Typer(help="Migrate, back up and restore the database.", no_args_is_help=True)
topics = typer.Typer(help="Manage topics, and test a query before it is saved.", no_args_is_help=True)
sources = typer.Typer(help="Manage the sources that are watched.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(topics, name="topics")
app.add_typer(sources, name="sources")

WRONG_USAGE: Final = 2

Channel = Annotated[str | None, typer.Option("--channel", help="A channel of the console; without it, the first.")]
_AFTER_DASHES: Final = "One that begins with - is written after --"
Words = Annotated[list[str] | None, typer.Argument(help=f"As after the command in chat. {_AFTER_DASHES}")]


def main(words: Sequence[str] | None = None) -> None:
    """Run the command of these words, or of the process's own. Every failure is one message: what happened, what to do.

    Raises: SystemExit.
    """
    try:
        app(args=words, standalone_mode=True)
    except QueryError as error:
        from handlers.topics.query.query import told

        _say(told(error))
        sys.exit(FAILED)
    except WirewatchError as error:
        _say(str(error))
        sys.exit(WRONG_USAGE if isinstance(error, ConfigError) else FAILED)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # a fault of ours: logged whole, told in a line
        logger.exception("The command failed")
        _say(f"That is a fault of ours, not yours: {type(error).__name__}: {error}. The log above has its whole story.")
        sys.exit(FAILED)


def _say(message: str) -> None:
    from bot.cli.output import clean, errors

    errors.print(clean(message), style="yellow", markup=False, soft_wrap=True)


@app.command()
def run(
    role: Annotated[str, typer.Option(help="all, web or worker: which half of the bot this process is.")] = "all",
    host: Annotated[str | None, typer.Option(help="Address to bind, instead of WIREWATCH_HOST.")] = None,
    port: Annotated[str | None, typer.Option(help="Port to bind, instead of PORT.")] = None,
) -> None:
    """Run the bot until it is told to stop (SIGTERM, Ctrl-C)."""
    # What the imports make stays to the end: the collector, which would go through it all again and again, never looks.
    gc.disable()
    from bot.app import Role, run_bot
    from bot.cli.output import console

    gc.freeze()
    gc.enable()

    if role not in set(Role):
        raise typer.BadParameter(f"{role!r} is none of all, web, worker", param_hint="--role")
    given = {name: value for name, value in (("WIREWATCH_HOST", host), ("PORT", port)) if value is not None}
    settings = settings_of(to_file=True, **given)

    def ready(address: str | None) -> None:
        if address:
            console.print(f"Wirewatch is running. Console page: [bold]{address}[/bold]  (Ctrl-C stops it)")

    # Threads that compute hand the interpreter on this often: what is asked meanwhile is acknowledged at once.
    sys.setswitchinterval(_SWITCH_S)
    try:
        uvloop.run(run_bot(settings, role=Role(role), ready=ready))
    except WirewatchError as error:
        logger.error("The bot ends: %s", error)
        raise
    finally:
        gc.freeze()  # everything is closed: no last search through all that is left, which takes a second


@app.command()
def ingest(
    documents: Annotated[list[str], typer.Argument(help="Files, folders or addresses; - reads standard input.")],
    as_json: Json = False,
) -> None:
    """Read documents and store, match and enqueue what follows from them. Exit 1 when one of them could not be read."""
    from bot.cli.ingest import ingest_documents

    settings = settings_of()
    sys.exit(asyncio.run(ingest_documents(settings, documents, as_json=as_json)))


@app.command()
def brief(
    topic: Annotated[str, typer.Argument(help=f"A topic's name, or a query. {_AFTER_DASHES}")],
    since: Annotated[str, typer.Option(help="24h, 7d, 2w, 30d ...")] = "7d",
    as_json: Json = False,
) -> None:
    """What happened about a topic, quoted and cited."""
    from bot.cli.reports import print_brief
    from handlers.answers.times import read_period

    try:
        period = read_period(since)
    except UserError as error:
        raise typer.BadParameter(error.text, param_hint="--since") from error
    if as_json:
        with_core(lambda core: print_brief(core, whole(topic), period))
    else:
        print_answer(ask("brief", options={"topic": topic, "period": since}), as_json=False)


@app.command()
def digest(channel: Channel = None, as_json: Json = False) -> None:
    """The digest that a channel of the console would get now."""
    print_answer(ask("digest", words="now", channel=channel), as_json=as_json)


@app.command()
def why(
    url: Annotated[str, typer.Argument(help="The article's address.")], channel: Channel = None, as_json: Json = False
) -> None:
    """Why something was, or was not, posted in a channel."""
    print_answer(ask("why", options={"url": url}, channel=channel), as_json=as_json)


@app.command()
def ledger(as_json: Json = False) -> None:
    """Every arrival in exactly one state: counts whose sums must agree. Exit 1 when they do not."""
    from bot.cli.reports import print_ledger

    sys.exit(with_core(lambda core: print_ledger(core.store, as_json=as_json)))


@app.command()
def check(as_json: Json = False) -> None:
    """What is configured, what is missing, and how to get it. Exit 1 when something cannot work."""
    from bot.cli.reports import print_check

    sys.exit(asyncio.run(print_check(as_json=as_json)))


@app.command()
def manifest(
    host: Annotated[
        str | None, typer.Option(help="The bot's public address, https://..., which --http and --many need.")
    ] = None,
    http: Annotated[bool, typer.Option("--http", help="For HTTP mode instead of Socket Mode.")] = False,
    many: Annotated[bool, typer.Option("--many", help="For many workspaces that install it themselves.")] = False,
) -> None:
    """The Slack app's manifest, made from the table of commands."""
    from bot.slack.manifest import manifest_json

    if (http or many) and not (host or "").startswith("https://"):
        raise typer.BadParameter("--http and --many need the bot's public address: --host https://bot.example.com")
    print(manifest_json(host, socket=not http, oauth=many))


@database.command()
def migrate() -> None:
    """Bring the database to this version's schema; the release step of a deployment."""
    with_core(_nothing)
    typer.echo("The database is at this version's schema.")


async def _nothing(core: object) -> None:
    """Opening the core is all that migrating takes."""


@database.command()
def backup(target: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """A consistent copy of the SQLite database, also while the bot runs."""
    from rich.text import Text

    from bot.cli.output import errors
    from storage.backup import backup as copy

    settings = settings_of()
    with errors.status(Text(f"Copying to {target} ...")):
        asyncio.run(copy(settings.store_url, target))
    typer.echo(f"Backed up to {target}.")
    if settings.secret_key is None and settings.key_file.exists():
        typer.echo(
            f"Passwords in feed addresses are encrypted in it; their key is {settings.key_file}. Keep a copy of it."
        )


@database.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the database that is there.")] = False,
) -> None:
    """Put a backup in the database's place, after checking it. Stop the bot first."""
    from rich.text import Text

    from bot.cli.output import errors
    from storage.backup import restore as put_back

    settings = settings_of()
    with errors.status(Text(f"Restoring {source} ...")):
        asyncio.run(put_back(source, settings.store_url, replace=overwrite))
    typer.echo(f"Restored from {source}.")


@topics.command("check")
def check_topic(
    query: Annotated[str, typer.Argument(help=f"The query to check. {_AFTER_DASHES}")],
    files: Annotated[list[Path], typer.Argument(help="Documents to check it against.")],
    as_json: Json = False,
) -> None:
    """Whether a query matches documents, and why. Needs no database."""
    from bot.cli.reports import check_query

    sys.exit(check_query(query, files, as_json=as_json))


def _register(group: typer.Typer, command: str) -> None:
    """Give the group one terminal command for each subcommand of the table."""
    table = next(entry for entry in COMMANDS if entry.name == command)
    for entry in table.subcommands:
        if (command, entry.name) not in _OWN:
            group.command(entry.name, help=f"{entry.summary}. {entry.usage}".strip())(_subcommand(command, entry.name))


def _subcommand(command: str, name: str) -> Callable[..., None]:
    def run_subcommand(words: Words = None, channel: Channel = None, as_json: Json = False) -> None:
        print_answer(ask(command, words=" ".join([name, *(words or [])]), channel=channel), as_json=as_json)

    return run_subcommand


_OWN: Final = {("sources", "import"), ("sources", "export")}
"""Those that have to do with files, which a terminal has and a chat attaches."""
_register(topics, "topics")
_register(sources, "sources")


@sources.command("import")
def import_sources(
    file: Annotated[Path, typer.Argument(help="An OPML file.", exists=True, dir_okay=False)],
    channel: Channel = None,
    as_json: Json = False,
) -> None:
    """Add the feeds of an OPML file."""
    attachment = Attachment(name=file.name, content_type="text/x-opml", body=file.read_bytes())
    print_answer(ask("sources", words="import", channel=channel, attachments=(attachment,)), as_json=as_json)


@sources.command("export")
def export_sources(
    file: Annotated[Path | None, typer.Argument(help="The file to write; without it, standard output.")] = None,
    as_json: Json = False,
) -> None:
    """Every feed that is watched, as OPML, with the passwords and keys in the console's own addresses."""
    from storage.private_files import write_text

    answer = ask("sources", words="export")
    if as_json or not isinstance(answer, Notice) or answer.file is None:
        print_answer(answer, as_json=as_json)
    elif file is None:
        typer.echo(answer.file[1])
    else:
        try:
            write_text(file, answer.file[1])
        except OSError as error:
            raise UserError(f"{file} cannot be written: {error.strerror or error}. Name another file.") from error
        typer.echo(f"{answer.text.rstrip('.')}: {file}")
