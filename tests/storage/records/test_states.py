"""The values of states are stored in databases, so they never change, whatever their names become."""

from enum import StrEnum

import pytest

from storage.records import states

STORED = {
    states.Platform: "slack discord console",
    states.SourceKind: "feed list inbox api upload command_line seeds",
    states.SourceState: "active paused gone",
    states.ArrivalState: "matched unmatched duplicate failed",
    states.OutcomeState: "alert merged held",
    states.HeldReason: "pace quiet burst old muted language paused blocked",
    states.Pace: "instant daily weekly",
    states.ChangeRule: "managers members anyone",
    states.FollowMode: "mention message digest",
    states.ReviewState: "claimed reviewed",
    states.ChannelState: "active blocked gone",
    states.DeliveryKind: "alert note digest notice",
    states.DeliveryState: "owed sending unknown failed sent dead",
}


@pytest.mark.parametrize("state", STORED, ids=lambda state: state.__name__)
def test_the_stored_values_of_a_state_stay(state: type[StrEnum]) -> None:
    assert [member.value for member in state] == STORED[state].split()
