"""The table of refusals: each error has one kind, a source, and a reason that people can read."""

import pytest

from handlers.rules.refusal_table import REFUSALS, find_refusal
from handlers.rules.refusals import Refusal, RefusalKind, Scope
from storage.records import Platform

KINDS = {
    RefusalKind.FOR_EVER: "channel_deleted app_uninstalled 10003 10004",
    RefusalKind.UNTIL_ACTION: "not_in_channel is_archived restricted_action missing_scope token_revoked 50001 "
    "50013 40067",
    RefusalKind.UNTIL_TIME: "ratelimited org_login_required team_added_to_org ekm_access_denied communication_disabled "
    "429 40333 40006",
    RefusalKind.THIS_MESSAGE: "invalid_blocks msg_too_long no_text 50035 10008",
}


@pytest.mark.parametrize(("code", "kind"), [(code, kind) for kind, codes in KINDS.items() for code in codes.split()])
def test_each_error_has_the_kind_that_says_when_to_try_again(code: str, kind: RefusalKind) -> None:
    is_discord = code.isdigit() or code == "communication_disabled"

    refusal = find_refusal(Platform.DISCORD if is_discord else Platform.SLACK, code)

    assert refusal.is_known
    assert refusal.kind is kind


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=lambda refusal: f"{refusal.platform} {refusal.code}")
def test_each_row_has_a_source_and_a_reason_without_a_full_stop(refusal: Refusal) -> None:
    assert refusal.source.startswith("https://")
    assert refusal.reason and not refusal.reason.endswith(".")
    assert (refusal.wait is not None) == (refusal.kind is RefusalKind.UNTIL_TIME)
    assert not refusal.of_content or refusal.kind is RefusalKind.THIS_MESSAGE
    assert (refusal.scope is Scope.MESSAGE) == (refusal.kind is RefusalKind.THIS_MESSAGE) or (
        refusal.kind is RefusalKind.UNTIL_TIME
    )
