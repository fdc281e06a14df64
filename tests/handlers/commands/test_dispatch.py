"""Dispatch: every command has a use case, mistakes are answered, and changes need the right to make them."""

import pytest

from handlers.answers.answer import Notice
from handlers.answers.parts import Tone
from handlers.commands.dispatch import USE_CASES
from handlers.commands.table import COMMANDS
from storage.store import Store
from tests.support.newsroom import Newsroom


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


def test_every_command_of_the_table_has_a_use_case() -> None:
    names = {
        f"{command.name} {sub.name}" if sub else command.name
        for command in COMMANDS
        for sub in (command.subcommands or (None,))
    }

    assert names == set(USE_CASES)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("/subscribe", "/subscribe needs a topic or a query."),
        ("/topics lst", "Did you mean: /topics list"),
        ("/topics huawei", "Did you mean: /topics show huawei"),
        ("/topics huawei = x", "Did you mean: /topics add huawei = x"),
        ("/digest 08:30", "Did you mean: /digest at 08:30"),
        ("/sources https://example.com", "Did you mean: /sources add https://example.com"),
        ("/brief huawei last 900 days", "not a period"),
        ("/breif huawei", "Did you mean /brief?"),
        ("/digest at 25:00", "08:30"),
        ("/digest at 08:30 Europe/Berln", "Europe/Berlin"),
        ("/digest at 08:30 UTC mon-fry", "weekdays"),
        ("/news zone Berln", "Did you mean Europe/Berlin?"),
        ("/news quiet 22", "22:00-07:00"),
        ("/news language english", "two letters"),
        ("/news changes everybody", "Choose one of: anyone, managers."),
        ("/unsubscribe huawei", "It has no subscriptions at all."),
        ("/topics show huawai", "Did you mean huawei?"),
        ("/sources pause nothing", "/sources list"),
        ("/sources add not an address", "is not a web address"),
        ("/subscribe huawei in #nowhere", "I know no channel #nowhere here"),
        ("/why notanaddress", "https://"),
    ],
)
async def test_a_mistake_is_answered_with_what_to_do(newsroom: Newsroom, line: str, part: str) -> None:
    answer = await newsroom.ask(line)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert part in answer.text, answer.text


async def test_a_query_error_shows_its_place_and_a_correction(newsroom: Newsroom) -> None:
    answer = await newsroom.ask('/brief huawei AND "entity list')

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert answer.text.startswith("Line 1, column ")
    assert answer.code is not None
    query, caret, *_ = answer.code.split("\n")
    assert query == 'huawei AND "entity list' and caret.strip() == "^"
    assert 'huawei AND "entity list"' in answer.code


CHANGING = [
    "/subscribe huawei",
    "/unsubscribe huawei",
    "/digest at 09:00",
    "/digest off",
    "/topics add chips = semiconductor",
    "/topics edit chips = semiconductor",
    "/topics remove chips",
    "/sources add https://example.com",
    "/sources import",
    "/news zone Europe/Berlin",
    "/news quiet off",
    "/news language en",
    "/news changes anyone",
]


@pytest.mark.parametrize("line", CHANGING)
async def test_a_command_that_changes_something_needs_the_right_and_names_it(newsroom: Newsroom, line: str) -> None:
    answer = await newsroom.ask(line, may_manage=False)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert "Manage Channels" in answer.text and "admins" in answer.text


async def test_a_command_that_only_reads_needs_no_right(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei opens a plant in Hungary")

    for line in ("/brief huawei", "/topics", "/sources", "/subscriptions", "/digest", "/news", "/trend huawei"):
        answer = await newsroom.ask(line, may_manage=False)
        assert not (isinstance(answer, Notice) and answer.tone is Tone.REFUSED), line


@pytest.fixture
async def other_workspace(newsroom: Newsroom) -> dict[str, str]:
    """Add an article, a topic and a subscription that belong to another workspace. Return their ids."""
    other = await newsroom.workspace("other")
    ingested = await newsroom.add_article(
        "Huawei secret plan of Other Corp", workspace_id=other.id, source_url="https://other.example/feed"
    )
    await newsroom.ask("/topics add plans = secret plan", workspace="other")
    await newsroom.ask("/subscribe plans", workspace="other", channel="O1")
    channel = await newsroom.channel("O1", "other")
    async with newsroom.store.read() as tx:
        topic = await tx.topics.find(other.id, "plans")
        (subscription,) = await tx.subscriptions.of_channel(channel.id)
    assert ingested.article is not None and topic is not None
    ids = {"article": ingested.article.id, "source": ingested.article.source_id, "story": ingested.story_id}
    ids |= {"topic": topic.id, "channel": channel.id, "subscription": subscription.id}
    return {name: str(id) for name, id in ids.items()} | {"url": str(ingested.article.url)}


@pytest.mark.parametrize(
    "line",
    ["/brief huawei", "/find secret", "/topics", "/topics show plans", "/sources", "/sources pause other.example",
     "/why {article}", "/why {url}", "/topics test secret", "/trend huawei", "/news health",
     "/subscribe huawei in #O1"],
)  # fmt: skip
async def test_a_command_shows_nothing_of_another_workspace(
    newsroom: Newsroom, other_workspace: dict[str, str], line: str
) -> None:
    answer = await newsroom.ask(line.format(**other_workspace))

    assert "Other Corp" not in repr(answer) and "https://other.example/feed" not in repr(answer)


@pytest.mark.parametrize(
    "action",
    ["why:{article}", "brief:{topic}:7d", "unsubscribe:{subscription}", "pace:{subscription}:daily",
     "topic:remove:{topic}:sure", "mute:source:{source}", "source:remove:{source}", "follow:{story}",
     "digest:pause:{channel}"],
)  # fmt: skip
async def test_a_button_neither_shows_nor_changes_anything_of_another_workspace(
    newsroom: Newsroom, other_workspace: dict[str, str], action: str
) -> None:
    async with newsroom.store.read() as tx:
        before = await tx.subscriptions.of_channel(int(other_workspace["channel"]))

    reply = await newsroom.click(action.format(**other_workspace))

    assert "Other Corp" not in repr(reply) and "other.example" not in repr(reply)
    async with newsroom.store.read() as tx:
        assert await tx.topics.get(int(other_workspace["topic"])) is not None
        assert await tx.subscriptions.of_channel(int(other_workspace["channel"])) == before
