"""/topics: made, changed, removed, copied and tested, with their past; the catalogue stays as it is."""

import asyncio
import json
from datetime import timedelta

import pytest

from handlers.answers.answer import Brief, Listing, Notice, Preview, TopicTest
from handlers.answers.parts import Form, Tone
from handlers.queries.backfill import STARTUP_LIMIT, backfill_all, enqueue_backfill
from storage.records import SHARED
from storage.store import Store
from storage.topics import NewTopic
from tests.support.newsroom import Newsroom, button

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    room = await Newsroom(sqlite_store).open()
    await room.arrives("TSMC opens a semiconductor plant in Dresden", ago=2 * DAY)
    await room.arrives("Chipmaker ASML raises its forecast", ago=5 * DAY)
    await room.arrives("Potato chips recalled in Ohio", ago=5 * HOUR)
    return room


async def test_a_new_topic_has_its_past_at_once(newsroom: Newsroom) -> None:
    answer = await newsroom.says("/topics add Chips = semiconductor OR chipmaker")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    assert (
        answer.text == "Chips is a topic now. It matches 2 stored articles of the last 30 days, about 2 stories a week."
    )
    brief = await newsroom.says("/brief chips")
    assert isinstance(brief, Brief) and brief.articles == 2
    preview = await newsroom.presses(button(answer, "Subscribe"))
    assert isinstance(preview.answer, Preview) and preview.answer.example is not None
    async with newsroom.store.read() as tx:
        assert sum((await tx.deliveries.counts()).values()) == 0


async def test_a_filter_in_json_is_asked_and_saved_as_the_query_that_it_is(newsroom: Newsroom) -> None:
    chip = {"type": "RELATIONAL", "op": "CONTAINS", "left": {"type": "ARTICLE", "value": "title"}}
    chips = [chip | {"right": {"type": "STRING", "value": word}} for word in ("semiconductor", "chipmaker")]
    filter = json.dumps({"expression": {"type": "LOGICAL", "op": "OR", "children": chips}}, indent=2)
    query = '(title:"semiconductor" OR title:"chipmaker")'

    found = await newsroom.says(f"/find {filter}")
    tested = await newsroom.says(f"/topics test {filter}")
    added = await newsroom.says(f"/topics add Chips = {filter}")
    edited = await newsroom.says(f"/topics edit chips = {filter}")

    assert isinstance(found, Listing) and query in found.title and len(found.rows) == 2
    assert isinstance(tested, TopicTest) and (tested.query, tested.articles) == (query, 2)
    assert isinstance(added, Notice) and added.tone is Tone.DONE and added.code == query
    assert isinstance(edited, Notice) and edited.code == f"was  {query}\nnow  {query}"
    refused = await newsroom.says(f"/topics add Dates = {filter.replace('title', 'date')}")
    assert isinstance(refused, Notice) and refused.tone is Tone.REFUSED and "not “date”" in refused.text


async def test_a_topic_whose_maker_was_killed_gets_its_past_from_whoever_starts_next(newsroom: Newsroom) -> None:
    home = await newsroom.workspace()
    async with newsroom.store.begin() as tx:  # as far as /topics add came
        topic = await tx.topics.add(
            NewTopic(workspace_id=home.id, name="chips", title="Chips", query="semiconductor OR chipmaker"),
            newsroom.now,
        )
        assert topic is not None
        await enqueue_backfill(tx, topic.id, now=newsroom.now)
    before = await newsroom.says("/topics show chips")

    await asyncio.gather(backfill_all(newsroom.store, limit=1), backfill_all(newsroom.store, limit=1))  # two at once
    await backfill_all(newsroom.store, limit=STARTUP_LIMIT)
    await backfill_all(newsroom.store, limit=STARTUP_LIMIT)

    after = await newsroom.says("/topics show chips")
    assert isinstance(before, Listing) and ("Past", "older articles are still being looked through") in facts(before)
    assert isinstance(after, Listing) and "Past" not in dict(facts(after))
    assert dict(facts(after))["Figures"].startswith("2 articles in 30 days")


