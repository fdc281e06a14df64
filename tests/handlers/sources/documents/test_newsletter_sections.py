"""Newsletters as services lay them out: each story is an article with its link, in HTML and plain text."""

import pytest

from handlers.drafts import ArticleDraft
from tests.support.letters import STORIES, an_email, kept_apart, read, wrapped

MAILCHIMP_FOOTER = """<table><tr><td><em>Copyright © 2026 Coast Media, All rights reserved.</em><br><br>
You are receiving this email because you opted in via our website.<br><br><strong>Our mailing address is:</strong><br>
Coast Media<br>Huawei Road 1<br>Nord 12345<br><br>Want to change how you receive these emails?<br>
You can <a href="https://coast.list-manage.example/profile">update your preferences</a> or
<a href="https://coast.list-manage.example/unsubscribe">unsubscribe from this list</a>.</td></tr></table>"""
BEEHIIV_FOOTER = """<p>Update your email preferences or unsubscribe <a href="https://coast.example/u">here</a></p>
<p>© 2026 Coast Letter</p><p>228 Huawei Avenue, New York</p>"""
SHORT_FOOTER = '<p><a href="https://coast.example/u">Unsubscribe</a></p>'
BOX = "<table><tr><td style='font-size:0px'><div style='font-size:{}px'>{}</div></td></tr></table>"
LAYOUTS: dict[str, tuple[str, str, str]] = {
    "headings with buttons": (
        "<table><tr><td><a href='https://coast.example/v'>View this email in your browser</a></td></tr></table>",
        "<table><tr><td><h3>{title}</h3>{text}</td></tr><tr><td><a href='{url}'>Read more</a></td></tr></table>",
        MAILCHIMP_FOOTER,
    ),
    "buttons at the end of the text": (
        "<h1>The Coast Letter</h1>",
        "<p><strong>{title}</strong><br>{text} <a href='{url}'>Read the story</a></p>",
        MAILCHIMP_FOOTER,
    ),
    "large type and a full-width button": (
        "<p>November 24, 2026 | <a href='https://coast.example/o'>Read Online</a></p>",
        "<h2 style='font-size:24px'>{title}</h2><p>{text}</p><a href='{url}'><span>Read the full story</span></a>",
        BEEHIIV_FOOTER,
    ),
    "boxes without headings": (
        "",
        BOX.format(20, "{title}") + BOX.format(13, "{text}") + BOX.format(13, "<a href='{url}'>Read more</a>"),
        "<div style='font-size:11px'>This e-mail has been sent to you, <a href='https://c.example/u'>click here to "
        "unsubscribe</a>.<br>Huawei Street 1</div>",
    ),
    "linked headings below pictures": (
        "",
        "<a href='{url}'><img src='a.jpg' alt='A picture'></a><p style='font-size:20px'><a href='{url}'>{title}</a>"
        "</p><p>{text}</p>",
        SHORT_FOOTER,
    ),
    "bold beginnings in a list": (
        "<p>Good morning.</p>",
        "<ul><li><strong>{title}:</strong> {text} <a href='{url}'>Gazette</a></li></ul>",
        SHORT_FOOTER,
    ),
    "links in front of the text": (
        "<p>Good morning.</p>",
        "<ul><li><a href='{url}'>{title}</a>: {text}</li></ul>",
        SHORT_FOOTER,
    ),
    "numbered headings": (
        "<p>Good morning. Three things today.</p>",
        "<p><b>{number}. {title}</b></p><p>{text} (<a href='{url}'>Gazette</a>)</p>",
        SHORT_FOOTER,
    ),
    "alerts of a search engine": (
        "<h2><a href='https://alerts.example/'>Coast Letter</a></h2><p>steel</p><p>Daily update ⋅ 24 November 2026</p>",
        "<div><a href='{url}' style='font-size:16px'>{title}</a><div>Gazette</div><div>{text}</div>"
        "<a href='https://alerts.example/flag'>Flag as irrelevant</a></div>",
        SHORT_FOOTER,
    ),
}
PLAIN_LAYOUTS: dict[str, str] = {
    "list of headlines": "- {title}\n  {url}",
    "headlines between stars": "* {title} *\n\n{text}\n\nRead more: {url}",
    "numbered headlines": "{number}. {title}\n{text}\n{url}",
    "rules between stories": "{title}\n\n{text}\n\n<{url}>\n\n----------------------------------------",
    "Markdown headings": "## {title}\n\n{text}\n\n[Read more]({url})",
    "Markdown links": "### [{title}]({url})\n\n{text}",
    "spaced brackets": "{title} [ {url} ]\n{text}",
    "addresses by number": "{title} [{number}]\n{text}",
}
PLAIN_FOOTER = (
    "\n\n-- \nYou are receiving this because you subscribed.\nUnsubscribe: https://coast.example/u\nHuawei Road\n"
)


