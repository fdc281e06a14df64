"""Whatever a request contains, the person gets an answer, and no database refuses a character or a length."""

import pytest

from handlers.answers.answer import Answer
from handlers.commands.buttons import VERBS
from handlers.commands.table import COMMANDS
from storage.store import Store
from tests.support.newsroom import Newsroom

HOSTILE = (
    "\x00",
    "a\x00b",
    "\ud800",
    "a\udfffb",
    "\udcff\x00",
    "\x1b[31mred\x1b]0;title\x07",
    "‮txt.exe",
    "'; DROP TABLE topics; --",
    "%_\\",
    '" OR 1=1',
    "huawei) OR (title: *",
    "* NEAR ( ^ : {}",
    "' | !( <-> :*",
    "\\'\\",
    "url:/[/",
    "x" * 1990,
    "é" * 1900,
    "(" * 1990,
    '"' * 1990,
    "@@@@",
    "https://[::1",
    "https://\x00/",
    "http://a.b/" + "c" * 1900,
    "<!channel> @everyone </script><script>",
)
HUGE_NUMBERS = ("9" * 9, "2147483648", "9" * 12, "9" * 18, "9" * 30, "-1", "٣", "²")


@pytest.fixture
async def room(store: Store) -> Newsroom:
    room = await Newsroom(store).open()
    await room.add_article("Huawei opens a plant in Lyon")
    await room.reply("/subscribe huawei")
    return room


def _names() -> list[str]:
    names = []
    for command in COMMANDS:
        names += [f"{command.name} {sub.name}" for sub in command.subcommands] or [command.name]
    return [name for name in names if name not in ("sources add", "sources check", "sources import")]


def _third(texts: tuple[str, ...], position: int) -> tuple[str, ...]:
    """Return the texts for the command or button at this position: a third of them, in turn, to keep the tests fast."""
    return texts[position % 3 :: 3]


@pytest.mark.parametrize(("position", "name"), list(enumerate(_names())))
async def test_a_command_answers_whatever_is_typed(room: Newsroom, store_url: str, position: int, name: str) -> None:
    """SQLite and PostgreSQL are tried with different thirds of the texts."""
    assigns = name in ("topics add", "topics edit")
    for text in _third((*HOSTILE, *HUGE_NUMBERS), position + store_url.startswith("sqlite")):
        for words in (text, f"x = {text}") if assigns else (text,):
            assert isinstance(await room.ask(f"/{name} {words}"), Answer), words


async def test_a_command_answers_whatever_its_options_contain(room: Newsroom) -> None:
    for position, name in enumerate(_names()):
        command, _, do = name.partition(" ")
        options = [
            option.name
            for entry in COMMANDS
            if entry.name == command
            for option in next((sub.options for sub in entry.subcommands if sub.name == do), entry.options)
        ]
        for text in _third(HOSTILE[:17], position):
            given = dict.fromkeys(options, text) | ({"do": do} if do else {})
            reply = await room.commands.answer(room.request(command, options=given))
            assert isinstance(reply.answer, Answer), (name, text)


async def test_a_button_answers_whatever_its_action_contains(room: Newsroom) -> None:
    for position, verb in enumerate(VERBS):
        for text in _third((*HOSTILE[:8], *HUGE_NUMBERS), position):
            for action in (f"{verb}:{text[:60]}", f"{verb}:add:{text[:30]}:{text[:30]}"):
                assert isinstance((await room.click(action)).answer, Answer), action


async def test_names_of_people_and_channels_may_contain_anything(room: Newsroom) -> None:
    for text in HOSTILE:
        for line in ("/news", "/subscribe zte", "/brief huawei", "/digest at 08:30"):
            reply = await room.reply(
                line, channel=f"C{text}"[:60], user=f"U{text}"[:60], workspace=f"W{text}"[:60], zone=text
            )
            assert isinstance(reply.answer, Answer), (line, text)


async def test_autocomplete_answers_whatever_is_typed(room: Newsroom) -> None:
    for text in HOSTILE:
        for option in ("topic", "source", "period", "zone", "name", text):
            found = await room.commands.complete(room.request(), command="brief", option=option, typed=text)
            assert all(max(len(each.value), len(each.label)) <= 100 for each in found)
