"""Structured logs: one line for each event, to standard error and to a file, without secrets."""

import logging
import logging.handlers
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import structlog

from storage.addresses import replace_secrets_in_text
from storage.private_files import make_folder, opener

REDACTED: Final = "[redacted]"
# Secrets that are not in the settings: Slack and Discord tokens; webhook, response and socket URLs; bearer headers.
# Passwords and keys in other URLs are recognized by their place in the URL.
_SECRET_PATTERN: Final = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|wss://\S+"
    r"|https://hooks\.slack\.com/\S+|https://discord(?:app)?\.com/api/(?:v\d+/)?(?:webhooks|interactions)/\S+"
    r"|(?<=Bearer )[\w.~+/=-]{8,}|(?<=Bot )[\w.-]{20,}"
)
_WARNINGS_ONLY: Final = (
    "asyncio",
    "aiosqlite",
    "watchfiles",
    "discord",
    "uvicorn.access",
    "matplotlib",
    "urllib3",
    "fontTools",
    "PIL",
)
# Our own log lines and reasons describe the documents that these complain about.
_SILENT: Final = ("trafilatura", "htmldate", "charset_normalizer")


class Redact:
    """A structlog processor that replaces configured secrets, and anything that looks like a secret."""

    def __init__(self, secrets: Sequence[str]) -> None:
        pattern = "|".join(re.escape(secret) for secret in sorted(secrets, key=len, reverse=True) if len(secret) >= 6)
        self._configured = re.compile(pattern) if pattern else None

    def __call__(self, logger: Any, method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {key: self._clean(value) for key, value in event.items()}

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            if self._configured is not None:
                value = self._configured.sub(REDACTED, value)
            return replace_secrets_in_text(_SECRET_PATTERN.sub(REDACTED, value), lambda secret: REDACTED)
        if isinstance(value, dict):
            return {key: self._clean(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._clean(inner) for inner in value]
        return value if isinstance(value, (int, float, bool, type(None))) else self._clean(str(value))


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating log file that only its owner can read."""

    def _open(self) -> Any:
        return open(self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors, opener=opener)


def set_up_logs(*, level: str, log_format: str, secrets: Sequence[str], folder: Path | None) -> None:
    """Configure all loggers of the process.

    Logs go to standard error, and to wirewatch.log in `folder` if one is given. That file is rotated at 10 MB, and five
    old files are kept.
    """
    redact = Redact(secrets)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]

    def formatter(renderer: structlog.typing.Processor) -> structlog.stdlib.ProcessorFormatter:
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                renderer,
            ],
        )

    plain = structlog.dev.ConsoleRenderer(colors=False)
    json = structlog.processors.JSONRenderer()
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(formatter(json if log_format == "json" else plain))
    root.addHandler(stream)
    if folder is not None:
        make_folder(folder)
        file = _PrivateFile(folder / "wirewatch.log", maxBytes=10_000_000, backupCount=5, encoding="utf-8")
        file.setFormatter(formatter(json))
        root.addHandler(file)
    root.setLevel(level)
    for name in _WARNINGS_ONLY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