def facts(listing: Listing) -> list[tuple[str, str]]:
    return [(row.title, row.detail) for row in listing.rows]


async def test_a_changed_topic_gives_those_that_name_it_their_past_anew(newsroom: Newsroom) -> None:
    await newsroom.says("/topics add makers = nokia")
    await newsroom.says("/topics add news = @makers NOT potato")

    answer = await newsroom.says("/topics edit makers = asml")
    await backfill_all(newsroom.store, limit=STARTUP_LIMIT)

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    brief = await newsroom.says("/brief news")
    assert isinstance(brief, Brief) and brief.articles == 1


async def test_a_removal_names_the_topics_that_would_match_nothing(newsroom: Newsroom) -> None:
    await newsroom.says("/topics add makers = asml")
    await newsroom.says("/topics add news = @makers OR nokia")

    asked = await newsroom.says("/topics remove makers")

    assert isinstance(asked, Notice) and asked.text.startswith("news names it and would match nothing.")
    removed = await newsroom.presses(button(asked, "Remove it"))
    assert isinstance(removed.answer, Notice) and removed.answer.tone is Tone.DONE


async def test_new_articles_match_a_new_topic(newsroom: Newsroom) -> None:
    await newsroom.says("/topics add chips = semiconductor")
    await newsroom.says("/subscribe chips")

    arrived = await newsroom.arrives("Semiconductor exports fall in Korea")

    assert [topic.name for topic in arrived.topics] == ["chips"] and arrived.deliveries == 1


async def test_an_edit_forgets_what_it_no_longer_matches(newsroom: Newsroom) -> None:
    await newsroom.says("/topics add chips = chips OR semiconductor")

    answer = await newsroom.says("/topics edit chips = semiconductor OR asml")

    assert isinstance(answer, Notice) and answer.code == "was  chips OR semiconductor\nnow  semiconductor OR asml"
    brief = await newsroom.says("/brief chips")
    assert isinstance(brief, Brief)
    assert sorted(line.headline.text for line in brief.stories) == [
        "Chipmaker ASML raises its forecast",
        "TSMC opens a semiconductor plant in Dresden",
    ]


async def test_what_is_wrong_can_be_said_again_with_what_was_typed(newsroom: Newsroom) -> None:
    refused = await newsroom.reply("/topics add chips = (semiconductor")

    again = (await newsroom.presses(button(refused.answer, "Try again"))).answer

    assert isinstance(again, Notice) and again.form is not None
    assert again.code == "/topics add chips = (semiconductor"
    assert again.form == Form(command="topics add", values=(("name", "chips"), ("query", "(semiconductor")))
    stranger = await newsroom.presses(button(refused.answer, "Try again"), may_manage=False)
    assert isinstance(stranger.answer, Notice) and stranger.answer.form is None


async def test_a_topic_is_edited_in_a_form_that_has_its_query(newsroom: Newsroom) -> None:
    await newsroom.says("/topics add chips = semiconductor")

    answer = await newsroom.says("/topics edit chips")

    assert isinstance(answer, Notice) and answer.form is not None
    assert dict(answer.form.values) == {"name": "chips", "query": "semiconductor"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/topics add huawei = zte", "The catalogue has a topic"),
        ("/topics edit huawei = zte", "can't be changed from here"),
        ("/topics remove huawei", "can't be changed from here"),
        ("/topics add chips", "A topic needs a name and a query"),
        ("/topics edit nothing = x", 'There is no topic "nothing"'),
        ("/topics add @chips = semiconductor", "can't be a name"),
        (f"/topics add {'x' * 81} = semiconductor", "at most 80"),
        ("/topics add chips = (semiconductor", "Line 1, column"),
    ],
)
async def test_what_cannot_be_is_refused_with_a_way_out(newsroom: Newsroom, line: str, says: str) -> None:
    answer = await newsroom.says(line)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert says in answer.text


async def test_a_name_that_is_taken_is_not_overwritten(newsroom: Newsroom) -> None:
    await newsroom.says("/topics add chips = semiconductor")

    answer = await newsroom.says("/topics add CHIPS = potato")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert answer.code == "/topics edit chips = semiconductor"


