"""What the entries of a source share: learned from each batch, and applied to that batch already."""

from collections.abc import Sequence
from typing import Final

from handlers.drafts import ArticleDraft
from handlers.ingest.results import IngestResult
from handlers.stories.reprints import Report, reprints
from handlers.stories.templates import MAX_ENTRIES, NO_TEMPLATE, Entry, decode_profile
from storage.records import Article
from storage.store import Tx

_FIRST_TEMPORARY_ID: Final = -1_000
"""Of stories that are not stored yet. `SourceProfile` uses the numbers above it for entries without a story."""


class LearnedBatch:
    """The new entries of a batch, and the template of their source with them."""

    def __init__(self, profile: bytes = b"", texts: Sequence[tuple[str, str] | None] = ()) -> None:
        self.profile = profile
        """The stored profile."""
        self._texts = texts
        """Title and text of each draft that is an article, in order; None for a draft of a stored article."""
        self._entries: dict[int, Entry] = {}
        self.template = NO_TEMPLATE

    def entry(self, position: int) -> Entry | None:
        """Return the entry of the draft at that position; None for a draft of a stored article."""
        texts = self._texts[position]
        if texts is None:
            return None
        if position not in self._entries:
            self._entries[position] = Entry.read(*texts)
        return self._entries[position]


def learn(profile: bytes, drafts: Sequence[tuple[ArticleDraft, Article | None]]) -> LearnedBatch:
    """Learn from the drafts, given with their stored articles, on top of the stored profile. CPU only.

    Reads only as many drafts as a profile keeps entries.
    """
    batch = LearnedBatch(
        profile, [(draft.title.strip(), draft.text.strip()) if stored is None else None for draft, stored in drafts]
    )
    new = [position for position, (_, stored) in enumerate(drafts) if stored is None]
    reports = [Report(drafts[position][0].publisher or "", drafts[position][0].text) for position in new]
    # Reprints of one report count once, like the entries of one story, whose ids are not known yet.
    originals = [number if original is None else original for number, original in enumerate(reprints(reports))]
    counted = [
        entry.of_story(_FIRST_TEMPORARY_ID - original)
        for position, original in list(zip(new, originals, strict=True))[-MAX_ENTRIES:]
        if (entry := batch.entry(position)) is not None
    ]
    batch.template = decode_profile(profile).with_entries(counted).template()
    return batch


async def store_profile(
    tx: Tx, source_id: int, batch: LearnedBatch, results: Sequence[IngestResult], *, is_current: bool
) -> None:
    """Add the new articles of a batch to the profile of their source.

    `results` are those of the drafts that are articles, in order. `is_current`: no other profile was stored meanwhile.
    """
    new = [
        entry.of_story(results[position].story_id or 0)
        for position in [place for place, result in enumerate(results) if result.state == "new"][-MAX_ENTRIES:]
        if (entry := batch.entry(position)) is not None
    ]
    if new:
        profile = decode_profile(batch.profile if is_current else await tx.source_profiles.get(source_id))
        await tx.source_profiles.set(source_id, profile.with_entries(new).encode())
