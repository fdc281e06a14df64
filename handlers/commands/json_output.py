"""JSON for programs, the same from the command line and the HTTP API. Fields may be added, but never removed."""

from typing import Any

from handlers.answers.answer import Brief
from handlers.answers.set_aside import word_count
from handlers.ingest.results import IngestResult
from storage.records import Evidence, SetAside, require_utc


def ingest_line(result: IngestResult) -> dict[str, Any]:
    """Return the outcome of one document: a line of `ingest --json`, and the response of POST /api/documents.

    It has "set_aside" only if the document has parts besides the text of the article, and a "note" only if something
    about the reading is uncertain, or if the article is known but not stored any more.
    """
    note = result.note or (result.reason if result.state == "known" else None)
    article = result.article
    evidence = {match.topic_id: match.evidence for match in result.matches}
    return {
        "article": None
        if article is None
        else {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "published_at": require_utc(article.published_at).isoformat(),
            "language": article.language,
            "source": article.publisher,
        },
        "state": str(result.state),
        "topics": [
            {"topic": topic.name, "evidence": [_evidence(piece) for piece in evidence.get(topic.id, ())]}
            for topic in result.topics
        ],
        "story": None if result.story_id is None else {"id": result.story_id, "articles": result.story_articles},
        "deliveries": result.deliveries,
        **({"set_aside": [_part(part) for part in result.set_aside]} if result.set_aside else {}),
        **({"note": note} if note else {}),
    }


def brief_json(brief: Brief) -> dict[str, Any]:
    """Return a brief as the output of `brief TOPIC --json`."""
    counts = brief.chart.series[0][1] if brief.chart.series else ()
    return {
        "topic": brief.topic,
        "since": require_utc(brief.since).isoformat(),
        "until": require_utc(brief.until).isoformat(),
        "stories": [
            {
                "id": line.story_id,
                "title": line.headline.text,
                "sources": line.sources,
                "articles": line.articles,
                "sentence": line.sentence.text,
                "article": {"title": line.headline.text, "url": line.report.url, "source": line.report.publisher},
            }
            for line in brief.stories
        ],
        "mentions": [
            {"day": day.isoformat(), "count": count} for day, count in zip(brief.chart.days, counts, strict=False)
        ],
    }


def _part(part: SetAside) -> dict[str, Any]:
    return {"rule": part.rule, "words": word_count(part), "text": part.text}


def _evidence(piece: Evidence) -> dict[str, Any]:
    return {"field": piece.field, "start": piece.start, "end": piece.end, "text": piece.text}
