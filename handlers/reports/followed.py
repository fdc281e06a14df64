"""What is new in the stories that a person follows by digest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.answers.story_lines import MentionedStory
from handlers.queries.quotable import quotable
from handlers.stories.sources_count import count_outlets
from storage.records import Article, Evidence, FollowMode, Mention, Workspace
from storage.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """New articles in the stories that a person follows."""

    stories: tuple[MentionedStory, ...] = ()
    articles: Mapping[int, Article]
    """By id."""
    evidence: Mapping[int, tuple[Evidence, ...]]
    """By article id."""


async def followed(
    tx: Tx, workspace: Workspace, person: str, *, since: datetime, until: datetime, excluded: frozenset[int]
) -> Followed:
    """Return the articles received in `since <= t < until` (UTC) in the stories that the person follows by digest.

    Leaves out articles received before the person followed their story, and the ids in `excluded`. The stories with
    most new articles come first.
    """
    articles: dict[int, Article] = {}
    stories: list[MentionedStory] = []
    follows = await tx.follows.of_person(workspace.id, person, mode=FollowMode.DIGEST)
    for story_id, (followed_at, _) in follows.items():
        every = await tx.articles.of_story(story_id, workspace.id)
        new = [
            article
            for article in every
            if since <= article.received_at < until and article.received_at > followed_at and article.id not in excluded
        ]
        if new:
            articles.update((article.id, article) for article in new)
            mentions = tuple(_mention(article, story_id) for article in new)
            outlets = count_outlets(article.publisher for article in every)
            stories.append(MentionedStory(story_id=story_id, mentions=mentions, outlets=outlets))
    visible = {topic.id for topic in await tx.topics.visible(workspace.id)} if articles else set()
    matches = await tx.matches.of_articles(articles)
    return Followed(
        stories=tuple(sorted(stories, key=lambda story: (-len(story.mentions), story.story_id))),
        articles=await quotable(tx, articles),
        evidence={
            article_id: tuple(word for match in found if match.topic_id in visible for word in match.evidence)
            for article_id, found in matches.items()
        },
    )


def _mention(article: Article, story_id: int) -> Mention:
    return Mention(
        article_id=article.id,
        story_id=story_id,
        publisher=article.publisher,
        at=min(article.published_at, article.received_at),
        received_at=article.received_at,
        score=0.0,
        in_title=False,
    )
