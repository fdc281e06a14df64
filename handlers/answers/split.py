"""Splits a digest that is too long for one message into parts, between stories."""

from collections.abc import Callable
from dataclasses import replace

from handlers.answers.answer import Digest
from handlers.answers.parts import DigestGroup


def split_digest(digest: Digest, fits: Callable[[Digest], bool]) -> tuple[Digest, ...]:
    """Return the digest itself if it `fits`, else the fewest parts that do.

    The first part has the chart; the last one has the buttons and the numbers of articles held back.
    """
    if fits(digest):
        return (digest,)
    parts: list[tuple[DigestGroup, ...]] = [()]
    for group in digest.groups:
        for piece in _pieces(group):
            grown = _append(parts[-1], piece)
            if parts[-1] and not fits(replace(digest, groups=grown)):
                parts.append((piece,))
            else:
                parts[-1] = grown
    last = len(parts)
    return tuple(
        replace(
            digest,
            part=(number, last),
            groups=groups,
            chart=digest.chart if number == 1 else None,
            held=digest.held if number == last else (),
            buttons=digest.buttons if number == last else (),
        )
        for number, groups in enumerate(parts, 1)
    )


def _pieces(group: DigestGroup) -> list[DigestGroup]:
    """Return a group for each story. The counts of unlisted stories stay with the last one."""
    last = len(group.stories) - 1
    return [
        replace(
            group,
            stories=(story,),
            more=group.more if place == last else 0,
            elsewhere=group.elsewhere if place == last else 0,
        )
        for place, story in enumerate(group.stories)
    ] or [group]


def _append(groups: tuple[DigestGroup, ...], piece: DigestGroup) -> tuple[DigestGroup, ...]:
    if groups and groups[-1].topic == piece.topic:
        grown = replace(
            groups[-1],
            stories=groups[-1].stories + piece.stories,
            more=groups[-1].more + piece.more,
            elsewhere=groups[-1].elsewhere + piece.elsewhere,
        )
        return (*groups[:-1], grown)
    return (*groups, piece)
