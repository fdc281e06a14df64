"""What is kept apart from the text of a letter, and what is not."""

import pytest

from tests.support.letters import an_email, kept_apart, read_article

FIRST = "The ministry put Norvane Steel on the trade list on Monday, and banks must report what they hold."


@pytest.mark.parametrize(
    "footer",
    [
        "-- \nAda Finch\nOrchard Ltd, Huawei Road 1\n+44 20 7946 0000",
        "Sent from my iPhone",
        "Sent from my Huawei Mobile",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Отправлено с iPhone",
        "发自我的华为手机",
        "تم الإرسال من هاتف Huawei",
        "CONFIDENTIALITY NOTICE: The contents of this e-mail are intended for the addressee only.",
        "This e-mail and any attachments are confidential and intended solely for the addressee. If you have received "
        "it in error, please notify the sender and delete it.",
        "Diese E-Mail enthält vertrauliche Informationen und ist nur für den Empfänger bestimmt. Wenn Sie sie "
        "irrtümlich erhalten haben, löschen Sie sie bitte.",
        "Ce message est confidentiel et destiné exclusivement à son destinataire. Merci de le supprimer en cas "
        "d'erreur.",
        "Este mensaje es confidencial y va dirigido a su destinatario. Si lo ha recibido por error, elimínelo.",
        "Это сообщение конфиденциально и предназначено только адресату. Если вы получили его по ошибке, удалите его.",
        "本邮件及其附件含有保密信息，仅限于指定收件人使用，如误收请删除。",
        "Please consider the environment before printing this e-mail.",
        "You are receiving this e-mail because you subscribed at coast.example.\nUnsubscribe: https://coast.example/u",
        "Sie erhalten diese E-Mail, weil Sie sich angemeldet haben.\nNewsletter abbestellen",
        "_______________________________________________\nNews mailing list -- news@wire.example\n"
        "To unsubscribe send an email to news-leave@wire.example",
        "[https://t.coast.example/o/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08]",
        "[cid:image001.png@01D9F9A0]",
    ],
)
def test_signatures_disclaimers_and_notices_are_kept_apart(footer: str) -> None:
    draft = read_article(an_email("Norvane Steel listed", plain=f"{FIRST}\n\nAda\n\n{footer}\n"))

    assert draft.text.split("\n\n") == [FIRST, "Ada"]
    assert "Huawei" not in draft.text


@pytest.mark.parametrize(
    "line",
    [
        "This message is confidential: Norvane Steel will be listed tomorrow.",
        "This e-mail shows that the firm knew of the list.",
        "You received this letter of 5 May, in which we named Tessaly Bank.",
        "Google lets publishers opt out of its index",
        "Unsubscribed workers lose their pay",
        "Norvane Steel",
        "Tessaly Bank, Calder Optics",
        "4711",
        "20 tonnes",
        "Search",
        "Live",
        "Share prices fall in Tokyo",
        "Read more closely, the order names no bank.",
        "Sent from Berlin on Monday, the order reached the port on Tuesday",
        "Das Gewerbe abmelden muss, wer Stahl liefert",
        "Jetzt sanktioniert auch Japan",
        "(C) means that the firm is listed in annex C",
        "Contact: Jane Doe, +49 30 123456",
        "-- as the ministry said --",
        "This message was sent to the ministry on Monday by Norvane Steel, which denies everything.",
    ],
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_line_that_a_person_wrote_is_text_wherever_it_is(line: str, place: str) -> None:
    paragraphs = {"first": [line, FIRST], "middle": [FIRST, line, FIRST], "last": [FIRST, line]}[place]

    draft = read_article(an_email("Order 17", plain="\n\n".join(paragraphs) + "\n"))

    assert draft.text.split("\n\n") == paragraphs


@pytest.mark.parametrize(
    "warning",
    [
        "CAUTION: This email originated from outside of the organization. Do not click links unless it is safe.",
        "[EXTERNAL]",
        "You don't often get email from bob@harbour.example. Learn why this is important",
        "Achtung: Diese E-Mail kommt von außerhalb der Organisation. Öffnen Sie keine Anhänge.",
        "Attention : ce message provient de l'extérieur de l'organisation.",
    ],
)
def test_the_warning_of_a_mail_server_is_no_text(warning: str) -> None:
    draft = read_article(an_email("Order 17", html=f"<div><b>{warning}</b></div><p>{FIRST}</p>"))

    assert draft.text == FIRST
    assert warning in kept_apart(draft)


def test_a_paragraph_about_a_confidential_letter_is_text_above_others() -> None:
    line = "This confidential message, intended for the recipient alone, was published in error and then deleted."

    draft = read_article(an_email("Order 17", plain=f"{FIRST}\n\n{line}\n\n{FIRST}\n"))

    assert line in draft.text


def test_a_line_below_two_dashes_that_is_no_signature_is_text() -> None:
    draft = read_article(an_email("Order 17", plain=f"{FIRST}\n\n--\n\n{FIRST}\n\n{FIRST}\n"))

    assert draft.text.count(FIRST) == 3


def test_a_signed_letter_loses_its_armor_only() -> None:
    text = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{FIRST}\n\n- - Norvane Steel\n- - Tessaly Bank\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n"
    )

    draft = read_article(an_email("Order 17", plain=text))

    assert draft.text.split("\n\n") == [FIRST, "Norvane Steel", "Tessaly Bank"]


def test_the_signature_that_a_mail_program_marks_is_kept_apart() -> None:
    html = f"<div>{FIRST}</div><br><div class='gmail_signature'>Ada Finch<br>Orchard Ltd</div>"

    draft = read_article(an_email("Order 17", html=html))

    assert draft.text == FIRST
    assert "Orchard Ltd" in kept_apart(draft)


@pytest.mark.parametrize("button", ["Read on", "Read more »", "Weiterlesen", "Lire la suite", "Подробнее", "阅读全文"])
def test_a_button_is_no_text(button: str) -> None:
    draft = read_article(an_email("Order 17", html=f"<p>{FIRST}</p><p><a href='https://a.example'>{button}</a></p>"))

    assert draft.text == FIRST
