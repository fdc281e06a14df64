"""Lines that the chat platforms word alike: the figures of a brief, the head of a digest, what alone brings hits."""

from typing import Final

from handlers.answers.answer import Brief, Digest, TopicTest
from handlers.answers.times import counted, moment, zone_of

_WEEK: Final = "last 7 days"


def brief_figures(brief: Brief) -> str:
    """ "23 articles · 9 stories · usual 14 a week · 3 stories new since your last brief, Mon 14:02"."""
    parts = [counted(brief.articles, "article"), counted(brief.total_stories, "story", "stories")]
    if brief.usual is not None:
        parts.append(f"usual {brief.usual:.0f}{' a week' if brief.period == _WEEK else ''}")
    if brief.fresh is not None:
        last = ""
        if brief.last_read_at is not None:
            last = f", {moment(brief.last_read_at, zone_of(brief.time_zone), now=brief.until)}"
        parts.append(f"{counted(brief.fresh, 'story', 'stories')} new since your last brief{last}")
    return " · ".join(parts)


def digest_head(digest: Digest) -> tuple[str, str]:
    """ "Thursday 6 June" and "late · 3 topics · 14 stories from 41 articles"."""
    parts = ["late"] if digest.late else []
    if digest.groups:
        stories = counted(digest.stories, "story", "stories")
        parts += [counted(len(digest.groups), "topic"), f"{stories} from {counted(digest.articles, 'article')}"]
    else:
        parts.append("nothing new")
    if digest.part[1] > 1:
        parts.append(f"part {digest.part[0]} of {digest.part[1]}")
    return f"{digest.day:%A} {digest.day.day} {digest.day:%B}", " · ".join(parts)


def held_line(digest: Digest) -> str:
    """ "Held overnight (22:00-07:00): 5 · folded in a burst: 2"; empty where nothing was."""
    held = " · ".join(f"{label}: {count}" for label, count in digest.held)
    return f"Held {held}" if held else ""


def shares_line(test: TopicTest) -> str:
    """ "Of the hits, “sanctions” alone brings 62 %, “embargo” 9 %."; empty where no word stands for itself."""
    shares = [(leaf, f"{share * 100:.0f} %") for leaf, share in test.shares]
    first = "".join(f"Of the hits, “{leaf}” alone brings {share}" for leaf, share in shares[:1])
    return f"{first}{''.join(f', “{leaf}” {share}' for leaf, share in shares[1:])}." if first else ""


def never_seen_line(test: TopicTest) -> str:
    """ "Never seen: “制裁”, “embargo”."; empty where all were."""
    return f"Never seen: {', '.join(f'“{leaf}”' for leaf in test.never_seen)}." if test.never_seen else ""
