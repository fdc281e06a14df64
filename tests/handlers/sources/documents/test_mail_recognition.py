"""E-mails are distinguished from other texts by their headers."""

from datetime import UTC, datetime

import pytest

from handlers.drafts import ArticleDraft
from handlers.sources.documents.document import read_document


@pytest.mark.parametrize(
    "headers",
    [
        "Received-SPF: Pass (mailfrom)\n identity=mailfrom;\n client-ip=192.0.2.17\n",
        "\ufeff",
        "\n\n",
        "From bob@harbour.example Mon Nov 30 10:00:00 2026\n",
        "X-Something-Nobody-Listed: 1\n\tfolded\n",
        "X-Long: " + "word " * 3000 + "\n",
        "ARC-Seal: i=1; a=rsa-sha256;\n t=1; cv=none;\nAuthentication-Results: mx.example;\n spf=pass\n",
        "Received: from a by b;\r\n Mon, 30 Nov 2026 10:00:00 +0100\r\n",
    ],
)
@pytest.mark.parametrize("name", ["letter.eml", "letter.txt", "letter"])
def test_first_headers_of_any_kind_do_not_turn_a_mail_into_a_text(headers: str, name: str) -> None:
    body = headers + (
        "From: Ada Finch <ada.finch@orchard.example>\nSubject: Norvane Steel listed\n"
        "Date: Mon, 30 Nov 2026 10:00:00 +0000\nMessage-ID: <n4@orchard.example>\n\nIt was listed on Monday.\n"
    )

    (draft,) = read_document(body.encode(), content_type=None, name=name)

    assert isinstance(draft, ArticleDraft)
    assert (draft.title, draft.author) == ("Norvane Steel listed", "Ada Finch")
    assert draft.published_at == datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert draft.text == "It was listed on Monday."
