"""The lines of an HTML letter: what its reader sees, and nothing else."""

import pytest

from tests.support.letters import an_email, read_article


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none'>Huawei</div>",
        "<div style='display: none; mso-hide: all'>Huawei</div>",
        "<div style='max-height:0px;overflow:hidden'>Huawei</div>",
        "<div style='font-size:1px;line-height:1px;color:#fff'>Huawei</div>",
        "<span style='opacity:0'>Huawei</span>",
        "<span style='visibility:hidden'>Huawei</span>",
        "<p hidden>Huawei</p>",
        "<style>.preheader { display: none !important }</style><span class='preheader'>Huawei</span>",
        "<del>Huawei</del>",
        "<s>Huawei</s>",
    ],
)
def test_text_that_no_reader_sees_is_no_text(hidden: str) -> None:
    draft = read_article(an_email("Steel", html=f"<body>{hidden}<p>The ministry listed Norvane Steel.</p></body>"))

    assert draft.text == "The ministry listed Norvane Steel."


@pytest.mark.parametrize(
    "shown",
    [
        "<p aria-hidden='true'>Norvane Steel</p>",
        "<td style='font-size:0px'><div style='font-size:13px'>Norvane Steel</div></td>",
        "<style>@media (max-width: 600px) { .wide { display: none } }</style><p class='wide'>Norvane Steel</p>",
        "<div style='line-height:0;max-height:600px;overflow:hidden'>Norvane Steel</div>",
    ],
)
def test_text_that_a_reader_sees_is_text(shown: str) -> None:
    draft = read_article(an_email("Steel", html=f"<body><table><tr>{shown}</tr></table><p>It was listed.</p></body>"))

    assert "Norvane Steel" in draft.text
