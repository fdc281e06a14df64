"""Answers as HTML fragments for the console page. Everything from outside is escaped by the templates."""

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
from handlers.answers.times import counted, rate

TEMPLATES: Final = Path(__file__).parent / "templates"


def open_templates(*folders: Path) -> Environment:
    """The environment of all templates: always escaping, and an undefined name is an error."""
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
        span=phrases.span,
        iso=phrases.iso,
        rate=rate,
        chart=_chart,
    )
    environment.globals.update(count=counted)
    return environment


class Renderer:
    """Renders answers. `zone` is used where an answer does not name its own; `at` is when it was said."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def fragment(self, answer: Answer, *, at: datetime, zone: str) -> Markup:
        """The answer as HTML. Its buttons are submit buttons named "action", without a form around them."""
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


def headline(answer: Answer) -> str:
    """The answer in a line of plain text: what a screen reader says when it arrives, and programs may show."""
    match answer:
        case Alert():
            return answer.headline.text
        case Note():
            return f"{answer.label}: {answer.quote.text}"
        case Digest():
            return f"Digest of {phrases.long_date(answer.day)}: {counted(answer.stories, 'story', 'stories')}"
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
    """The chart's own strings are escaped where they are put into the SVG."""
    return Markup(chart_svg(chart))  # noqa: S704