def filled(template: str, *, wrap: bool) -> str:
    return "\n\n".join(
        template.replace("{number}", str(number))
        .replace("{title}", title)
        .replace("{text}", wrapped(text) if wrap else text)
        .replace("{url}", url)
        for number, (title, text, url) in enumerate(STORIES, 1)
    )


def articles(*, html: str | None = None, plain: str | None = None) -> list[ArticleDraft]:
    mail = an_email("Coast Letter: Tuesday", html=html, plain=plain)
    mail.replace_header("From", "Coast Letter <news@coast.example>")
    return [draft for draft in read(mail) if isinstance(draft, ArticleDraft)]


def check(drafts: list[ArticleDraft]) -> None:
    assert [(draft.title, draft.url) for draft in drafts] == [(title, url) for title, _, url in STORIES]
    text = " ".join(draft.text for draft in drafts)
    assert not any(word in text for word in ("Huawei", "nsubscribe", "Read ", "View this", "preferences", "http"))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_story_is_an_article_in_every_layout(layout: str) -> None:
    top, row, footer = LAYOUTS[layout]

    drafts = articles(html=f"<html><body>{top}{filled(row, wrap=False)}{footer}</body></html>")

    check(drafts)
    assert all(text in draft.text for draft, (_, text, _) in zip(drafts, STORIES, strict=True))


@pytest.mark.parametrize("layout", PLAIN_LAYOUTS)
def test_each_story_is_an_article_in_every_plain_layout(layout: str) -> None:
    numbered = "".join(f"\n[{number}] {url}" for number, (_, _, url) in enumerate(STORIES, 1))
    end = f"\n{numbered}" if layout == "addresses by number" else ""

    check(articles(plain=f"Coast Letter\n\n{filled(PLAIN_LAYOUTS[layout], wrap=True)}{end}{PLAIN_FOOTER}"))


@pytest.mark.parametrize(
    ("stories", "button", "end"),
    [
        (
            [
                ("Zorvex ferme son usine du Nord", "L'usine fermera avant la fin de l'année, dit le conseil."),
                ("Les loups reviennent dans la vallée", "Les éleveurs demandent des chiens et des clôtures."),
            ],
            "Lire la suite",
            "Se désabonner",
        ),
        (
            [
                ("Zorvex schließt sein Werk im Norden", "Das Werk schließt bis Ende nächsten Jahres, sagt der Rat."),
                ("Wölfe kehren ins Hochtal zurück", "Hirten verlangen Hunde und Zäune, Jäger verlangen Abschüsse."),
            ],
            "Weiterlesen",
            "Newsletter abbestellen",
        ),
        (
            [
                ("Zorvex cierra su fábrica del norte", "La fábrica cerrará antes de fin de año, dice el consejo."),
                ("Los lobos vuelven al valle alto", "Los pastores piden perros y cercas para sus animales."),
            ],
            "Leer más",
            "Darse de baja",
        ),
        (
            [
                ("Зорвекс закрывает завод на севере", "Завод закроется до конца следующего года, говорит совет."),
                ("Волки возвращаются в верхнюю долину", "Пастухи просят собак и ограды, охотники разрешений."),
            ],
            "Читать далее",
            "Отписаться",
        ),
        (
            [
                ("泽沃关闭北方的工厂", "泽沃在北方的工厂将于明年年底前关闭，董事会周一表示。"),
                ("狼群重返上游山谷", "牧民要求养狗和围栏，猎人要求许可证，该部希望先清点。"),
            ],
            "阅读全文",
            "退订",
        ),
    ],
)
def test_two_stories_with_buttons_are_two_articles(stories: list[tuple[str, str]], button: str, end: str) -> None:
    rows = "".join(
        f"<p><b>{title}</b><br>{text}<br><a href='https://c.example/{number}'>{button}</a></p>"
        for number, (title, text) in enumerate(stories)
    )

    drafts = articles(html=f"<html><body>{rows}<p><a href='https://c.example/u'>{end}</a></p></body></html>")

    assert [(draft.title, draft.url, draft.text) for draft in drafts] == [
        (title, f"https://c.example/{number}", text) for number, (title, text) in enumerate(stories)
    ]


