"""/topics add, edit and remove, and copies of catalogue topics. The catalogue itself never changes."""

import json
from datetime import timedelta

import pytest

from handlers.answers.answer import Brief, Listing, Notice, Preview, TopicTest
from handlers.answers.parts import Form, Tone
from handlers.queries.backfill import STARTUP_LIMIT, backfill_all
from storage.records import SHARED
from storage.store import Store
from storage.topics import NewTopic
from tests.support.newsroom import Newsroom, button, chip_news

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await chip_news(sqlite_store)


async def test_a_new_topic_is_matched_against_stored_articles_at_once(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/topics add Chips = semiconductor OR chipmaker")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    assert answer.text == (
        "Chips is now a topic. It matches 2 stored articles from the last 30 days, about 2 stories a week."
    )
    brief = await newsroom.ask("/brief chips")
    assert isinstance(brief, Brief) and brief.articles == 2
    preview = await newsroom.click(button(answer, "Subscribe"))
    assert isinstance(preview.answer, Preview) and preview.answer.example is not None
    async with newsroom.store.read() as tx:
        assert sum((await tx.deliveries.counts()).values()) == 0


async def test_a_json_filter_is_searched_and_saved_as_the_equivalent_query(newsroom: Newsroom) -> None:
    chip = {"type": "RELATIONAL", "op": "CONTAINS", "left": {"type": "ARTICLE", "value": "title"}}
    chips = [chip | {"right": {"type": "STRING", "value": word}} for word in ("semiconductor", "chipmaker")]
    filter = json.dumps({"expression": {"type": "LOGICAL", "op": "OR", "children": chips}}, indent=2)
    query = '(title:"semiconductor" OR title:"chipmaker")'

    found = await newsroom.ask(f"/find {filter}")
    tested = await newsroom.ask(f"/topics test {filter}")
    added = await newsroom.ask(f"/topics add Chips = {filter}")
    edited = await newsroom.ask(f"/topics edit chips = {filter}")

    assert isinstance(found, Listing) and query in found.title and len(found.rows) == 2
    assert isinstance(tested, TopicTest) and (tested.query, tested.articles) == (query, 2)
    assert isinstance(added, Notice) and added.tone is Tone.DONE and added.code == query
    assert isinstance(edited, Notice) and edited.code == f"was  {query}\nnow  {query}"
    refused = await newsroom.ask(f"/topics add Dates = {filter.replace('title', 'date')}")
    assert isinstance(refused, Notice) and refused.tone is Tone.REFUSED and "it tests “date”" in refused.text


