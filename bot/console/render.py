"""Renders answers as HTML fragments for the console page. The templates escape all text from outside."""

from datetime import datetime
from pathlib import Path
from typing import Final, assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.charts.svg import chart_svg
from bot.console import phrases
from handlers.answers.answer import (
    Alert,
    Answer,
    Brief,
    Digest,
    Explanation,
    Listing,
    Note,
    Notice,
    Preview,
    TopicTest,
    Trend,
)
from handlers.answers.parts import Chart
from handlers.answers.phrases import brief_figures, held_line, more_sources
from handlers.answers.times import counted, rate

TEMPLATES: Final = Path(__file__).parent / "templates"


def open_templates(*folders: Path) -> Environment:
    """Return the environment for all templates. It always escapes, and an undefined name raises an error.

    `folders` are searched before the console's own templates.
    """
    environment = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        address=phrases.web_address,
        file_address=phrases.file_address,
        host=phrases.host_of,
        quotation=phrases.quotation,
        color=phrases.color_of,
        language=phrases.language_tag,
        clock=phrases.clock,
        long_date=phrases.long_date,
        iso=phrases.iso,
        rate=rate,
        brief_figures=brief_figures,
        held_line=held_line,
        more_sources=more_sources,
        chart=_chart,
    )
    environment.globals.update(count=counted)
    return environment


class Renderer:
    """Renders answers as HTML."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def fragment(self, answer: Answer, *, at: datetime, zone: str) -> Markup:
        """Return the answer as HTML. `at` is the time of the answer; `zone` applies where the answer has no time zone.

        Its buttons are submit buttons named "action"; the caller puts a form around them.
        """
        template = self._environment.get_template(f"answers/{template_name(answer)}.html")
        return Markup(template.render(answer=answer, at=at, zone=getattr(answer, "time_zone", zone)))  # noqa: S704


def template_name(answer: Answer) -> str:
    match answer:
        case Alert():
            return "alert"
        case Note():
            return "note"
        case Digest():
            return "digest"
        case Notice():
            return "notice"
        case Brief():
            return "brief"
        case Listing():
            return "listing"
        case Preview():
            return "preview"
        case Trend():
            return "trend"
        case TopicTest():
            return "topic_test"
        case Explanation():
            return "explanation"
        case _:
            assert_never(answer)


def summary_line(answer: Answer) -> str:
    """Return the answer as one line of plain text, for screen readers and for the API."""
    match answer:
        case Alert():
            return answer.headline.text
        case Note():
            return f"{answer.label}: {answer.quote.text}"
        case Digest():
            subject = answer.subject or phrases.long_date(answer.day)
            return f"Digest of {subject}: {counted(answer.stories, 'story', 'stories')}"
        case Notice():
            return answer.text
        case Brief():
            return f"{answer.topic}, {answer.period}: {counted(answer.articles, 'article')}"
        case Listing():
            return answer.title
        case Preview():
            return answer.text
        case Trend():
            return answer.text
        case TopicTest():
            return f"{answer.query}: {counted(answer.articles, 'article')} in {answer.days} days"
        case Explanation():
            return answer.verdict
        case _:
            assert_never(answer)


def _chart(chart: Chart) -> Markup:
    """Mark the SVG as safe: chart_svg escapes the chart's own text."""
    return Markup(chart_svg(chart))  # noqa: S704
