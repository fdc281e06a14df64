"""The words after a command, turned into arguments: subcommands, "in #channel", paces, what each command expects."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from handlers.answers.errors import UserError
from handlers.answers.times import is_clock, split_period
from handlers.commands.table import COMMANDS, Command, Option, Subcommand
from storage.records import Pace

_BY_NAME: Final = {command.name: command for command in COMMANDS}
_CHANNEL: Final = re.compile(
    r"(?:^|\s)in\s+(?:<#(?P<id>[A-Z0-9]+)(?:\|(?P<label>[^>]*))?>|#(?P<name>[^\s#<>]+))\s*$", re.IGNORECASE
)
_MENTION: Final = re.compile(r"(?:^|\s)mention\s+[@<]\S+\s*$", re.IGNORECASE)
_LINK: Final = re.compile(r"^<(?P<url>https?://[^|>\s]+)(?:\|[^>]*)?>$", re.IGNORECASE)
_VERSUS: Final = re.compile(r"\s+(?:vs\.?|versus)\s+", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"^<?https?://|^[\w-]+(\.[\w-]+)+(/|$)", re.IGNORECASE)
_DAYS: Final = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)(s|nes|rs|ur)?(day)?s?\b|(week|every|daily)", re.IGNORECASE)
MAX_WORDS: Final = 2_000
MAX_TEXT: Final = 40_000
"""Of an option that holds a whole text: as long as a Slack message may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a person asked for, whichever way they said it."""

    command: Command
    do: Subcommand | None
    options: Mapping[str, str] = field(default_factory=dict)
    channel: str | None = None
    """The name or external id of "in #channel", where the words had one."""

    @property
    def options_wanted(self) -> tuple[Option, ...]:
        """What it may be told, in the order of the table."""
        return self.command.options if self.do is None else self.do.options

    @property
    def changes(self) -> bool:
        """It needs the right to manage the channel."""
        return self.command.changes or (self.do is not None and self.do.changes)

    @property
    def name(self) -> str:
        """ "topics add"."""
        return self.command.name if self.do is None else f"{self.command.name} {self.do.name}"


def read_words(name: str, words: str, options: Mapping[str, str] | None) -> Spoken:
    """The command with its arguments by option name; typed options win over words. Raises: UserError."""
    command = _command(name)
    if options is not None:
        long = {option.name for option in command.options if option.multiline}
        given = {
            key: _whole(value) if key in long else _within(_tidy(value), of_query=key == "query")
            for key, value in options.items()
        }
        given = {key: value for key, value in given.items() if value}
        do = _subcommand(command, given.pop("do", ""), "")
        return _complete(Spoken(command=command, do=do, options=given))
    if command.options and command.options[0].multiline:
        return Spoken(command=command, do=None, options={command.options[0].name: _whole(words)})
    text = _within(_tidy(words), of_query=command.name == "topics")
    channel = None
    if any(option.kind == "mention" for option in command.options) and _MENTION.search(text):
        # Where the platform knows whom these words name, it has taken them out.
        raise UserError(
            "Whom to mention is not clear: choose a user group, or yourself, from those that the chat offers."
        )
    if any(option.kind == "channel" for option in command.options):
        text, channel = _split_channel(text)
    do = None
    if command.subcommands:
        first, _, rest = text.partition(" ")
        do = _subcommand(command, first, rest)
        text = rest.strip()
    given = _READERS[command.name if do is None else f"{command.name} {do.name}"](text)
    return _complete(
        Spoken(command=command, do=do, options={key: value for key, value in given.items() if value}, channel=channel)
    )


def _tidy(text: str) -> str:
    """One line, single spaces; curly quotes that a phone typed become plain ones, as the grammar reads them."""
    return " ".join(text.translate({0x201C: '"', 0x201D: '"', 0x201E: '"'}).split())


def _within(text: str, most: int = MAX_WORDS, *, of_query: bool = False) -> str:
    if len(text) > most:
        said = f"That is {len(text):,} characters; a command takes up to {most:,}."
        if not of_query:
            raise UserError(f"{said} Shorten it.")
        raise UserError(
            f"{said} A topic may name others: narrow one, @sanctions NOT word, or join several, @first OR @second.",
            code="/topics add NAME = @sanctions NOT word",
        )
    return text


def _whole(text: str) -> str:
    """With its line breaks."""
    return _within(text.strip(), MAX_TEXT)


def _command(name: str) -> Command:
    command = _BY_NAME.get(name.strip().lstrip("/").casefold())
    if command is not None:
        return command
    near = difflib.get_close_matches(name.strip().lstrip("/").casefold(), _BY_NAME, n=1)
    hint = f"Did you mean /{near[0]}?" if near else "/news lists every command."
    raise UserError(f"There is no command /{name.strip().lstrip('/')}. {hint}")


def _subcommand(command: Command, word: str, rest: str) -> Subcommand | None:
    if not command.subcommands:
        return None
    by_name = {sub.name: sub for sub in command.subcommands}
    if not word:
        return command.subcommands[0]
    folded = word.casefold()
    if folded in by_name:
        return by_name[folded]
    tail = f"{word} {rest}".strip()
    near = difflib.get_close_matches(folded, by_name, n=1)
    if near:
        meant = f"/{command.name} {near[0]} {rest}".strip()
    elif command.name == "digest" and is_clock(word):
        meant = f"/digest at {tail}"
    elif command.name == "sources" and _ADDRESS.search(word):
        meant = f"/sources add {tail}"
    elif command.name == "topics":
        meant = f"/topics add {tail}" if "=" in tail else f"/topics show {tail}"
    else:
        meant = ""
    known = ", ".join(by_name)
    hint = f"Did you mean {meant} ?" if meant else f"It knows: {known}."
    raise UserError(f'/{command.name} does not know "{word}". {hint}', code=f"/{command.name} {command.usage}")


def _inside(summary: str) -> str:
    """A summary within a sentence: its capital goes, unless it begins a name such as Europe/Berlin."""
    return summary if "/" in summary.partition(" ")[0] else f"{summary[0].lower()}{summary[1:]}"


def _complete(spoken: Spoken) -> Spoken:
    """The same, once every choice is one of the choices, and what is required is there, unless it is asked for."""
    usage = spoken.command.usage if spoken.do is None else spoken.do.usage
    for option in spoken.options_wanted:
        value = spoken.options.get(option.name)
        if value is None and option.required and not option.asked:
            raise UserError(
                f"/{spoken.name} needs one thing more: {_inside(option.summary)}.",
                code=f"/{spoken.name} {usage}".strip(),
            )
        if value is not None and option.choices and value.casefold() not in option.choices:
            raise UserError(
                f'"{value}" is not one of: {", ".join(option.choices)}.', code=f"/{spoken.name} {usage}".strip()
            )
    return spoken


def _split_channel(text: str) -> tuple[str, str | None]:
    """The words without "in #channel" at the end (or just before a pace), and that channel."""
    head, pace = _split_pace(text, alone=True)
    found = _CHANNEL.search(head)
    if found is None:
        return text, None
    channel = found["id"] or found["name"]
    return " ".join(part for part in (head[: found.start()].strip(), pace or "") if part), channel


def _split_pace(text: str, *, alone: bool = False) -> tuple[str, str | None]:
    head, _, last = text.rpartition(" ")
    word = last.casefold().strip(",")
    if word in set(Pace) and (head or alone):
        return head.strip().rstrip(","), word
    return text, None


def plain_address(text: str) -> str:
    """The address as it was before the chat made a link of it."""
    found = _LINK.match(text.strip())
    return found["url"] if found else text.strip()


def _subscribe(text: str) -> dict[str, str]:
    topic, pace = _split_pace(text)
    return {"topic": topic, "pace": pace or ""}


def _with_period(name: str) -> Callable[[str], dict[str, str]]:
    def read(text: str) -> dict[str, str]:
        rest, period = split_period(text)
        return {name: rest, "period": period or ""}

    return read


def _trend(text: str) -> dict[str, str]:
    rest, period = split_period(text)
    if _VERSUS.search(f"{rest} ") and not _VERSUS.search(rest):
        raise UserError("/trend needs one thing more: the topic to compare with.", code="/trend TOPIC vs TOPIC")
    topic, *others = _VERSUS.split(rest, maxsplit=1)
    return {"topic": topic.strip(), "versus": others[0].strip() if others else "", "period": period or ""}


def _name_and_query(text: str) -> dict[str, str]:
    name, _, query = text.partition("=")
    return {"name": name.strip().strip('"'), "query": query.strip()}


def _digest_at(text: str) -> dict[str, str]:
    time, *others = text.split(" ")
    if others and others[0].casefold() in ("am", "pm"):
        time += others.pop(0)
    zone = next((word for word in others if "/" in word or word.casefold() in ("utc", "gmt")), "")
    rest = [word for word in others if word != zone]
    if not zone:  # a city, perhaps of several words, stands before the days
        first = next((place for place, word in enumerate(rest) if _DAYS.match(word)), len(rest))
        zone, rest = " ".join(rest[:first]), rest[first:]
    return {"time": time, "zone": zone, "days": " ".join(rest)}


def _named(name: str) -> Callable[[str], dict[str, str]]:
    return lambda text: {name: text}


def _address(text: str) -> dict[str, str]:
    return {"url": plain_address(text)}


def _nothing(text: str) -> dict[str, str]:
    return {}


_READERS: Final[Mapping[str, Callable[[str], dict[str, str]]]] = {
    "subscribe": _subscribe,
    "unsubscribe": _named("topic"),
    "subscriptions": _nothing,
    "brief": _with_period("topic"),
    "digest show": _nothing,
    "digest now": _nothing,
    "digest at": _digest_at,
    "digest off": _nothing,
    "topics list": _nothing,
    "topics show": _named("name"),
    "topics add": _name_and_query,
    "topics edit": _name_and_query,
    "topics remove": _named("name"),
    "topics test": _named("query"),
    "sources list": _nothing,
    "sources add": _address,
    "sources remove": lambda text: {"source": plain_address(text)},
    "sources pause": lambda text: {"source": plain_address(text)},
    "sources resume": lambda text: {"source": plain_address(text)},
    "sources check": _address,
    "sources import": _address,
    "sources export": _nothing,
    "find": _with_period("query"),
    "trend": _trend,
    "why": _address,
    "news help": _nothing,
    "news health": _nothing,
    "news zone": _named("zone"),
    "news quiet": _named("hours"),
    "news language": _named("languages"),
    "news changes": _named("who"),
}
