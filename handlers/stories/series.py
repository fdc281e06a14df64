"""Issues of a series, such as a daily horoscope: articles whose titles differ only in a date or a number."""

from datetime import timedelta
from typing import Final

from handlers.stories.features import Features

_SAME_TEMPLATE: Final = 0.6
"""Share of common words, apart from dates and numbers, from which two titles follow the same template."""
_NEXT_ISSUE: Final = timedelta(hours=16)
"""Equal titles closer in time than this are not issues of a series."""
_SHORT_TITLE: Final = 6


def are_issues_of_one_series(one: Features, other: Features, *, apart: timedelta) -> bool:
    """Return whether the titles follow one template with other values: "Horoscope for 3 June", "Five new cases today".

    `apart` is the time between the two articles. Check `near_duplicates.is_near_duplicate` first: near-duplicates are
    the same report, not issues of a series.
    """
    ours = {term.hash: term for term in one.terms if term.in_title}
    theirs = {term.hash: term for term in other.terms if term.in_title}
    constant = [
        {word for word, term in side.items() if not term.is_date and not term.is_number} for side in (ours, theirs)
    ]
    dates = [{word for word, term in side.items() if term.is_date} for side in (ours, theirs)]
    numbers = [{word for word, term in side.items() if term.is_number} for side in (ours, theirs)]
    if len(constant[0] & constant[1]) < _SAME_TEMPLATE * len(constant[0] | constant[1]):
        return False
    if dates[0] - dates[1] and dates[1] - dates[0]:
        return True
    if apart < _NEXT_ISSUE:
        return False
    if numbers[0] != numbers[1]:
        return True
    return ours.keys() == theirs.keys() and (one.has_text or other.has_text or len(ours) < _SHORT_TITLE)
