"""What every terminal command needs: the settings with its logs, an open core, an answer asked for and printed."""

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

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


def settings_of(*, to_file: bool = False, level: str = "WARNING", **overrides: str) -> Settings:
    """The settings, with the logs set up as they say: on standard error, `to_file` also in the data folder.

    What other users of the machine can read of the data folder is made private, and logged. Raises: ConfigError.
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
    """Do it with an open core, in an event loop of its own. Raises: ConfigError, StorageError."""
    from bot.core import open_core

    chosen = settings or settings_of()

    async def inside() -> T:
        async with open_core(chosen) as core:
            return await work(core)

    return asyncio.run(inside())


def ask(
    command: str,
    *,
    words: str = "",
    options: dict[str, str] | None = None,
    channel: str | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Answer:
    """The same door as in chat, as the console's own person."""
    from bot.cli.reports import ask as ask_core

    words = whole(words)
    options = None if options is None else {name: whole(value) for name, value in options.items()}

    return with_core(
        lambda core: ask_core(core, command, words=words, options=options, channel=channel, attachments=attachments)
    )


def whole(text: str) -> str:
    """What was typed, without the half characters that stand for bytes in no encoding."""
    return text.encode("utf-8", errors="surrogatepass").decode("utf-8", errors="replace")


def print_answer(answer: Answer, *, as_json: bool) -> None:
    """What was asked for on standard output; a refusal, for people, on standard error. Raises: SystemExit for one."""
    from bot.cli.output import as_rows, console, errors, print_json, show

    refused = isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    if as_json:
        for row in as_rows(answer):
            print_json(row)
    else:
        show(answer, errors if refused else console)
    if refused:
        sys.exit(FAILED)
