"""What the terminal commands share: settings with logs, an open core, and running a chat command."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from bot.config import Settings, read_settings
from handlers.answers.answer import Answer, Notice
from handlers.answers.parts import Tone
from handlers.ports import Attachment

if TYPE_CHECKING:
    from bot.core import Core

logger = logging.getLogger(__name__)

T = TypeVar("T")

FAILED: Final = 1
"""The exit code of a command that was refused or failed."""

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line, for programs.")]


def open_settings(*, to_file: bool = False, level: str = "WARNING", **overrides: str) -> Settings:
    """Read the settings and set up logging: to standard error, with `to_file` also to the data folder.

    `overrides` replace settings by the names of their environment variables. Files in the data folder that other users
    of the machine can read are made private, which is logged.

    Raises: ConfigError.
    """
    from bot.logs import set_up_logs
    from bot.privacy import corrected, make_data_private, warnings

    settings = read_settings(**overrides)
    privacy = make_data_private(settings)
    if to_file:
        settings.make_folder(settings.logs)
    set_up_logs(
        level=settings.log_level if to_file else level,
        log_format=settings.log_format,
        secrets=settings.secrets,
        folder=settings.logs if to_file else None,
    )
    for line in (*corrected(privacy), *map(" ".join, warnings(privacy))):
        logger.warning("%s", line)
    return settings


def with_core(work: Callable[["Core"], Awaitable[T]], settings: Settings | None = None) -> T:
    """Run `work` with an open core in a new event loop. Raises: ConfigError, StorageError, and what `work` raises."""
    from bot.core import open_core

    opened = settings or open_settings()

    async def run() -> T:
        async with open_core(opened) as core:
            return await work(core)

    return asyncio.run(run())


def ask(
    command: str,
    *,
    words: str = "",
    options: dict[str, str] | None = None,
    channel: str | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Answer:
    """Run a chat command as the console's person; return the answer. Raises: UserError for an unknown channel."""
    from bot.cli.reports import ask as ask_core

    words = valid_text(words)
    options = None if options is None else {name: valid_text(value) for name, value in options.items()}

    return with_core(
        lambda core: ask_core(core, command, words=words, options=options, channel=channel, attachments=attachments)
    )


def valid_text(text: str) -> str:
    """Return an argument with its lone surrogates replaced, which stand for bytes that are not valid UTF-8."""
    return text.encode("utf-8", errors="surrogatepass").decode("utf-8", errors="replace")


def print_answer(answer: Answer, *, as_json: bool) -> None:
    """Print the answer to standard output; a refusal, unless as JSON, to standard error.

    Raises: SystemExit after a refusal.
    """
    from bot.cli.output import as_rows, console, errors, print_json, show

    refused = isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    if as_json:
        for row in as_rows(answer):
            print_json(row)
    else:
        show(answer, errors if refused else console)
    if refused:
        sys.exit(FAILED)
