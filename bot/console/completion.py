"""What may follow the words typed so far: commands, their subcommands, and which option's values to ask for."""

import re
from dataclasses import dataclass
from typing import Final

from handlers.commands.table import COMMANDS, Command, Option

_BY_NAME: Final = {command.name: command for command in COMMANDS}
_IN_CHANNEL: Final = re.compile(r"(?:^|\s)in\s+(?P<typed>#?\S*)$", re.IGNORECASE)
_VERSUS: Final = re.compile(r"\s(?:vs\.?|versus)\s+(?P<typed>.*)$", re.IGNORECASE)
MOST: Final = 10
"""Suggestions shown at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    insert: str
    """The whole line once it is taken."""
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Values of an option to be looked up: each continues `before`."""

    command: str
    option: str
    typed: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    suggestions: tuple[Suggestion, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    channel: tuple[str, str] | None = None
    """(what stands before, the part of a channel's name) where the line ends in "in #..."."""


def plan(line: str) -> Plan:
    """Pure: what to offer for the line up to its end."""
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
        do, space, tail = rest.partition(" ")
        if not space:
            return Plan(suggestions=_subcommands(command, do))
        chosen = next((sub for sub in command.subcommands if sub.name == do.casefold()), None)
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
    place = _IN_CHANNEL.search(rest)
    if place and "channel" in by_name:
        return Plan(channel=(f"{head}{rest[: place.start('typed')]}", place["typed"].removeprefix("#")))
    other = _VERSUS.search(rest)
    if other and "versus" in by_name:
        before = f"{head}{rest[: other.start('typed')]}"
        return Plan(wanted=(Wanted(command=name, option="versus", typed=other["typed"], before=before),))
    start, _, last = rest.rpartition(" ")
    suggestions: list[Suggestion] = []
    wanted: list[Wanted] = []
    for position, option in enumerate(options):
        if position and not start:
            break
        typed = last if position else rest
        before = f"{head}{start} " if position else head
        if option.complete and option.name != "versus":
            wanted.append(Wanted(command=name, option=option.name, typed=typed, before=before))
        suggestions += [
            Suggestion(insert=f"{before}{choice}", label=choice, detail=option.summary)
            for choice in option.choices
            if choice.startswith(typed.casefold())
        ]
    return Plan(suggestions=tuple(suggestions), wanted=tuple(wanted))
