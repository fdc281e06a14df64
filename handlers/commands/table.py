"""COMMANDS: the one table of commands. Manifest, Discord's tree, help, README and parser are made from it."""

from dataclasses import dataclass, replace
from typing import Final, Literal

Completion = Literal["topic", "subscription", "source", "period", "zone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    name: str
    summary: str
    required: bool = False
    asked: bool = False
    """Where it is missing, a form asks for it on a platform that has any."""
    kind: Literal["text", "channel", "file", "mention"] = "text"
    multiline: bool = False
    """A long text whose line breaks count."""
    choices: tuple[str, ...] = ()
    complete: Completion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    name: str
    summary: str
    usage: str = ""
    options: tuple[Option, ...] = ()
    changes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    name: str
    summary: str
    """One line, at most 100 characters."""
    usage: str
    """The words after the command, as Slack's hint shows them."""
    options: tuple[Option, ...] = ()
    subcommands: tuple[Subcommand, ...] = ()
    """Named by the option "do" where options are typed. The first is what the bare command does."""
    changes: bool = False
    """Needs the right to manage the channel."""
    owns: str = ""
    """What its changes are about, where that is the whole workspace's: then the right is that of the place."""


_TOPIC = Option(name="topic", summary="A topic's name, or a query", required=True, complete="topic")
_CHANNEL = Option(name="channel", summary="Another channel than this one", kind="channel")
_PERIOD = Option(name="period", summary="24h, 7d, 30d, 2w ...", complete="period")
_QUERY = Option(name="query", summary='The query: words, "phrases", AND OR NOT ( )', required=True)
_ASKED = replace(_QUERY, asked=True)
_NAME = Option(name="name", summary="The topic's name", required=True, complete="topic")
_SOURCE = Option(name="source", summary="Its name or address", required=True, complete="source")

COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        name="subscribe",
        summary="Send alerts about a topic to a channel",
        usage="TOPIC [in #channel] [instant, daily, weekly] [mention @group]",
        options=(
            _TOPIC,
            Option(name="pace", summary="How often", choices=("instant", "daily", "weekly")),
            _CHANNEL,
            Option(name="mention", summary="A role, or yourself, that each new alert mentions", kind="mention"),
        ),
        changes=True,
    ),
    Command(
        name="unsubscribe",
        summary="Stop alerts about a topic",
        usage="TOPIC [in #channel]",
        options=(
            Option(name="topic", summary="The topic to stop", required=True, complete="subscription"),
            _CHANNEL,
        ),
        changes=True,
    ),
    Command(
        name="subscriptions",
        summary="What this channel gets, and at what pace",
        usage="[in #channel]",
        options=(_CHANNEL,),
    ),
    Command(
        name="brief",
        summary="What happened about a topic, quoted and cited",
        usage="TOPIC [7d]",
        options=(_TOPIC, _PERIOD),
    ),
    Command(
        name="digest",
        summary="This channel's round-up: now, at an hour of yours, or off",
        usage="[now | at 08:30 [zone] [weekdays] | off]",
        subcommands=(
            Subcommand(name="show", summary="The next three times"),
            Subcommand(name="now", summary="A digest at once, to you alone"),
            Subcommand(
                name="at",
                summary="Every day at this hour",
                usage="08:30 [Europe/Berlin] [mon-fri]",
                options=(
                    Option(name="time", summary="The time of day, such as 08:30", required=True),
                    Option(name="zone", summary="A time zone, such as Europe/Berlin", complete="zone"),
                    Option(name="days", summary="mon-fri, or mon,wed,fri"),
                ),
                changes=True,
            ),
            Subcommand(name="off", summary="No digest", changes=True),
        ),
    ),
    Command(
        name="topics",
        summary="List, show, add, edit, remove or test topics",
        usage="[list | show NAME | add NAME = QUERY | edit NAME = QUERY | remove NAME | test QUERY]",
        owns="this workspace's topics",
        subcommands=(
            Subcommand(name="list", summary="Every topic this workspace may use"),
            Subcommand(name="show", summary="A topic's query and figures", usage="NAME", options=(_NAME,)),
            Subcommand(
                name="add",
                summary="Make a topic",
                usage="NAME = QUERY",
                options=(Option(name="name", summary="Its name", required=True, asked=True), _ASKED),
                changes=True,
            ),
            Subcommand(
                name="edit",
                summary="Change a topic's query",
                usage="NAME = QUERY",
                options=(_NAME, _ASKED),
                changes=True,
            ),
            Subcommand(name="remove", summary="Remove a topic", usage="NAME", options=(_NAME,), changes=True),
            Subcommand(
                name="test", summary="What a query would have caught in 30 days", usage="QUERY", options=(_QUERY,)
            ),
        ),
    ),
    Command(
        name="sources",
        summary="List, add, remove, pause, resume, check, import or export sources",
        usage="[list | add URL | remove SOURCE | pause SOURCE | resume SOURCE | check URL | import | export]",
        owns="this workspace's sources",
        subcommands=(
            Subcommand(name="list", summary="Every source, its health and next poll"),
            Subcommand(
                name="add",
                summary="Watch a feed; any page of the site will do",
                usage="URL",
                options=(Option(name="url", summary="Any page of the site", required=True),),
                changes=True,
            ),
            Subcommand(name="remove", summary="Stop watching it", usage="SOURCE", options=(_SOURCE,), changes=True),
            Subcommand(name="pause", summary="Stop for a while", usage="SOURCE", options=(_SOURCE,), changes=True),
            Subcommand(name="resume", summary="Go on", usage="SOURCE", options=(_SOURCE,), changes=True),
            Subcommand(
                name="check",
                summary="Read an address now and say what is there",
                usage="URL",
                options=(Option(name="url", summary="A page or a feed", required=True),),
            ),
            Subcommand(
                name="import",
                summary="Add the feeds of an OPML file",
                usage="[URL, or attach the file]",
                options=(
                    Option(name="file", summary="The OPML file", kind="file"),
                    Option(name="url", summary="Where it lies"),
                ),
                changes=True,
            ),
            Subcommand(name="export", summary="This workspace's feeds as OPML"),
        ),
    ),
    Command(
        name="find",
        summary="Search the archive",
        usage="QUERY [30d]",
        options=(_QUERY, _PERIOD),
    ),
    Command(
        name="check",
        summary="Which topics a text or a file hits; nothing is stored",
        usage="TEXT, or attach a file",
        options=(
            Option(name="text", summary="The text to check", multiline=True),
            Option(name="file", summary="The file to check", kind="file"),
        ),
    ),
    Command(
        name="trend",
        summary="Mentions a day, of one topic or two",
        usage="TOPIC [vs TOPIC] [30d]",
        options=(
            _TOPIC,
            Option(name="versus", summary="A topic to compare with", complete="topic"),
            _PERIOD,
        ),
    ),
    Command(
        name="why",
        summary="Why something was, or was not, posted here",
        usage="URL",
        options=(Option(name="url", summary="The article's address", required=True),),
    ),
    Command(
        name="news",
        summary="Help, health and settings",
        usage="[health | zone Europe/Berlin | quiet 22:00-07:00 | language en,de | changes anyone]",
        owns="this workspace's settings",
        subcommands=(
            Subcommand(name="help", summary="Every command in a line"),
            Subcommand(name="health", summary="Sources, deliveries and the ledger at a glance"),
            Subcommand(
                name="zone",
                summary="This workspace's time zone",
                usage="Europe/Berlin",
                options=(
                    Option(name="zone", summary="A time zone, such as Europe/Berlin", required=True, complete="zone"),
                ),
                changes=True,
            ),
            Subcommand(
                name="quiet",
                summary="Hours without alerts",
                usage="22:00-07:00 | off",
                options=(Option(name="hours", summary="The hours, such as 22:00-07:00, or off", required=True),),
                changes=True,
            ),
            Subcommand(
                name="language",
                summary="Languages to be alerted in",
                usage="en,de | all",
                options=(Option(name="languages", summary="Languages, such as en,de, or all", required=True),),
                changes=True,
            ),
            Subcommand(
                name="changes",
                summary="Who may change what a channel gets",
                usage="anyone | managers",
                options=(
                    Option(
                        name="who", summary="Who: anyone, or managers", required=True, choices=("anyone", "managers")
                    ),
                ),
                changes=True,
            ),
        ),
    ),
)


def form_options(command: str) -> tuple[Option, ...]:
    """The text options of "topics add", in the order of the table."""
    name, _, do = command.partition(" ")
    for entry in COMMANDS:
        if entry.name == name:
            nested = [option for sub in entry.subcommands if sub.name == do for option in sub.options]
            return tuple(option for option in (*entry.options, *nested) if option.kind == "text")
    return ()


def form_title(command: str) -> str:
    """ "Add topic" for "topics add"."""
    noun, _, verb = command.partition(" ")
    return f"{verb or noun} {noun.removesuffix('s') if verb else ''}".strip().capitalize()