async def test_a_catalogue_topic_is_copied_to_be_changed(newsroom: Newsroom) -> None:
    refused = await newsroom.says("/topics edit huawei = huawei AND 5g")

    copied = await newsroom.presses(button(refused, "Copy"))
    changed = await newsroom.says("/topics edit huawei ours = huawei AND 5g")

    assert isinstance(copied.answer, Notice) and "Huawei (ours) is yours." in copied.answer.text
    assert isinstance(changed, Notice) and changed.tone is Tone.DONE


async def test_the_copy_of_a_topic_longer_than_a_command_names_it_and_can_be_narrowed(newsroom: Newsroom) -> None:
    words = " OR ".join(f"word{number}" for number in range(300))
    async with newsroom.store.begin() as tx:
        await tx.topics.add(
            NewTopic(workspace_id=SHARED, name="trade war", title="Trade war", query=f"semiconductor OR {words}"),
            newsroom.now,
        )
    refused = await newsroom.says("/topics edit trade war = tariffs")

    copied = await newsroom.presses(button(refused, "Copy"))
    changed = await newsroom.says("/topics edit trade war ours = @trade-war NOT dresden")

    assert isinstance(copied.answer, Notice) and copied.answer.text.startswith(
        "Trade war (ours) is yours. It matches 1 "
    )
    assert copied.answer.code == "/topics edit trade war ours = @trade-war NOT word"
    assert isinstance(changed, Notice) and changed.tone is Tone.DONE and "matches 0 stored" in changed.text


async def test_removing_a_topic_names_the_channels_that_lose_it(newsroom: Newsroom) -> None:
    await newsroom.says("/topics add chips = semiconductor")
    await newsroom.says("/subscribe chips")
    await newsroom.says("/subscribe chips", channel="C2")

    asked = await newsroom.says("/topics remove chips", manages=frozenset({"C2"}))
    removed = await newsroom.presses(button(asked, "Remove it"), manages=frozenset({"C2"}))
    again = await newsroom.presses(button(asked, "Remove it"))

    assert isinstance(asked, Notice) and asked.text.startswith("#general, #intel would no longer get chips")
    assert isinstance(removed.answer, Notice) and removed.answer.text.endswith("#general, #intel no longer get it.")
    assert isinstance(again.answer, Notice) and "not there any more" in again.answer.text
    assert isinstance(removed.answer.code, str) and removed.answer.code == "/topics add chips = semiconductor"


async def test_the_list_and_a_topic_show_figures(newsroom: Newsroom) -> None:
    await newsroom.says("/topics add chips = semiconductor")
    await newsroom.says("/subscribe chips")

    every = await newsroom.says("/topics")
    one = await newsroom.says("/topics show chips")

    assert isinstance(every, Listing) and every.summary.startswith("5 topics, 1 of your own.")
    details = {row.title: row.detail for row in every.rows}
    assert details["chips"] == "1 article in 7 days · yours" and details["Huawei"] == "0 articles in 7 days"
    assert isinstance(one, Listing)
    assert [(row.title, row.detail) for row in one.rows] == [
        ("Query", "semiconductor"),
        ("Figures", "1 article in 30 days · 1 of them in the last 7 · 1 story · about 1 story a week"),
        ("Last mention", "Tue 14:00"),
        ("Subscribed", "#general"),
        ("From", "this workspace"),
    ]


async def test_a_test_shows_hits_near_misses_and_words_never_seen(newsroom: Newsroom) -> None:
    answer = await newsroom.says("/topics test (semiconductor OR chipmaker OR wafer) AND plant")

    assert isinstance(answer, TopicTest)
    assert (answer.articles, answer.days, answer.posts_a_week) == (1, 30, 1.0)
    assert [row.title for row in answer.examples] == ["TSMC opens a semiconductor plant in Dresden"]
    assert [row.title for row in answer.near_misses] == ["Chipmaker ASML raises its forecast"]
    assert answer.near_misses[0].detail.startswith("lacks plant · ")
    assert answer.never_seen == ("wafer",)
    assert answer.shares == (("semiconductor", 1.0),)
    assert sum(answer.chart.series[0][1]) == 1


