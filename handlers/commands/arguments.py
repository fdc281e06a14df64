"""Parse the text after a command: subcommand, options, "in #channel", pace, period, and the mistakes people make."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from handlers.answers.errors import UserError
from handlers.answers.times import is_clock, split_period
from handlers.commands.definitions import Command, Option, Subcommand
from handlers.commands.table import COMMANDS
from storage.records import Pace

_BY_NAME: Final = {command.name: command for command in COMMANDS}
_CHANNEL: Final = re.compile(
    r"(?:^|\s)in\s+(?:<#(?P<id>[A-Z0-9]+)(?:\|(?P<label>[^>]*))?>|#(?P<name>[^\s#<>]+))\s*$", re.IGNORECASE
)
_NAMED: Final = {
    name: re.compile(rf"(?:^|\s){name}(?:\s*[:=]\s*|\s+)(?P<value>{values})[\s,]*(?=$|\s)", re.IGNORECASE)
    for name, values in (("grouping", r"\w+"), ("notify", "on|off"))
}
"""Options that are typed with their name: "grouping strict"."""
_MENTION: Final = re.compile(r"(?:^|\s)mention\s+[@<]\S+\s*$", re.IGNORECASE)
_LINK: Final = re.compile(r"^<(?P<url>https?://[^|>\s]+)(?:\|[^>]*)?>$", re.IGNORECASE)
_VERSUS: Final = re.compile(r"\s+(?:vs\.?|versus)\s+", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"^<?https?://|^[\w-]+(\.[\w-]+)+(/|$)", re.IGNORECASE)
_DAYS: Final = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)(s|nes|rs|ur)?(day)?s?\b|(week|every|daily)", re.IGNORECASE)
MAX_WORDS: Final = 2_000
"""The longest option, in characters."""
MAX_TEXT: Final = 40_000
"""The longest multi-line option, in characters: as long as a Slack message can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCommand:
    """A command with its options, whether they were typed as text or chosen one by one."""

    command: Command
    subcommand: Subcommand | None
    options: Mapping[str, str] = field(default_factory=dict)
    """Values by option name; no value is empty."""
    channel: str | None = None
    """The name or external id in "in #channel"; None: the text had none."""

    @property
    def accepted_options(self) -> tuple[Option, ...]:
        """The options that the command accepts, in the order of the table."""
        return self.command.options if self.subcommand is None else self.subcommand.options

    @property
    def changes(self) -> bool:
        """Whether it needs the right to manage the channel."""
        return self.command.changes or (self.subcommand is not None and self.subcommand.changes)

    @property
    def name(self) -> str:
        """The command with its subcommand, such as "topics add"."""
        return self.command.name if self.subcommand is None else f"{self.command.name} {self.subcommand.name}"

    @property
    def usage(self) -> str:
        """The whole command as people type it, such as "/topics add NAME = QUERY"."""
        usage = self.command.usage if self.subcommand is None else self.subcommand.usage
        return f"/{self.name} {usage}".strip()


def parse_command(name: str, words: str, options: Mapping[str, str] | None) -> ParsedCommand:
    """Return the command with its options. `words` is the text after it, ignored if `options` is given.

    Raises: UserError for an unknown command, subcommand or choice, a missing option, or too long a text.
    """
    command = _command(name)
    if options is not None:
        long = {option.name for option in command.options if option.multiline}
        given = {
            key: _check_text(value) if key in long else _check_length(_tidy(value), is_query=key == "query")
            for key, value in options.items()
        }
        given = {key: value for key, value in given.items() if value}
        subcommand = _subcommand(command, given.pop("do", ""), "")
        return _checked(ParsedCommand(command=command, subcommand=subcommand, options=given))
    if command.options and command.options[0].multiline:
        text = _check_text(words)
        given = {command.options[0].name: text} if text else {}
        return ParsedCommand(command=command, subcommand=None, options=given)
    text = _check_length(_tidy(words), is_query=command.name == "topics")
    channel = None
    text, named = _split_named(command, text)
    if any(option.kind == "mention" for option in command.options) and _MENTION.search(text):
        # A platform that knows whom these words mean has removed them from the text.
        raise UserError("I can't tell whom to mention. Choose a user group or yourself from the chat's suggestions.")
    if any(option.kind == "channel" for option in command.options):
        text, channel = _split_channel(text)
    subcommand = None
    if command.subcommands:
        first, _, rest = text.partition(" ")
        subcommand = _subcommand(command, first, rest)
        text = rest.strip()
    parsed = ParsedCommand(command=command, subcommand=subcommand, channel=channel)
    given = {key: value for key, value in (_PARSERS[parsed.name](text) | named).items() if value}
    return _checked(replace(parsed, options=given))


def _tidy(text: str) -> str:
    """Return the text on one line, with single spaces and with straight quotes for the curly ones that phones type."""
    return " ".join(text.translate({0x201C: '"', 0x201D: '"', 0x201E: '"'}).split())


def _check_length(text: str, limit: int = MAX_WORDS, *, is_query: bool = False) -> str:
    if len(text) > limit:
        problem = f"That is {len(text):,} characters; a command takes up to {limit:,}."
        if not is_query:
            raise UserError(f"{problem} Shorten it.")
        raise UserError(
            f"{problem} A query can use other topics: narrow one with @sanctions NOT word, or combine several with "
            "@first OR @second.",
            code="/topics add NAME = @sanctions NOT word",
        )
    return text


