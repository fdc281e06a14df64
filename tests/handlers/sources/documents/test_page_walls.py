"""Requests for consent, paywalls and login forms in place of an article are refused by their reason."""

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import read_document

CONSENT = "agree to cookies"
PAYWALL = "subscribe or to log in"


def page(title: str, *paragraphs: str) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head>"
    return f"{head}<body><nav><a href='/'>Home</a></nav><main>{body}</main></body></html>".encode()


WALLS = [
    (
        CONSENT,
        "Before you continue to Coast Search",
        ["We use cookies and data to keep our services safe.", "If you choose to accept all, we will also show more."],
    ),
    (
        CONSENT,
        "Coast is part of the Harbour family of brands",
        [
            "If you click accept all, we and our partners will store and/or access information on a device.",
            "You can change your choices at any time.",
        ],
    ),
    (
        CONSENT,
        "Zustimmung | Küstenblatt",
        ["Lesen Sie wie gewohnt mit Werbung.", "Sie können Ihre Einwilligung jederzeit widerrufen."],
    ),
    (
        CONSENT,
        "Avant de continuer",
        ["Nos cookies vous aident.", "Vous pouvez retirer votre consentement à tout moment."],
    ),
    (CONSENT, "Antes de continuar", ["Utilizamos cookies para medir.", "Puedes aceptar todo o rechazar todo."]),
    (PAYWALL, "Subscribe to read | Coast Times", ["Choose your plan", "Cancel anytime during your trial."]),
    (PAYWALL, "Log in", ["Forgot your password?", "Create an account"]),
    (PAYWALL, "Weiterlesen mit Plus", ["Bereits Abonnent? Hier anmelden.", "Jederzeit kündbar."]),
    (PAYWALL, "Article réservé aux abonnés", ["Déjà abonné ? Identifiez-vous.", "Sans engagement."]),
    (PAYWALL, "登录", ["登录后即可查看全文。", "忘记密码？"]),
]


@pytest.mark.parametrize(("reason", "title", "paragraphs"), WALLS)
def test_a_page_that_only_asks_for_something_is_no_article(reason: str, title: str, paragraphs: list[str]) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_document(page(title, *paragraphs), content_type="text/html", name="page.html")


ARTICLES = [
    [
        "Court fines firm over cookie consent",
        "A court in Lund fined a firm on Monday because its website made it hard to reject cookies.",
        "The firm asked users to “accept all” and hid how to withdraw your consent, and personalised ads paid for it.",
        "Regulators in nine countries now look at how websites ask their readers for what the law requires of them.",
    ],
    [
        "Zorvex closes works",
        "The works of Zorvex in Nord will close by the end of next year, the board said on Monday.",
        "Subscribe to continue reading.",
        "Already a subscriber? Log in",
    ],
    ["Login data of millions stolen", "Login data of two million customers were stolen, and passwords were reset."],
]


@pytest.mark.parametrize("lines", ARTICLES)
def test_an_article_about_consent_or_its_beginning_above_a_paywall_is_an_article(lines: list[str]) -> None:
    (draft,) = read_document(page(*lines), content_type="text/html", name="page.html")

    assert isinstance(draft, ArticleDraft)
    assert lines[1] in draft.text