def test_a_story_without_a_link_is_an_article_without_an_address() -> None:
    rows = filled("<h2><a href='{url}'>{title}</a></h2><p>{text}</p>", wrap=False)
    more = "<h2>Norvane Steel was put on the list</h2><p>The ministry put Norvane Steel on the trade list.</p>"

    drafts = articles(html=f"<html><body>{rows}{more}{SHORT_FOOTER}</body></html>")

    assert [draft.title for draft in drafts][3:] == ["Norvane Steel was put on the list"]
    assert drafts[3].url is None


def test_a_heading_inside_a_story_belongs_to_its_text() -> None:
    rows = filled(
        "<h2><a href='{url}'>{title}</a></h2><p>{text}</p><p><b>Why it matters:</b> Norvane Steel buys there, too.</p>"
        "<h4>What comes next</h4><p>The board meets on Friday with <a href='https://x.example/'>others</a>.</p>",
        wrap=False,
    )

    drafts = articles(html=f"<html><body>{rows}{SHORT_FOOTER}</body></html>")

    assert [draft.title for draft in drafts] == [title for title, _, _ in STORIES]
    assert all("Why it matters: Norvane Steel" in draft.text for draft in drafts)
    assert all("What comes next" in draft.text for draft in drafts)


def test_the_label_of_a_section_is_no_text_of_the_story_above_it() -> None:
    rows = filled("<p>NATURE</p><h2><a href='{url}'>{title}</a></h2><p>{text}</p>", wrap=False)

    drafts = articles(html=f"<html><body>{rows}{SHORT_FOOTER}</body></html>")

    assert [draft.text for draft in drafts] == [text for _, text, _ in STORIES]
    assert "NATURE" in kept_apart(drafts[0])


def test_an_introduction_that_says_something_is_an_article() -> None:
    rows = filled("<h2><a href='{url}'>{title}</a></h2><p>{text}</p>", wrap=False)
    introduction = "Last night the ministry put Norvane Steel and Tessaly Bank on its list, which nobody had expected."

    drafts = articles(html=f"<html><body><p>{introduction}</p>{rows}{SHORT_FOOTER}</body></html>")

    assert (drafts[0].title, drafts[0].text) == ("Coast Letter: Tuesday", introduction)
    assert len(drafts) == 1 + len(STORIES)


def test_a_statement_with_headings_stays_whole() -> None:
    parts = "".join(f"<h3>{title}</h3><p>{text} See <a href='{url}'>the order</a>.</p>" for title, text, url in STORIES)

    first = "<h1>Norvane Steel put on the trade list</h1>" + "<p>The order of the ministry is in force today.</p>" * 8

    drafts = articles(html=f"{first}{parts}{SHORT_FOOTER}")

    assert [draft.title for draft in drafts] == ["Coast Letter: Tuesday"]
    assert all(text in drafts[0].text for _, text, _ in STORIES)
