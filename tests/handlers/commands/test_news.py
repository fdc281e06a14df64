"""/news: help, health and settings."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Listing, Notice, Preview
from handlers.answers.parts import Tone
from handlers.commands.table import COMMANDS
from storage.records import Platform
from storage.store import Store
from tests.support.newsroom import Newsroom


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_news_alone_shows_help_health_and_settings(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei opens a plant in Hungary", ago=timedelta(minutes=4))

    answer = await newsroom.ask("/news")

    assert isinstance(answer, Listing)
    assert answer.summary == "1 source, healthy · last article 4 minutes ago."
    assert {row.title.split()[0] for row in answer.rows} >= {f"/{command.name}" for command in COMMANDS}
    assert answer.rows[-1].detail == "time zone UTC · no quiet hours · all languages · changes by managers only"


async def test_settings_are_stored_and_shown(newsroom: Newsroom) -> None:
    for line in ("/news zone berlin", "/news quiet 22:00-07:00", "/news language en, de", "/news changes anyone"):
        answer = await newsroom.ask(line)
        assert isinstance(answer, Notice) and answer.tone is Tone.DONE

    answer = await newsroom.ask("/news health")

    assert isinstance(answer, Listing)
    assert answer.rows[-1].detail == (
        "time zone Europe/Berlin · quiet hours 22:00-07:00 · languages en, de · changes by anyone"
    )


async def test_a_new_time_zone_moves_the_digests_that_follow_it(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30 UTC")
    await newsroom.ask("/digest at 08:30 Asia/Tokyo", channel="C2")

    answer = await newsroom.ask("/news zone Europe/Berlin")

    assert isinstance(answer, Notice)
    assert answer.text == "The time zone is now Europe/Berlin, where it is 15:00. 1 digest moves with it."


async def test_the_health_shows_articles_posts_and_the_ledger(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei")
    await newsroom.add_article("Huawei opens a plant in Hungary")

    answer = await newsroom.ask("/news health")

    assert isinstance(answer, Listing)
    details = {row.title: row.detail for row in answer.rows}
    assert details["Articles"] == "1 in 24 hours · 1 in 7 days"
    assert details["Posts"] == "0 sent · 1 waiting · 0 undeliverable"
    assert details["Ledger"] == "the counts agree"


async def test_a_failing_source_is_shown_with_the_reason_and_since_when(newsroom: Newsroom) -> None:
    source = await newsroom.source("https://own.example/feed", workspace_id=(await newsroom.workspace()).id)
    async with newsroom.store.begin() as tx:
        since = newsroom.now - timedelta(hours=5)
        await tx.sources.update(source.id, failures=3, error="Its server answers 503.", trouble_since=since)

    answer = await newsroom.ask("/news health")

    assert isinstance(answer, Listing)
    assert answer.summary == "1 source, 1 failing · no article yet."
    assert answer.rows[0].detail == "Its server answers 503. Failing since today 09:00."
    assert [button.label for button in answer.rows[0].buttons] == ["Retry", "Pause", "Remove"]


async def test_a_silent_source_is_shown_with_since_when(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    async with newsroom.store.begin() as tx:
        await tx.sources.update(source.id, trouble_since=newsroom.now - timedelta(hours=5))

    answer = await newsroom.ask("/news health")

    assert isinstance(answer, Listing)
    assert (answer.rows[0].title, answer.rows[0].detail) == ("Example Wire", "Unusually silent since today 09:00.")


async def test_more_languages_than_allowed_are_refused(newsroom: Newsroom) -> None:
    codes = ",".join(f"{first}{second}" for first in "abcdef" for second in "uvwxyz")

    answer = await newsroom.ask(f"/news language {codes}")

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert answer.text == "Those are 36 languages. Choose up to 30, or all."


async def test_anyone_may_change_things_once_the_workspace_allows_it(newsroom: Newsroom) -> None:
    await newsroom.ask("/news changes anyone")

    answer = await newsroom.ask("/subscribe huawei", may_manage=False)

    assert isinstance(answer, Preview)


@pytest.mark.parametrize("rule", ["anyone", "managers"])
async def test_the_answer_says_where_discord_decides_who_sees_subscribe(rule: str, newsroom: Newsroom) -> None:
    on_discord = await newsroom.ask(f"/news changes {rule}")
    on_slack = await newsroom.ask(
        f"/news changes {rule}", platform=Platform.SLACK, workspace="T1", manages=frozenset({"C1"})
    )

    assert isinstance(on_discord, Notice) and "Server Settings, Integrations" in on_discord.text
    assert isinstance(on_slack, Notice) and "Discord" not in on_slack.text


async def test_only_people_who_manage_the_channel_decide_who_may_change_things(newsroom: Newsroom) -> None:
    await newsroom.ask("/news changes anyone")

    answer = await newsroom.ask("/news changes managers", may_manage=False)

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED


async def test_members_of_a_channel_are_a_choice_on_slack_only(newsroom: Newsroom) -> None:
    on_discord = await newsroom.ask("/news changes members")
    on_slack = await newsroom.ask("/news changes members", platform=Platform.SLACK, is_admin=True)

    assert isinstance(on_discord, Notice) and "choose anyone or managers" in on_discord.text
    assert isinstance(on_slack, Notice) and on_slack.tone is Tone.DONE


async def test_the_health_says_that_feeds_are_late_and_why(newsroom: Newsroom) -> None:
    source = await newsroom.source("https://own.example/feed")
    async with newsroom.store.begin() as tx:
        await tx.sources.update(source.id, next_poll_at=newsroom.now - timedelta(minutes=12))

    answer = await newsroom.ask("/news health")

    assert isinstance(answer, Listing)
    assert (answer.rows[0].title, answer.rows[0].detail) == (
        "Late",
        "Feeds are 12 minutes late because no process polls them.",
    )


async def test_without_a_choice_changes_asks_for_it_in_a_form(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/news changes")

    assert isinstance(answer, Notice) and answer.form is not None
    assert (answer.form.command, answer.code) == ("news changes", "/news changes anyone | managers")
