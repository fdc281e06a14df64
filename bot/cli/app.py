"""The commands of the command line. Output is for people; with `--json` it is one object per line, for programs."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.cli.database import database
from bot.cli.session import FAILED, Json, ask, open_settings, print_answer, valid_text, with_core
from bot.config import ConfigError
from handlers.answers.answer import Notice
from handlers.answers.errors import QueryError, UserError, WirewatchError
from handlers.commands.table import COMMANDS
from handlers.ports import Attachment

logger = logging.getLogger(__name__)

_SWITCH_S: Final = 0.001
"""How often threads hand over the interpreter, in seconds."""
_YOUNG_OBJECTS: Final = 10_000
"""New objects between two garbage collections. With Python's 700 they take a sixth of the time of polls."""

app = typer.Typer(
    name="wirewatch",
    help="News alerts for Slack and Discord: nothing lost, nothing twice, nothing invented.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
topics = typer.Typer(help="Manage topics, and test a query before you save it.", no_args_is_help=True)
sources = typer.Typer(help="Manage the sources.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(topics, name="topics")
app.add_typer(sources, name="sources")

WRONG_USAGE: Final = 2
"""The exit code for wrong arguments and settings."""

Channel = Annotated[str | None, typer.Option("--channel", help="A channel of the console. Default: the first.")]
_DASHES: Final = "Put -- before it if it begins with a dash."
Words = Annotated[list[str] | None, typer.Argument(help=f"The same words as after the command in chat. {_DASHES}")]


def main(words: Sequence[str] | None = None) -> None:
    """Run the command in `words`, by default the process's arguments. Errors are printed as one message for people.

    Raises: SystemExit, with the exit code.
    """
    try:
        app(args=words, standalone_mode=True)
    except QueryError as error:
        from handlers.topics.query.query import format_error

        _print_error(format_error(error))
        sys.exit(FAILED)
    except WirewatchError as error:
        _print_error(str(error))
        sys.exit(WRONG_USAGE if isinstance(error, ConfigError) else FAILED)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # an internal error: logged in full, and reported in one line
        logger.exception("The command failed")
        _print_error(f"Internal error: {type(error).__name__}: {error}. The log above has the details.")
        sys.exit(FAILED)


def _print_error(message: str) -> None:
    from bot.cli.output import clean, errors

    errors.print(clean(message), style="yellow", markup=False, soft_wrap=True)


@app.command()
def run(
    role: Annotated[str, typer.Option(help="Which part of the bot to run: all, web or worker.")] = "all",
    host: Annotated[str | None, typer.Option(help="The address to listen on, instead of WIREWATCH_HOST.")] = None,
    port: Annotated[str | None, typer.Option(help="The port to listen on, instead of PORT.")] = None,
) -> None:
    """Run the bot until it is stopped (SIGTERM or Ctrl-C)."""
    # The objects that imports create live until the end. The garbage collector must not scan them again and again.
    gc.disable()
    from bot.app import Role, run_bot
    from bot.cli.output import console
    from bot.cli.process import run_process

    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
    gc.enable()
    if role not in set(Role):
        raise typer.BadParameter(f"{role!r} is not one of: all, web, worker", param_hint="--role")
    overrides = {name: value for name, value in (("WIREWATCH_HOST", host), ("PORT", port)) if value is not None}
    settings = open_settings(to_file=True, **overrides)

    def ready(address: str | None) -> None:
        if address:
            console.print(f"Wirewatch is running. Console page: [bold]{address}[/bold]  (Ctrl-C to stop)")

    # Threads that compute hand over often, so that commands are acknowledged in time.
    sys.setswitchinterval(_SWITCH_S)
    try:
        run_process(run_bot(settings, role=Role(role), ready=ready), report=lambda error: _print_error(str(error)))
    finally:
        gc.freeze()  # everything is closed, and a last collection would take a second


@app.command()
def ingest(
    documents: Annotated[list[str], typer.Argument(help="Files, folders or web addresses; - reads standard input.")],
    as_json: Json = False,
) -> None:
    """Import documents: store them, match them and queue their alerts. Exit code 1 if one could not be read."""
    from bot.cli.ingest import ingest_documents

    settings = open_settings()
    sys.exit(asyncio.run(ingest_documents(settings, documents, as_json=as_json)))


@app.command()
def brief(
    topic: Annotated[str, typer.Argument(help=f"A topic's name, or a query. {_DASHES}")],
    since: Annotated[str, typer.Option(help="24h, 7d, 2w, 30d ...")] = "7d",
    as_json: Json = False,
) -> None:
    """Show the news on a topic, quoted and cited."""
    from bot.cli.reports import print_brief
    from handlers.answers.times import read_period

    try:
        period = read_period(since)
    except UserError as error:
        raise typer.BadParameter(error.text, param_hint="--since") from error
    if as_json:
        with_core(lambda core: print_brief(core, valid_text(topic), period))
    else:
        print_answer(ask("brief", options={"topic": topic, "period": since}), as_json=False)


@app.command()
def digest(channel: Channel = None, as_json: Json = False) -> None:
    """Show the digest that a channel of the console would get now."""
    print_answer(ask("digest", words="now", channel=channel), as_json=as_json)


@app.command()
def why(
    url: Annotated[str, typer.Argument(help="The article's address.")], channel: Channel = None, as_json: Json = False
) -> None:
    """Explain why an article was, or was not, posted in a channel."""
    print_answer(ask("why", options={"url": url}, channel=channel), as_json=as_json)


@app.command()
def ledger(as_json: Json = False) -> None:
    """Count the arrivals by their state. Exit code 1 if the sums do not agree."""
    from bot.cli.reports import print_ledger

    sys.exit(with_core(lambda core: print_ledger(core.store, as_json=as_json)))


@app.command()
def check(as_json: Json = False) -> None:
    """Show what is configured, what is missing, and how to set it up. Exit code 1 if something cannot work."""
    from bot.cli.check import print_check

    sys.exit(asyncio.run(print_check(as_json=as_json)))


@app.command()
def manifest(
    host: Annotated[
        str | None, typer.Option(help="The bot's public address, https://...; --http and --many need it.")
    ] = None,
    http: Annotated[bool, typer.Option("--http", help="Use HTTP mode instead of Socket Mode.")] = False,
    many: Annotated[bool, typer.Option("--many", help="For an app that many workspaces install themselves.")] = False,
) -> None:
    """Print the manifest of the Slack app, generated from the table of commands."""
    from bot.slack.manifest import manifest_json

    if (http or many) and not (host or "").startswith("https://"):
        raise typer.BadParameter("--http and --many need the bot's public address: --host https://bot.example.com")
    print(manifest_json(host, socket=not http, oauth=many))


@topics.command("check")
def check_topic(
    query: Annotated[str, typer.Argument(help=f"The query to check. {_DASHES}")],
    files: Annotated[list[Path], typer.Argument(help="Documents to check it against.")],
    as_json: Json = False,
) -> None:
    """Show whether a query matches documents, and why. Needs no database."""
    from bot.cli.reports import check_query

    sys.exit(check_query(query, files, as_json=as_json))


def _register(group: typer.Typer, command: str) -> None:
    """Add a terminal command to the group for each subcommand of the chat command."""
    chat_command = next(entry for entry in COMMANDS if entry.name == command)
    for entry in chat_command.subcommands:
        if (command, entry.name) not in _WITH_FILES:
            group.command(entry.name, help=f"{entry.summary}. {entry.usage}".strip())(_subcommand(command, entry.name))


def _subcommand(command: str, name: str) -> Callable[..., None]:
    def run_subcommand(words: Words = None, channel: Channel = None, as_json: Json = False) -> None:
        print_answer(ask(command, words=" ".join([name, *(words or [])]), channel=channel), as_json=as_json)

    return run_subcommand


_WITH_FILES: Final = {("sources", "import"), ("sources", "export")}
"""Subcommands that have their own form in the terminal, because they read or write files."""
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
    file: Annotated[Path | None, typer.Argument(help="The file to write. Default: standard output.")] = None,
    as_json: Json = False,
) -> None:
    """Write all feeds as OPML, with the passwords and keys in the addresses of the console's own feeds."""
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
