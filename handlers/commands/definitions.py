"""What a command, a subcommand and an option are defined by."""

from dataclasses import dataclass
from typing import Literal

Completion = Literal["topic", "subscription", "source", "period", "zone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of a command."""

    name: str
    summary: str
    """What its value is, at most 100 characters. It also completes the sentence "/COMMAND needs ..."."""
    required: bool = False
    in_form: bool = False
    """If it is missing, platforms with forms show one that asks for it, instead of an error."""
    kind: Literal["text", "channel", "file", "mention"] = "text"
    multiline: bool = False
    """A long text that keeps its line breaks."""
    choices: tuple[str, ...] = ()
    slack_choices: tuple[str, ...] = ()  # more choices, which only Slack has
    complete: Completion | None = None
    """What autocomplete suggests for it."""
    takes_query: bool = False
    """Whether any query may be typed instead of the name of a topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """A subcommand, such as "add" of "topics"."""

    name: str
    summary: str
    """At most 100 characters."""
    usage: str = ""
    """The text after the subcommand."""
    options: tuple[Option, ...] = ()
    changes: bool = False
    """Whether it needs the right to manage the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command."""

    name: str
    summary: str
    """At most 100 characters."""
    usage: str
    """The text after the command, as Slack's hint shows it."""
    options: tuple[Option, ...] = ()
    subcommands: tuple[Subcommand, ...] = ()
    """The option "do" names one of them. Without it, the command does the first."""
    changes: bool = False
    """Whether it needs the right to manage the channel that it is about."""
    affects: str = ""
    """What its changes affect if that is the whole workspace. They then need the right where the command is used."""
