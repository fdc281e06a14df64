"""Which matched article becomes an alert in a channel, and if not, why: a table of decisions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.rules.alerting import Case, accepts_language, can_see, decide, is_old
from storage.records import SHARED, HeldReason, OutcomeState, Pace, Source, SourceKind, Subscription

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def subscription(pace: Pace = Pace.INSTANT, **fields: Any) -> Subscription:
    return Subscription(id=1, channel_id=1, topic_id=1, pace=pace, created_by="U1", created_at=NOW, **fields)


INSTANT, DAILY = subscription(), subscription(Pace.DAILY)
PAUSED, GERMAN = subscription(paused_reason="gone"), subscription(languages=("de",))
DAILY_GERMAN = subscription(Pace.DAILY, languages=("de",))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({}, None),
        ({"subscriptions": [DAILY, INSTANT]}, None),
        ({"subscriptions": [PAUSED]}, HeldReason.PAUSED),
        ({"subscriptions": [PAUSED, INSTANT]}, None),
        ({"subscriptions": [PAUSED, DAILY]}, HeldReason.PACE),
        ({"subscriptions": [DAILY]}, HeldReason.PACE),
        ({"subscriptions": [GERMAN]}, HeldReason.LANGUAGE),
        ({"subscriptions": [GERMAN], "language": "und"}, None),
        ({"subscriptions": [GERMAN], "language": "de"}, None),
        ({"subscriptions": [GERMAN, DAILY]}, HeldReason.PACE),
        ({"subscriptions": [DAILY_GERMAN, INSTANT], "workspace_languages": ("fr",)}, HeldReason.LANGUAGE),
        ({"workspace_languages": ("fr", "en")}, None),
        ({"subscriptions": [subscription(languages=("en",))], "workspace_languages": ("fr",)}, None),
        ({"is_muted": True}, HeldReason.MUTED),
        ({"is_muted": True, "has_alert": True}, HeldReason.MUTED),
        ({"is_old": True}, HeldReason.OLD),
        ({"is_quiet": True}, HeldReason.QUIET),
        ({"is_burst": True}, HeldReason.BURST),
        ({"is_quiet": True, "is_burst": True}, HeldReason.QUIET),
        ({"is_old": True, "subscriptions": [DAILY]}, HeldReason.OLD),
        ({"is_quiet": True, "subscriptions": [DAILY]}, HeldReason.PACE),
    ],
)
def test_a_matched_article_becomes_an_alert_unless_it_is_held(
    case: dict[str, Any], expected: HeldReason | None
) -> None:
    decision = decide(Case(**{"subscriptions": [INSTANT], "language": "en", **case}))

    assert decision.reason is expected
    assert decision.state is (OutcomeState.ALERT if expected is None else OutcomeState.HELD)


@pytest.mark.parametrize(
    "held", [{}, {"is_quiet": True}, {"is_burst": True}, {"is_old": True}, {"subscriptions": [DAILY]}]
)
def test_further_reports_of_a_story_are_merged_into_its_alert(held: dict[str, Any]) -> None:
    decision = decide(Case(**{"subscriptions": [INSTANT], "language": "en", "has_alert": True, **held}))

    assert decision.state is OutcomeState.MERGED


@pytest.mark.parametrize(
    ("kind", "first_read", "days", "expected"),
    [
        (SourceKind.FEED, None, 8, True),
        (SourceKind.FEED, None, 7, False),
        (SourceKind.FEED, 10, 16, False),
        (SourceKind.FEED, 10, 18, True),
        (SourceKind.INBOX, None, 400, False),
        (SourceKind.API, 1, 400, False),
    ],
)
def test_only_articles_of_a_feeds_back_catalogue_are_old(
    kind: SourceKind, first_read: int | None, days: int, expected: bool
) -> None:
    read_at = None if first_read is None else NOW - timedelta(days=first_read)
    source = Source(id=1, workspace_id=SHARED, kind=kind, url="u", title="t", first_read_at=read_at, created_at=NOW)

    assert is_old(NOW - timedelta(days=days), source, NOW) is expected


@pytest.mark.parametrize(
    ("last_read", "days", "expected"),
    [
        (timedelta(hours=1), 50, False),
        (timedelta(hours=1), 240, True),
        (timedelta(days=90), 140, False),  # the bot was away for three months
        (timedelta(days=90), 160, True),
        (None, 240, True),
    ],
)
def test_an_old_article_in_a_feed_that_has_long_been_read_is_old(
    last_read: timedelta | None, days: int, expected: bool
) -> None:
    source = Source(
        id=1,
        workspace_id=SHARED,
        kind=SourceKind.FEED,
        url="u",
        title="t",
        first_read_at=NOW - timedelta(days=365),
        last_success_at=None if last_read is None else NOW - last_read,
        created_at=NOW,
    )

    assert is_old(NOW - timedelta(days=days), source, NOW) is expected


@pytest.mark.parametrize(
    ("languages", "language", "expected"),
    [((), "xx", True), (("en",), "en", True), (("en",), "de", False), (("en",), "und", True)],
)
def test_a_language_filter_accepts_its_languages_and_unknown_ones(
    languages: tuple[str, ...], language: str, expected: bool
) -> None:
    assert accepts_language(languages, language) is expected


@pytest.mark.parametrize(("workspace", "owner", "expected"), [(1, SHARED, True), (1, 1, True), (1, 2, False)])
def test_a_workspace_sees_only_its_own_and_shared_things(workspace: int, owner: int, expected: bool) -> None:
    assert can_see(workspace, owner) is expected
