"""Suggestions for a command line: commands, subcommands, choices, and the option values to look up."""

import re
from dataclasses import dataclass
from typing import Final

from handlers.commands.definitions import Command, Option
from handlers.commands.table import COMMANDS

_BY_NAME: Final = {command.name: command for command in COMMANDS}
_IN_CHANNEL: Final = re.compile(r"(?:^|\s)in\s+(?P<typed>#?\S*)$", re.IGNORECASE)
_VERSUS: Final = re.compile(r"\s(?:vs\.?|versus)\s+(?P<typed>.*)$", re.IGNORECASE)
MAX_SUGGESTIONS: Final = 10
"""Suggestions shown at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    insert: str
    """The command line after the suggestion is accepted."""
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """An option whose values complete what is typed; each value is appended to `before`."""

    command: str
    option: str
    typed: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to suggest for a command line: fixed suggestions, and what has to be looked up in the database."""

    suggestions: tuple[Suggestion, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    channel: tuple[str, str] | None = None
    """(the line before the name, the typed part of the name) where the line ends in "in #name"."""


def plan(line: str) -> Plan:
    """Return what to suggest at the end of the line. Does no I/O."""
    if not line.startswith("/"):
        return Plan()
    name, space, rest = line[1:].partition(" ")
    if not space:
        return Plan(
            suggestions=tuple(
                Suggestion(insert=f"/{command.name} ", label=f"/{command.name}", detail=command.summary)
                for command in COMMANDS
                if command.name.startswith(name.casefold())
            )
        )
    command = _BY_NAME.get(name.casefold())
    if command is None:
        return Plan()
    head, options, full_name = f"/{command.name} ", command.options, command.name
    if command.subcommands:
        typed, space, tail = rest.partition(" ")
        if not space:
            return Plan(suggestions=_subcommands(command, typed))
        chosen = next((sub for sub in command.subcommands if sub.name == typed.casefold()), None)
        if chosen is None:
            return Plan()
        head, options, rest = f"{head}{chosen.name} ", chosen.options, tail
        full_name = f"{command.name} {chosen.name}"
    return _values(full_name, head, options, rest)


def _subcommands(command: Command, typed: str) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(insert=f"/{command.name} {sub.name} ", label=f"{sub.name} {sub.usage}".strip(), detail=sub.summary)
        for sub in command.subcommands
        if sub.name.startswith(typed.casefold())
    )


def _values(name: str, head: str, options: tuple[Option, ...], rest: str) -> Plan:
    by_name = {option.name: option for option in options}
    in_channel = _IN_CHANNEL.search(rest)
    if in_channel and "channel" in by_name:
        before = f"{head}{rest[: in_channel.start('typed')]}"
        return Plan(channel=(before, in_channel["typed"].removeprefix("#")))
    versus = _VERSUS.search(rest)
    if versus and "versus" in by_name:
        before = f"{head}{rest[: versus.start('typed')]}"
        return Plan(lookups=(Lookup(command=name, option="versus", typed=versus["typed"], before=before),))
    start, _, last = rest.rpartition(" ")
    suggestions: list[Suggestion] = []
    lookups: list[Lookup] = []
    for position, option in enumerate(options):
        if position and not start:
            break
        typed = last if position else rest
        before = f"{head}{start} " if position else head
        if option.complete and option.name != "versus":
            lookups.append(Lookup(command=name, option=option.name, typed=typed, before=before))
        suggestions += [
            Suggestion(insert=f"{before}{choice}", label=choice, detail=option.summary)
            for choice in option.choices
            if choice.startswith(typed.casefold())
        ]
    return Plan(suggestions=tuple(suggestions), lookups=tuple(lookups))
