"""The table of commands: its texts fit everywhere, and forms ask for the text options of a command."""

import pytest

from handlers.commands.table import COMMANDS, form_options, form_title

TAKEN_BY_SLACK = {
    *"archive call collapse dnd expand feed feedback invite join kick leave me msg mute open remind".split(),
    *"remove rename search shortcuts shrug star status topic who".split(),
}


def test_no_name_is_one_that_slack_keeps_for_itself() -> None:
    assert {command.name for command in COMMANDS} & TAKEN_BY_SLACK == set()


def test_every_summary_fits_in_the_menus_of_every_platform() -> None:
    subcommands = [sub for command in COMMANDS for sub in command.subcommands]
    options = [option for entry in (*COMMANDS, *subcommands) for option in entry.options]

    assert [entry.summary for entry in (*COMMANDS, *subcommands, *options) if not 1 <= len(entry.summary) <= 100] == []


@pytest.mark.parametrize(
    ("command", "options", "title"),
    [
        ("topics add", ["name", "query"], "Add topic"),
        ("brief", ["topic", "period"], "Brief"),
        ("digest at", ["time", "zone", "days"], "At digest"),
        ("topics unknown", [], "Unknown topic"),
    ],
)
def test_a_form_has_the_text_options_of_its_command(command: str, options: list[str], title: str) -> None:
    assert [option.name for option in form_options(command)] == options
    assert form_title(command) == title