async def test_editing_a_topic_also_rematches_the_topics_that_use_it(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add makers = nokia")
    await newsroom.ask("/topics add news = @makers NOT potato")

    answer = await newsroom.ask("/topics edit makers = asml")
    await backfill_all(newsroom.store, limit=STARTUP_LIMIT)

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    brief = await newsroom.ask("/brief news")
    assert isinstance(brief, Brief) and brief.articles == 1


async def test_removing_a_topic_names_the_topics_that_use_it(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add makers = asml")
    await newsroom.ask("/topics add news = @makers OR nokia")

    asked = await newsroom.ask("/topics remove makers")

    assert isinstance(asked, Notice) and asked.text == (
        "news uses makers and would match nothing. The stored matches of makers would be deleted too."
    )
    removed = await newsroom.click(button(asked, "Remove it"))
    assert isinstance(removed.answer, Notice) and removed.answer.tone is Tone.DONE


async def test_new_articles_match_a_new_topic(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add chips = semiconductor")
    await newsroom.ask("/subscribe chips")

    arrived = await newsroom.add_article("Semiconductor exports fall in Korea")

    assert [topic.name for topic in arrived.topics] == ["chips"] and arrived.deliveries == 1


async def test_an_edited_topic_loses_what_it_no_longer_matches(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add chips = chips OR semiconductor")

    answer = await newsroom.ask("/topics edit chips = semiconductor OR asml")

    assert isinstance(answer, Notice) and answer.code == "was  chips OR semiconductor\nnow  semiconductor OR asml"
    brief = await newsroom.ask("/brief chips")
    assert isinstance(brief, Brief)
    assert sorted(line.headline.text for line in brief.stories) == [
        "Chipmaker ASML raises its forecast",
        "TSMC opens a semiconductor plant in Dresden",
    ]


async def test_a_refused_command_can_be_corrected_in_a_form(newsroom: Newsroom) -> None:
    refused = await newsroom.reply("/topics add chips = (semiconductor")

    again = (await newsroom.click(button(refused.answer, "Try again"))).answer

    assert isinstance(again, Notice) and again.form is not None
    assert again.code == "/topics add chips = (semiconductor"
    assert again.form == Form(command="topics add", values=(("name", "chips"), ("query", "(semiconductor")))
    without_right = await newsroom.click(button(refused.answer, "Try again"), may_manage=False)
    assert isinstance(without_right.answer, Notice) and without_right.answer.form is None


async def test_a_topic_is_edited_in_a_form_with_its_query(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add chips = semiconductor")

    answer = await newsroom.ask("/topics edit chips")

    assert isinstance(answer, Notice) and answer.form is not None
    assert dict(answer.form.values) == {"name": "chips", "query": "semiconductor"}


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("/topics add huawei = zte", "The catalogue already has a topic"),
        ("/topics edit huawei = zte", "can't be changed from here"),
        ("/topics remove huawei", "can't be changed from here"),
        ("/topics add chips", "A topic needs a name and a query"),
        ("/topics edit nothing = x", 'There is no topic "nothing"'),
        ("/topics add @chips = semiconductor", "can't be a name"),
        (f"/topics add {'x' * 81} = semiconductor", "up to 80"),
        ("/topics add chips = (semiconductor", "Line 1, column"),
    ],
)
async def test_a_change_that_is_not_possible_is_refused_with_the_reason(
    newsroom: Newsroom, line: str, part: str
) -> None:
    answer = await newsroom.ask(line)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert part in answer.text


async def test_an_existing_topic_is_not_overwritten(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add chips = semiconductor")

    answer = await newsroom.ask("/topics add CHIPS = potato")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert answer.code == "/topics edit chips = semiconductor"


async def test_a_catalogue_topic_is_copied_and_the_copy_edited(newsroom: Newsroom) -> None:
    refused = await newsroom.ask("/topics edit huawei = huawei AND 5g")

    copied = await newsroom.click(button(refused, "Copy"))
    changed = await newsroom.ask("/topics edit huawei ours = huawei AND 5g")

    assert isinstance(copied.answer, Notice) and "Huawei (ours) is now a topic of this workspace." in copied.answer.text
    assert isinstance(changed, Notice) and changed.tone is Tone.DONE


async def test_the_copy_of_a_topic_too_long_for_a_command_refers_to_it_and_can_be_narrowed(newsroom: Newsroom) -> None:
    words = " OR ".join(f"word{number}" for number in range(300))
    async with newsroom.store.begin() as tx:
        await tx.topics.add(
            NewTopic(workspace_id=SHARED, name="trade war", title="Trade war", query=f"semiconductor OR {words}"),
            newsroom.now,
        )
    refused = await newsroom.ask("/topics edit trade war = tariffs")

    copied = await newsroom.click(button(refused, "Copy"))
    changed = await newsroom.ask("/topics edit trade war ours = @trade-war NOT dresden")

    assert isinstance(copied.answer, Notice) and copied.answer.text.startswith(
        "Trade war (ours) is now a topic of this workspace. It matches 1 "
    )
    assert copied.answer.code == "/topics edit trade war ours = @trade-war NOT word"
    assert isinstance(changed, Notice) and changed.tone is Tone.DONE and "matches no stored article" in changed.text


async def test_removing_a_topic_names_the_channels_that_are_subscribed_to_it(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add chips = semiconductor")
    await newsroom.ask("/subscribe chips")
    await newsroom.ask("/subscribe chips", channel="C2")

    asked = await newsroom.ask("/topics remove chips", manages=frozenset({"C2"}))
    removed = await newsroom.click(button(asked, "Remove it"), manages=frozenset({"C2"}))
    again = await newsroom.click(button(asked, "Remove it"))

    assert isinstance(asked, Notice) and asked.text.startswith("#general, #intel would no longer get chips")
    assert isinstance(removed.answer, Notice) and removed.answer.text.endswith("#general, #intel no longer get it.")
    assert isinstance(again.answer, Notice) and "no longer exists" in again.answer.text
    assert isinstance(removed.answer.code, str) and removed.answer.code == "/topics add chips = semiconductor"


async def test_a_saved_query_says_which_word_finds_most_and_which_were_never_seen(newsroom: Newsroom) -> None:
    for number in range(3):
        await newsroom.add_article(f"Semiconductor plant {number} opens", ago=DAY)

    answer = await newsroom.ask("/topics add chips = semiconductor OR chipmaker OR wafer OR 芯片")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    assert answer.text.endswith('"semiconductor" alone accounts for 80% of them. Never seen so far: "wafer", "芯片".')
