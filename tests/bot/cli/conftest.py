"""A command line on a database that has the catalogue and the console, and one with an article."""

from pathlib import Path

import pytest

from tests.support.command_line import CommandLine, command_line

ARTICLE = b"""Huawei opens a plant in Example

Huawei opened a plant for 5G antennas on Monday, it said, and "the first of many" will be followed by others.

The plant is in Example, where 300 people will work from spring on.
"""


@pytest.fixture
def cli(tmp_path: Path, started_template: Path) -> CommandLine:
    return command_line(tmp_path, started_template)


@pytest.fixture
def stocked(cli: CommandLine) -> CommandLine:
    """The same with the article ingested."""
    assert cli("ingest", "-", stdin=ARTICLE).code == 0
    return cli
