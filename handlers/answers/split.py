"""A digest that is too long for one message, in parts at borders between stories."""

from collections.abc import Callable
from dataclasses import replace

from handlers.answers.answer import Digest
from handlers.answers.parts import DigestGroup


def split_digest(digest: Digest, fits: Callable[[Digest], bool]) -> tuple[Digest, ...]:
    """The digest itself where it `fits`; else as few parts as do, the chart on the first, what was held on the last."""
    if fits(digest):
        return (digest,)
    parts: list[tuple[DigestGroup, ...]] = [()]
    for group in digest.groups:
        for piece in _pieces(group):
            grown = _joined(parts[-1], piece)
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
    """A piece a story; what is not listed stands with the last one."""
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


def _joined(groups: tuple[DigestGroup, ...], piece: DigestGroup) -> tuple[DigestGroup, ...]:
    if groups and groups[-1].topic == piece.topic:
        whole = replace(
            groups[-1],
            stories=groups[-1].stories + piece.stories,
            more=groups[-1].more + piece.more,
            elsewhere=groups[-1].elsewhere + piece.elsewhere,
        )
        return (*groups[:-1], whole)
    return (*groups, piece)
