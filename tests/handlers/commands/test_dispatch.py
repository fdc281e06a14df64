"""The door: tenants, permission, mistakes, suggestions."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Listing, Notice, Preview
from handlers.answers.parts import Tone
from handlers.commands.dispatch import USE_CASES
from handlers.commands.table import COMMANDS
from storage.records import SHARED
from storage.store import Store
from tests.support.newsroom import Newsroom, button


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
    ("line", "says"),
    [
        ("/subscribe", "/subscribe needs one thing more: a topic's name, or a query."),
        ("/topics lst", "Did you mean /topics list ?"),
        ("/topics huawei", "Did you mean /topics show huawei ?"),
        ("/topics huawei = x", "Did you mean /topics add huawei = x ?"),
        ("/digest 08:30", "Did you mean /digest at 08:30 ?"),
        ("/sources https://example.com", "Did you mean /sources add https://example.com ?"),
        ("/brief huawei last 900 days", "not a period"),
        ("/breif huawei", "Did you mean /brief?"),
        ("/digest at 25:00", "08:30"),
        ("/digest at 08:30 Europe/Berln", "Europe/Berlin"),
        ("/digest at 08:30 UTC mon-fry", "weekdays"),
        ("/news zone Berln", "Did you mean Europe/Berlin?"),
        ("/news quiet 22", "22:00-07:00"),
        ("/news language english", "two letters"),
        ("/news changes everybody", "anyone, managers"),
        ("/unsubscribe huawei", "It gets: nothing."),
        ("/topics show huawai", "Did you mean huawei?"),
        ("/sources pause nothing", "/sources list"),
        ("/sources add not an address", "no web address"),
        ("/subscribe huawei in #nowhere", "I know no channel #nowhere here"),
        ("/why notanaddress", "https://"),
    ],
)
async def test_a_mistake_is_answered_with_what_to_do(newsroom: Newsroom, line: str, says: str) -> None:
    answer = await newsroom.ask(line)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert says in answer.text, answer.text


async def test_a_bad_query_shows_the_place_and_the_better_one(newsroom: Newsroom) -> None:
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
async def test_changing_needs_the_right_and_names_it(newsroom: Newsroom, line: str) -> None:
    answer = await newsroom.ask(line, may_manage=False)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert "Manage Channels" in answer.text and "admins" in answer.text


async def test_reading_needs_no_right(newsroom: Newsroom) -> None:
    await newsroom.ingest("Huawei opens a plant in Hungary")

    for line in ("/brief huawei", "/topics", "/sources", "/subscriptions", "/digest", "/news", "/trend huawei"):
        answer = await newsroom.ask(line, may_manage=False)
        assert not (isinstance(answer, Notice) and answer.tone is Tone.REFUSED), line


async def test_anyone_may_change_once_the_workspace_says_so(newsroom: Newsroom) -> None:
    await newsroom.ask("/news changes anyone")

    answer = await newsroom.ask("/subscribe huawei", may_manage=False)

    assert isinstance(answer, Preview)


async def test_only_who_may_manage_says_who_may_change(newsroom: Newsroom) -> None:
    await newsroom.ask("/news changes anyone")

    answer = await newsroom.ask("/news changes managers", may_manage=False)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED


async def test_a_press_that_changes_needs_the_right_too(newsroom: Newsroom) -> None:
    async with newsroom.store.read() as tx:
        topic = await tx.topics.find(SHARED, "huawei")
    assert topic is not None

    reply = await newsroom.click(f"subscribe:{topic.id}:instant", may_manage=False)

    assert isinstance(reply.answer, Notice) and "Manage Channels" in reply.answer.text


@pytest.mark.parametrize(
    "action",
    ["", ":", "brief", "brief:", "brief:999:7d", "brief:x:7d", "brief:q.unknown:7d", "why:x", "why:99999", "mute:x:1",
     "mute:story", "pace:1:hourly", "subscribe:1:hourly", "share:unknown", "markdown:unknown", "unsubscribe:77",
     "digest:hour:1:9999", "digest:nothing:1", "source:pause:99", "source:add:unknown", "save:unknown", "nonsense:1",
     "follow:99999", "irrelevant:-1", "topic:remove:99", "trend:1", "test:", "mute:source:99", "copy:١",
     "why:" + "9" * 40],
)  # fmt: skip
async def test_a_stale_or_made_up_button_is_answered_kindly(newsroom: Newsroom, action: str) -> None:
    reply = await newsroom.click(action)

    assert isinstance(reply.answer, Notice) and reply.answer.tone is Tone.REFUSED


async def test_a_workspace_sees_nothing_of_another(newsroom: Newsroom) -> None:
    other = await newsroom.workspace("other")
    secret = await newsroom.ingest(
        "Huawei secret plan of Other Corp", workspace_id=other.id, source_url="https://other.example/feed"
    )
    await newsroom.ask("/topics add plans = secret plan", workspace="other")
    await newsroom.ask("/subscribe plans", workspace="other", channel="O1")
    async with newsroom.store.read() as tx:
        topic = await tx.topics.find(other.id, "plans")
        channel = await tx.channels.find(other.id, "O1")
        assert topic is not None and channel is not None and secret.article is not None
        (subscription,) = await tx.subscriptions.of_channel(channel.id)

    answers = [
        await newsroom.ask(line)
        for line in (
            "/brief huawei",
            "/find secret",
            "/topics",
            "/topics show plans",
            "/sources",
            "/sources pause https://other.example/feed",
            f"/why {secret.article.id}",
            f"/why {secret.article.url}",
            "/topics test secret",
            "/trend huawei",
            "/news health",
            "/subscribe huawei in #O1",
        )
    ] + [
        (await newsroom.click(action)).answer
        for action in (
            f"why:{secret.article.id}",
            f"brief:{topic.id}:7d",
            f"unsubscribe:{subscription.id}",
            f"pace:{subscription.id}:daily",
            f"topic:remove:{topic.id}:sure",
            f"mute:source:{secret.article.source_id}",
            f"source:remove:{secret.article.source_id}",
            f"follow:{secret.story_id}",
            f"digest:pause:{channel.id}",
        )
    ]

    for answer in answers:
        assert "Other Corp" not in repr(answer) and "other.example" not in repr(answer).replace(
            'no source "https://other.example/feed"', ""
        ).replace('https://other.example/feed" here', ""), answer
    async with newsroom.store.read() as tx:
        assert await tx.topics.get(topic.id) is not None
        assert (await tx.subscriptions.of_channel(channel.id))[0].pace == subscription.pace


async def test_a_draft_of_another_workspace_cannot_be_shared(newsroom: Newsroom) -> None:
    await newsroom.ingest("Huawei opens a plant in Hungary")
    answer = await newsroom.ask("/brief huawei", workspace="other")

    reply = await newsroom.click(button(answer, "Share"))

    assert isinstance(reply.answer, Notice) and reply.answer.tone is Tone.REFUSED and not reply.public


async def test_bare_news_is_help_with_health_and_settings(newsroom: Newsroom) -> None:
    await newsroom.ingest("Huawei opens a plant in Hungary", ago=timedelta(minutes=4))

    answer = await newsroom.ask("/news")

    assert isinstance(answer, Listing)
    assert answer.summary == "1 source watched, all well · last article 4 minutes ago."
    assert {row.title.split()[0] for row in answer.rows} >= {f"/{command.name}" for command in COMMANDS}
    assert answer.rows[-1].detail == "zone UTC · quiet hours none · languages all · changes by managers"


async def test_settings_are_kept_and_said(newsroom: Newsroom) -> None:
    for line in ("/news zone berlin", "/news quiet 22:00-07:00", "/news language en, de"):
        answer = await newsroom.ask(line)
        assert isinstance(answer, Notice) and answer.tone is Tone.DONE

    answer = await newsroom.ask("/news health")

    assert isinstance(answer, Listing)
    assert answer.rows[-1].detail == (
        "zone Europe/Berlin · quiet hours 22:00-07:00 · languages en, de · changes by managers"
    )


@pytest.mark.parametrize(
    ("command", "option", "typed", "wanted"),
    [
        ("brief", "topic", "hua", ("Huawei",)),
        ("brief", "topic", "华", ("华为",)),
        ("brief", "topic", "TIONS", ("Sanctions",)),
        ("brief", "period", "3", ("3d", "30d", "365d")),
        ("news", "zone", "berl", ("Europe/Berlin",)),
        ("digest", "zone", "new york", ("America/New_York",)),
        ("unsubscribe", "topic", "", ("Huawei",)),
        ("sources", "source", "wire", ("Example Wire",)),
        ("topics show", "name", "5", ("5G",)),
        ("brief", "nothing", "x", ()),
        ("nothing", "topic", "x", ()),
    ],
)
async def test_completion_offers_what_the_workspace_sees(
    newsroom: Newsroom, command: str, option: str, typed: str, wanted: tuple[str, ...]
) -> None:
    await newsroom.source()
    await newsroom.ask("/subscribe huawei")

    offered = await newsroom.commands.complete(newsroom.request(), command=command, option=option, typed=typed)

    assert offered[: len(wanted)] == wanted and len(offered) <= 25
