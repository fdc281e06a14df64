"""Log lines contain no secrets, and log files are private."""

import json
import logging
import os
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from bot.logs import set_up_logs

logger = logging.getLogger("wirewatch.tests")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    for handler in before:
        root.removeHandler(handler)
    mask = os.umask(0)
    set_up_logs(level="INFO", log_format="json", secrets=["s3cret-value-of-ours"], folder=tmp_path / "logs")
    os.umask(mask)
    yield tmp_path / "logs" / "wirewatch.log"
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "secret",
    [
        "s3cret-value-of-ours",
        "xoxb-123456789012-abcdefghijkl",
        "xapp-1-A111-222-abcdef",
        "https://hooks.slack.com/commands/T1/2/abc",
        "https://discord.com/api/v10/webhooks/1/abcdef",
        "bot:hunter22@",
    ],
)
def test_a_secret_in_a_message_an_argument_or_an_error_is_redacted(secret: str, log: Path) -> None:
    shown = f"postgresql://{secret}db/wire" if secret.endswith("@") else secret

    logger.info("in the message %s", shown)
    try:
        raise RuntimeError(f"in the error {shown}")
    except RuntimeError:
        logger.exception("failed")

    text = log.read_text(encoding="utf-8")
    assert secret.rstrip("@") not in text
    assert text.count("[redacted]") >= 2


def test_a_line_is_one_json_object_with_time_level_and_logger(log: Path) -> None:
    logger.warning("The poll of %s was postponed", "Example Wire")

    line = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])

    assert line["event"] == "The poll of Example Wire was postponed"
    assert (line["level"], line["logger"]) == ("warning", "wirewatch.tests")
    assert line["timestamp"].endswith("Z")


def test_only_the_owner_can_read_log_files_even_rotated_ones(log: Path) -> None:
    before = os.umask(0)
    try:
        (handler,) = (each for each in logging.getLogger().handlers if isinstance(each, RotatingFileHandler))
        handler.doRollover()
        logger.info("in the second file")
    finally:
        os.umask(before)

    assert [path.stat().st_mode & 0o777 for path in sorted(log.parent.iterdir())] == [0o600, 0o600]
