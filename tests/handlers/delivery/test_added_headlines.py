"""Which articles of a story have a headline that its channel has not seen."""

from datetime import UTC, datetime

from handlers.delivery.added_headlines import (
    added_note,
    count_lines,
    hidden_members,
    line_subject,
    rest_subject,
    shown_articles,
)
from storage.channel_stories import StoryMember

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def member(id: int, title: str, *, alert_since: datetime | None = None) -> StoryMember:
    url = f"https://example.org/{id}"
    return StoryMember(article_id=id, title=title, publisher="Example Wire", url=url, at=AT, alert_since=alert_since)


MEMBERS = (
    member(1, "Works close"),
    member(2, "Works close in Nord", alert_since=AT),
    member(3, "WORKS CLOSE IN NORD"),
    member(4, "Union calls on minister"),
    member(5, "Works close - Example Wire"),
)


def test_headlines_that_differ_from_the_alert_and_from_all_notes_are_hidden() -> None:
    assert [member.article_id for member in hidden_members(MEMBERS, ())] == [1, 4]
    assert [member.article_id for member in hidden_members(MEMBERS, {line_subject(4)})] == [1]
    assert hidden_members(MEMBERS, {"9:4:new", line_subject(5)}) == []


def test_without_an_alert_of_its_own_the_first_article_counts_as_shown() -> None:
    assert hidden_members(MEMBERS[:1], ()) == []


def test_notes_about_changes_and_counts_show_no_headline() -> None:
    assert shown_articles(["7:4:1f2e3d", rest_subject(7), line_subject(8), "7:9:new"]) == {8, 9}


def test_only_lines_count_towards_the_few_that_are_posted() -> None:
    assert count_lines(MEMBERS, {line_subject(1), "9:4:new", rest_subject(9), line_subject(77)}) == 1


def test_a_note_links_the_headline_and_names_the_outlet() -> None:
    note = added_note(MEMBERS[3])

    assert note.headline is not None
    assert (note.label, note.headline.text, note.headline.url) == (
        "Added",
        "Union calls on minister",
        "https://example.org/4",
    )
    assert (note.source.publisher, note.has_sentence) == ("Example Wire", False)
