"""What follows from a failed attempt to deliver, by the platform's answer, the attempts so far and the time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.delivery.results import Blocked, Dead, Gone, Result, Retry
from handlers.delivery.retry import (
    FAULT_ATTEMPTS,
    GIVE_UP_AGE,
    GIVE_UP_ATTEMPTS,
    ends_at,
    judge_failure,
    judge_fault,
)
from handlers.rules.refusals import LONGEST_BLOCK, RefusalKind, Scope
from storage.records import Delivery, DeliveryKind, DeliveryState, Platform
from tests.support.fakes import Failure

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
ALERT = Delivery(
    id=1,
    channel_id=1,
    kind=DeliveryKind.ALERT,
    subject="7",
    key="k",
    attempts=1,
    due_at=NOON,
    created_at=NOON - MINUTE,
)
REASON = "the platform says no"


def failed(failure: Failure, delivery: Delivery = ALERT, *, may_be_posted: bool = False) -> Result:
    error = failure.error(Platform.SLACK)
    return judge_failure(error, delivery, now=NOON, jitter=0, may_be_posted=may_be_posted)


@pytest.mark.parametrize(
    ("failure", "result"),
    [
        # No answer, or none that can be understood: the message may be posted.
        (Failure(), Retry(reason=REASON, due_at=NOON + 5 * SECOND, may_be_posted=True, failing_since=NOON)),
        (
            Failure(retry_after=HOUR),
            Retry(reason=REASON, due_at=NOON + HOUR, may_be_posted=True, failing_since=NOON),
        ),
        # The platform asks to wait.
        (
            Failure(kind=RefusalKind.UNTIL_TIME),
            Retry(reason=REASON, due_at=NOON + 5 * SECOND, may_be_posted=False),
        ),
        (
            Failure(kind=RefusalKind.UNTIL_TIME, retry_after=HOUR),
            Retry(reason=REASON, due_at=NOON + HOUR, may_be_posted=False),
        ),
        (
            Failure(kind=RefusalKind.UNTIL_TIME, scope=Scope.MESSAGE, until=NOON + MINUTE),
            Retry(reason=REASON, due_at=NOON + MINUTE, may_be_posted=False, blocks_channel=False),
        ),
        (
            Failure(kind=RefusalKind.UNTIL_TIME, scope=Scope.WORKSPACE, retry_after=HOUR),
            Blocked(reason=REASON, until=NOON + HOUR, whole_workspace=True),
        ),
        # Somebody has to act, or nothing helps.
        (Failure(kind=RefusalKind.UNTIL_ACTION), Blocked(reason=REASON, until=None, whole_workspace=False)),
        (Failure(kind=RefusalKind.FOR_EVER), Gone(reason=REASON, whole_workspace=False)),
        (Failure(kind=RefusalKind.FOR_EVER, scope=Scope.WORKSPACE), Gone(reason=REASON, whole_workspace=True)),
        (Failure(kind=RefusalKind.THIS_MESSAGE, scope=Scope.MESSAGE), Dead(reason=REASON)),
    ],
)
def test_the_platforms_answer_decides_what_follows(failure: Failure, result: Result) -> None:
    assert failed(failure) == result


@pytest.mark.parametrize("kind", [RefusalKind.UNTIL_ACTION, RefusalKind.THIS_MESSAGE])
def test_a_refused_lookup_says_nothing_about_the_post(kind: RefusalKind) -> None:
    result = failed(Failure(kind=kind), may_be_posted=True)

    assert isinstance(result, Retry) and result.may_be_posted


@pytest.mark.parametrize("waiting", [{"parent_id": 5}, {"state": DeliveryState.SENT}], ids=["a note", "an edit"])
def test_a_note_or_an_edit_that_is_refused_for_now_waits_alone(waiting: dict[str, object]) -> None:
    result = failed(Failure(kind=RefusalKind.UNTIL_TIME), replace(ALERT, **waiting))  # type: ignore[arg-type]

    assert isinstance(result, Retry) and not result.blocks_channel


@pytest.mark.parametrize(
    ("attempts", "failing_for", "given_up"),
    [
        (GIVE_UP_ATTEMPTS, GIVE_UP_AGE, True),
        (GIVE_UP_ATTEMPTS, GIVE_UP_AGE - SECOND, False),
        (GIVE_UP_ATTEMPTS - 1, GIVE_UP_AGE * 3, False),
    ],
)
def test_an_uncertain_delivery_is_given_up_after_both_limits(
    attempts: int, failing_for: timedelta, given_up: bool
) -> None:
    delivery = replace(ALERT, attempts=attempts, failing_since=NOON - failing_for)

    assert isinstance(failed(Failure(), delivery), Dead) is given_up


def test_a_message_that_has_to_wait_for_thirty_days_is_given_up() -> None:
    delivery = replace(ALERT, created_at=NOON - LONGEST_BLOCK)

    assert isinstance(failed(Failure(kind=RefusalKind.UNTIL_TIME), delivery), Dead)


@pytest.mark.parametrize(("attempts", "result"), [(1, Retry), (FAULT_ATTEMPTS - 1, Retry), (FAULT_ATTEMPTS, Dead)])
def test_a_fault_of_the_bot_itself_is_retried_a_few_times(attempts: int, result: type[Result]) -> None:
    found = judge_fault(ValueError("x"), replace(ALERT, attempts=attempts), now=NOON, jitter=0)

    assert isinstance(found, result)
    assert found.reason == "Internal error (ValueError: x)"  # type: ignore[union-attr]


def test_a_refusal_ends_when_the_platform_says_else_when_this_error_usually_ends() -> None:
    named = Failure(kind=RefusalKind.UNTIL_TIME, until=NOON + HOUR).error(Platform.SLACK)
    unnamed = Failure(kind=RefusalKind.UNTIL_TIME).error(Platform.SLACK)
    assert named.refusal and unnamed.refusal

    assert ends_at(named, named.refusal, NOON) == NOON + HOUR
    assert ends_at(unnamed, unnamed.refusal, NOON) is None
    assert ends_at(unnamed, replace(unnamed.refusal, wait=MINUTE), NOON) == NOON + MINUTE
