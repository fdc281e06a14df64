"""COMMANDS: the table of commands. Slack's manifest, Discord's commands, help, parser and reference come from it."""

from dataclasses import replace
from typing import Final

from handlers.commands.definitions import Command, Option, Subcommand

_TOPIC = Option(name="topic", summary="A topic or a query", required=True, complete="topic", takes_query=True)
_CHANNEL = Option(name="channel", summary="A channel other than this one", kind="channel")
_PERIOD = Option(name="period", summary="24h, 7d, 30d, 2w ...", complete="period")
_QUERY = Option(name="query", summary='A query: words, "phrases", AND OR NOT ( )', required=True)
_FORM_QUERY = replace(_QUERY, summary='The query: words, "phrases", AND OR NOT ( )', in_form=True)
_NAME = Option(name="name", summary="The topic's name", required=True, complete="topic")
_SOURCE = Option(name="source", summary="A source's name or address", required=True, complete="source")
_WHO = Option(
    name="who",
    summary="anyone or managers; members on Slack",
    required=True,
    in_form=True,
    choices=("anyone", "managers"),
    slack_choices=("members",),
)

ALIAS: Final = "wirewatch"
"""Slack only: "/wirewatch find huawei" does what "/find huawei" does. Of two apps with a command of the same name, the
last installed gets it: https://docs.slack.dev/interactivity/implementing-slash-commands"""
COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        name="subscribe",
        summary="Send alerts about a topic to a channel",
        usage="TOPIC [in #channel] [instant, daily, weekly] [grouping strict] [notify off] [mention @group]",
        options=(
            _TOPIC,
            Option(name="pace", summary="How often", choices=("instant", "daily", "weekly")),
            _CHANNEL,
            Option(
                name="grouping",
                summary="Which reports share an alert: strict, only copies; normal, one event; off, none",
                choices=("normal", "strict", "off"),
            ),
            Option(name="notify", summary="Whether its alerts notify people (Discord)", choices=("on", "off")),
            Option(name="mention", summary="A role, or yourself, to mention in each new alert", kind="mention"),
        ),
        changes=True,
    ),
    Command(
        name="unsubscribe",
        summary="Stop alerts about a topic",
        usage="TOPIC [in #channel]",
        options=(
            Option(name="topic", summary="The topic to unsubscribe from", required=True, complete="subscription"),
            _CHANNEL,
        ),
        changes=True,
    ),
    Command(
        name="subscriptions",
        summary="What this channel gets, and how often",
        usage="[in #channel]",
        options=(_CHANNEL,),
    ),
    Command(
        name="brief",
        summary="What happened on a topic, with quotes and sources",
        usage="TOPIC [7d]",
        options=(_TOPIC, _PERIOD),
    ),
    Command(
        name="digest",
        summary="This channel's digest: preview it now, set its time, or turn it off",
        usage="[now | at 08:30 [zone] [weekdays] | off]",
        subcommands=(
            Subcommand(name="show", summary="When the next three digests come"),
            Subcommand(name="now", summary="Preview the digest; only you see it"),
            Subcommand(
                name="at",
                summary="Set the time of the digest",
                usage="08:30 [Europe/Berlin] [mon-fri]",
                options=(
                    Option(name="time", summary="A time of day, such as 08:30", required=True),
                    Option(name="zone", summary="A time zone, such as Europe/Berlin", complete="zone"),
                    Option(name="days", summary="The days: mon-fri, or mon,wed,fri"),
                ),
                changes=True,
            ),
            Subcommand(name="off", summary="Turn the digest off", changes=True),
        ),
    ),
    Command(
        name="topics",
        summary="List, show, add, edit, remove or test topics",
        usage="[list | show NAME | add NAME = QUERY | edit NAME = QUERY | remove NAME | test QUERY]",
        affects="this workspace's topics",
        subcommands=(
            Subcommand(name="list", summary="All topics that this workspace can use"),
            Subcommand(name="show", summary="A topic's query and figures", usage="NAME", options=(_NAME,)),
            Subcommand(
                name="add",
                summary="Add a topic",
                usage="NAME = QUERY",
                options=(Option(name="name", summary="A name for the topic", required=True, in_form=True), _FORM_QUERY),
                changes=True,
            ),
            Subcommand(
                name="edit",
                summary="Change a topic's query",
                usage="NAME = QUERY",
                options=(_NAME, _FORM_QUERY),
                changes=True,
            ),
            Subcommand(name="remove", summary="Remove a topic", usage="NAME", options=(_NAME,), changes=True),
            Subcommand(
                name="test",
                summary="What a query would have matched in the last 30 days",
                usage="QUERY",
                options=(_QUERY,),
            ),
        ),
    ),
    Command(
        name="sources",
        summary="List, add, remove, pause, resume, check, import or export sources",
        usage="[list | add URL | remove SOURCE | pause SOURCE | resume SOURCE | check URL | import | export]",
        affects="this workspace's sources",
        subcommands=(
            Subcommand(name="list", summary="All sources, with their health and next poll"),
            Subcommand(
                name="add",
                summary="Watch a feed; any page of the site will do",
                usage="URL",
                options=(Option(name="url", summary="The address of any page of the site", required=True),),
                changes=True,
            ),
            Subcommand(
                name="remove", summary="Stop watching a source", usage="SOURCE", options=(_SOURCE,), changes=True
            ),
            Subcommand(name="pause", summary="Pause a source", usage="SOURCE", options=(_SOURCE,), changes=True),
            Subcommand(
                name="resume", summary="Resume a paused source", usage="SOURCE", options=(_SOURCE,), changes=True
            ),
            Subcommand(
                name="check",
                summary="Read an address now and show what it contains",
                usage="URL",
                options=(Option(name="url", summary="The address of a page or a feed", required=True),),
            ),
            Subcommand(
                name="import",
                summary="Add the feeds in an OPML file",
                usage="[URL, or attach the file]",
                options=(
                    Option(name="file", summary="The OPML file", kind="file", in_form=True),
                    Option(name="url", summary="The address of the file"),
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
        summary="Which topics a text or a file matches; nothing is stored",
        usage="TEXT, or attach a file",
        options=(
            Option(name="text", summary="The text to check", multiline=True),
            Option(name="file", summary="The file to check", kind="file"),
        ),
    ),
    Command(
        name="trend",
        summary="Mentions per day, for one topic or two",
        usage="TOPIC [vs TOPIC] [30d]",
        options=(
            _TOPIC,
            Option(name="versus", summary="A topic to compare with", complete="topic", takes_query=True),
            _PERIOD,
        ),
    ),
    Command(
        name="why",
        summary="Why an article was, or was not, posted here",
        usage="URL or HEADLINE",
        options=(Option(name="url", summary="The article's address, or words of its headline", required=True),),
    ),
    Command(
        name="news",
        summary="Help, health and settings",
        usage="[health | zone Europe/Berlin | quiet 22:00-07:00 | language en,de | changes anyone]",
        affects="this workspace's settings",
        subcommands=(
            Subcommand(name="help", summary="All commands, one line each"),
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
                summary="The languages of alerts",
                usage="en,de | all",
                options=(Option(name="languages", summary="Language codes, such as en,de, or all", required=True),),
                changes=True,
            ),
            Subcommand(
                name="changes",
                summary="Who may change what a channel gets",
                usage="anyone | members | managers",
                options=(_WHO,),
                changes=True,
            ),
        ),
    ),
)


def form_options(command: str) -> tuple[Option, ...]:
    """Return the text options of a command such as "topics add", in the order of the table."""
    return tuple(option for option in form_fields(command) if option.kind == "text")


def form_fields(command: str) -> tuple[Option, ...]:
    """Return the options of a command for which a form may have a field: texts, choices and files."""
    name, _, do = command.partition(" ")
    for entry in COMMANDS:
        if entry.name == name:
            nested = [option for sub in entry.subcommands if sub.name == do for option in sub.options]
            return tuple(option for option in (*entry.options, *nested) if option.kind in ("text", "file"))
    return ()


def form_title(command: str) -> str:
    """Return the title of a command's form: "Add topic" for "topics add"."""
    noun, _, verb = command.partition(" ")
    return f"{verb or noun} {noun.removesuffix('s') if verb else ''}".strip().capitalize()
