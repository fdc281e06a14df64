"""What the entries of a source share: learned from each batch, and applied to that batch already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handlers.drafts import ArticleDraft
from handlers.ingest.results import IngestResult
from handlers.stories.reprints import Report, reprints
from handlers.stories.templates import Entry, Template, decode_profile
from storage.records import Article
from storage.store import Tx

_FIRST_TEMPORARY_ID: Final = -1_000
"""Of stories that are not stored yet. `SourceProfile` uses the numbers above it for entries without a story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedBatch:
    """The entries of a batch, and the template of the source with them."""

    entries: tuple[Entry | None, ...]
    """One for each draft that is an article, in order; None for a draft of a stored article."""
    template: Template


def learn(profile: bytes, drafts: Sequence[tuple[ArticleDraft, Article | None]]) -> LearnedBatch:
    """Learn from the drafts, given with their stored articles, on top of the stored profile. CPU only."""
    entries = tuple(
        Entry.read(draft.title.strip(), draft.text.strip()) if stored is None else None for draft, stored in drafts
    )
    reports = [Report(draft.publisher or "", draft.text) for draft, stored in drafts if stored is None]
    new = [entry for entry in entries if entry is not None]
    # Reprints of one report count once, like the entries of one story, whose ids are not known yet.
    counted = [
        entry.of_story(_FIRST_TEMPORARY_ID - (number if original is None else original))
        for number, (entry, original) in enumerate(zip(new, reprints(reports), strict=True))
    ]
    return LearnedBatch(entries=entries, template=decode_profile(profile).with_entries(counted).template())


async def store_profile(tx: Tx, source_id: int, batch: LearnedBatch, results: Sequence[IngestResult]) -> None:
    """Add the new articles of a batch to the profile of their source.

    `results` are those of the drafts that are articles, in order.
    """
    new = [
        entry.of_story(result.story_id or 0)
        for entry, result in zip(batch.entries, results, strict=True)
        if entry is not None and result.state == "new"
    ]
    if new:
        profile = decode_profile(await tx.source_profiles.get(source_id))
        await tx.source_profiles.set(source_id, profile.with_entries(new).encode())