def _check_text(text: str) -> str:
    """Return a multi-line text with its line breaks."""
    return _check_length(text.strip(), MAX_TEXT)


def _command(name: str) -> Command:
    command = _BY_NAME.get(name.strip().lstrip("/").casefold())
    if command is not None:
        return command
    similar = difflib.get_close_matches(name.strip().lstrip("/").casefold(), _BY_NAME, n=1)
    hint = f"Did you mean /{similar[0]}?" if similar else "/news lists all commands."
    raise UserError(f"There is no command /{name.strip().lstrip('/')}. {hint}")


def _subcommand(command: Command, word: str, rest: str) -> Subcommand | None:
    if not command.subcommands:
        return None
    by_name = {sub.name: sub for sub in command.subcommands}
    if not word:
        return command.subcommands[0]
    name = word.casefold()
    if name in by_name:
        return by_name[name]
    tail = f"{word} {rest}".strip()
    similar = difflib.get_close_matches(name, by_name, n=1)
    if similar:
        meant = f"/{command.name} {similar[0]} {rest}".strip()
    elif command.name == "digest" and is_clock(word):
        meant = f"/digest at {tail}"
    elif command.name == "sources" and _ADDRESS.search(word):
        meant = f"/sources add {tail}"
    elif command.name == "topics":
        meant = f"/topics add {tail}" if "=" in tail else f"/topics show {tail}"
    else:
        meant = ""
    # Without a question mark, which chats would make part of a link at the end.
    hint = f"Did you mean: {meant}" if meant else f"Choose one of: {', '.join(by_name)}."
    raise UserError(f'/{command.name} has no subcommand "{word}". {hint}', code=f"/{command.name} {command.usage}")


def _checked(parsed: ParsedCommand) -> ParsedCommand:
    """Return the command if no required option is missing and no choice is unknown. A form asks for some options."""
    for option in parsed.accepted_options:
        value = parsed.options.get(option.name)
        if value is None and option.required and not option.in_form:
            raise UserError(f"/{parsed.name} needs {option.summary[0].lower()}{option.summary[1:]}.", code=parsed.usage)
        if value is not None and option.choices and value.casefold() not in (*option.choices, *option.slack_choices):
            raise UserError(
                f'"{value}" is not a choice here. Choose one of: {", ".join(option.choices)}.', code=parsed.usage
            )
    return parsed


def _split_named(command: Command, text: str) -> tuple[str, dict[str, str]]:
    """Return the text without options like "grouping strict" after the topic, and the options that the command has."""
    named: dict[str, str] = {}
    for option in command.options:
        found = _NAMED[option.name].search(text) if option.name in _NAMED else None
        if found is not None and found.start():
            text = f"{text[: found.start()].rstrip(' ,')} {text[found.end() :].lstrip()}".strip()
            named[option.name] = found["value"]
    return text, named


def _split_channel(text: str) -> tuple[str, str | None]:
    """Return the text without "in #channel" at its end or just before a pace, and that channel."""
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
    """Return the address as it was typed, before the chat turned it into a link."""
    found = _LINK.match(text.strip())
    return found["url"] if found else text.strip()


def _subscribe(text: str) -> dict[str, str]:
    topic, pace = _split_pace(text)
    return {"topic": topic, "pace": pace or ""}


def _with_period(name: str) -> Callable[[str], dict[str, str]]:
    def parse(text: str) -> dict[str, str]:
        rest, period = split_period(text)
        return {name: rest, "period": period or ""}

    return parse


def _trend(text: str) -> dict[str, str]:
    rest, period = split_period(text)
    if _VERSUS.search(f"{rest} ") and not _VERSUS.search(rest):
        raise UserError("/trend needs a second topic after vs.", code="/trend TOPIC vs TOPIC")
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
    if not zone:  # a city, perhaps of several words, comes before the days
        first = next((place for place, word in enumerate(rest) if _DAYS.match(word)), len(rest))
        zone, rest = " ".join(rest[:first]), rest[first:]
    return {"time": time, "zone": zone, "days": " ".join(rest)}


def _single(name: str) -> Callable[[str], dict[str, str]]:
    return lambda text: {name: text}


def _address(text: str) -> dict[str, str]:
    return {"url": plain_address(text)}


def _source(text: str) -> dict[str, str]:
    return {"source": plain_address(text)}


def _no_options(text: str) -> dict[str, str]:
    return {}


_PARSERS: Final[Mapping[str, Callable[[str], dict[str, str]]]] = {
    "subscribe": _subscribe,
    "unsubscribe": _single("topic"),
    "subscriptions": _no_options,
    "brief": _with_period("topic"),
    "digest show": _no_options,
    "digest now": _no_options,
    "digest at": _digest_at,
    "digest off": _no_options,
    "topics list": _no_options,
    "topics show": _single("name"),
    "topics add": _name_and_query,
    "topics edit": _name_and_query,
    "topics remove": _single("name"),
    "topics test": _single("query"),
    "sources list": _no_options,
    "sources add": _address,
    "sources remove": _source,
    "sources pause": _source,
    "sources resume": _source,
    "sources check": _address,
    "sources import": _address,
    "sources export": _no_options,
    "find": _with_period("query"),
    "trend": _trend,
    "why": _address,
    "news help": _no_options,
    "news health": _no_options,
    "news zone": _single("zone"),
    "news quiet": _single("hours"),
    "news language": _single("languages"),
    "news changes": _single("who"),
}