async def test_a_tested_query_is_saved(newsroom: Newsroom) -> None:
    answer = await newsroom.says("/topics test semiconductor AND plant")

    saved = await newsroom.presses(button(answer, "Save"))
    again = await newsroom.presses(button(answer, "Save"))

    assert isinstance(saved.answer, Notice) and saved.answer.code == "semiconductor AND plant"
    assert saved.answer == again.answer
    async with newsroom.store.read() as tx:
        assert len([one for one in await tx.topics.all() if one.query == "semiconductor AND plant"]) == 1


@pytest.mark.parametrize(
    ("query", "narrow", "wide"),
    [
        ("plant", "title:plant", None),
        ("plant AND dresden", "plant NEAR/12 dresden", "plant"),
        ("title:plant", None, "plant"),
        ('"plant opens"', 'title:"plant opens"', "plant NEAR/4 opens"),
        ("plant NOT dresden", None, "plant"),
        ("opens ONEAR/3 dresden", None, "opens NEAR/3 dresden"),
        ("2 of (plant, dresden, porto)", "2 of (plant, porto)", "plant OR dresden OR porto"),
        ("porto OR plant", "porto", None),  # one word brought most
        ("huawei", None, None),
    ],
)
async def test_narrow_keeps_some_hits_and_widen_all_and_more(
    newsroom: Newsroom, query: str, narrow: str | None, wide: str | None
) -> None:
    far = "Dresden " + "and so on " * 10 + "the plant"
    for title, text in (
        ("A plant in Dresden", "The plant opens in Dresden."),
        ("Dresden opens a fair", "No more."),
        ("A day in Dresden", f"{far}."),
        ("Dresden sees plant opened", "It opens today."),
        ("Porto", "A plant there, for Porto."),
        ("Summer", "The plant withers."),
    ):
        await newsroom.arrives(title, text, ago=DAY)
    answer = await newsroom.says(f"/topics test {query}")
    assert isinstance(answer, TopicTest)

    offered = {one.label: await newsroom.presses(one) for one in answer.buttons if one.label in ("Narrow", "Widen")}

    got = {label: reply.answer for label, reply in offered.items()}
    assert {label: test.query for label, test in got.items() if isinstance(test, TopicTest)} == {
        label: better for label, better in (("Narrow", narrow), ("Widen", wide)) if better
    }
    for label, test in got.items():
        assert isinstance(test, TopicTest)
        assert 0 < test.articles < answer.articles if label == "Narrow" else test.articles > answer.articles


async def test_who_saves_is_told_which_word_brings_most_and_which_never_occurred(newsroom: Newsroom) -> None:
    for number in range(3):
        await newsroom.arrives(f"Semiconductor plant {number} opens", ago=DAY)

    answer = await newsroom.says("/topics add chips = semiconductor OR chipmaker OR wafer OR 芯片")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    assert answer.text.endswith('"semiconductor" alone accounts for 80% of them. Never seen so far: "wafer", "芯片".')


async def test_saving_needs_the_right_testing_does_not(newsroom: Newsroom) -> None:
    answer = await newsroom.says("/topics test semiconductor", may_manage=False)

    refused = await newsroom.presses(button(answer, "Save"), may_manage=False)

    assert isinstance(answer, TopicTest)
    assert isinstance(refused.answer, Notice) and refused.answer.tone is Tone.REFUSED


async def test_a_channel_that_may_be_private_is_counted_but_not_named(newsroom: Newsroom) -> None:
    await newsroom.says("/topics add ours = lyon")
    await newsroom.says("/subscribe ours", channel="C2")

    without = [await newsroom.says(line) for line in ("/topics show ours", "/topics remove ours")]
    within = await newsroom.says("/topics show ours", manages=frozenset({"C2"}))

    assert (
        "intel" not in repr(without) and "1 other channel" in repr(without[0]) and "1 other channel" in repr(without[1])
    )
    assert "#intel" in repr(within)
