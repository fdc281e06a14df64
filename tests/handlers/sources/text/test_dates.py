"""Dates in fields of documents and feeds, in many languages and formats, as instants in UTC."""

from datetime import UTC, datetime

import pytest

from handlers.sources.text.dates import read_date

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2019-06-05T10:00:00+02:00", datetime(2019, 6, 5, 8, 0, tzinfo=UTC)),
        ("2019-06-05", datetime(2019, 6, 5, tzinfo=UTC)),
        ("Wed, 05 Jun 2019 10:00:00 +0200", datetime(2019, 6, 5, 8, 0, tzinfo=UTC)),
        ("5 June 2019", datetime(2019, 6, 5, tzinfo=UTC)),
        ("Friday, 20-Nov-26 10:00:00 GMT", TEN),
        ("Fri Nov 20 10:00:00 UTC 2026", TEN),
        ("Fri Nov 20 2026 11:00:00 GMT+0100 (Central European Standard Time)", TEN),
        ("2026-11-20T11:00:00+01:00[Europe/Berlin]", TEN),
        ("2026-11-20 10:00:00 +0000 UTC", TEN),
        ("2026-11-20 T 10:00:00.123456789Z", TEN),
        ("20261120T100000Z", TEN),
        ("20261120100000", TEN),
        ("20261120", MIDNIGHT),
        ("2026-W47-5", MIDNIGHT),
        ("2026W475", MIDNIGHT),
        ("2026-324", MIDNIGHT),
        ("1795168800", TEN),
        ("1795168800.5", TEN),
        ("1795168800000", TEN),
        ("/Date(1795168800000)/", TEN),
        ("2026-11-19T24:00:00Z", MIDNIGHT),
        ("Thu, 19 Nov 2026 24:00 GMT", MIDNIGHT),
        ("2026/11/20 10:00:00", TEN),
        ("20-11-2026 10:00", TEN),
        ("11/20/2026 10:00:00 AM", TEN),
        ("Friday, November 20, 2026 - 10:00", TEN),
    ],
)
def test_a_date_field_may_have_any_common_format(value: str, instant: datetime) -> None:
    assert read_date(value) == instant


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        *(("CET", 9), ("CEST", 8), ("MEZ", 9), ("MESZ", 8), ("BST", 9), ("MSK", 7), ("IST", 4.5), ("PKT", 5)),
        *(("SGT", 2), ("HKT", 2), ("KST", 1), ("JST", 1), ("AEST", 0), ("NZDT", -3), ("WIB", 3), ("EAT", 7)),
        *(("EST", 15), ("EDT", 14), ("PDT", 17), ("ET", 15), ("PT", 18), ("BRT", 13), ("NST", 13.5)),
        *(("GMT+8", 2), ("UTC+3", 7), ("GMT+05:30", 4.5), ("+0800 (CST)", 2), ("-05:00", 15), ("Z", 10), ("UT", 10)),
        *(("Europe/Berlin", 9), ("America/New_York", 15), ("Asia/Ho_Chi_Minh", 3)),
    ],
)
def test_a_time_zone_may_have_any_common_name(zone: str, hour: float) -> None:
    instant = read_date(f"Fri, 20 Nov 2026 10:00:00 {zone}")

    assert instant is not None
    assert (instant - MIDNIGHT).total_seconds() == hour * 3600


def test_eastern_time_is_daylight_saving_time_in_summer() -> None:
    assert read_date("July 6, 2026 7:32 am ET") == datetime(2026, 7, 6, 11, 32, tzinfo=UTC)
    assert read_date("January 6, 2026 7:32 a.m. Eastern Time") == datetime(2026, 1, 6, 12, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "Fr, 20 Nov 2026 10:00:00",
        "Freitag, den 20. November 2026 um 10 Uhr",
        "ven., 20 nov. 2026 10:00:00",
        "vendredi 20 novembre 2026 à 10h00",
        "vie, 20 nov 2026 10:00:00",
        "20 de noviembre de 2026 a las 10:00 h",
        "20/11/2026 às 10h00",
        "venerdì 20 novembre 2026 alle ore 10.00",
        "vrijdag 20 november 2026 om 10:00 uur",
        "fredag den 20. november 2026 kl. 10.00",
        "20.11.2026 klo 10.00",
        "Пт, 20 ноя 2026 10:00:00",
        "20 ноября 2026 г. в 10:00",
        "20 листопада 2026, 10:00",
        "20 листопада 2026 року о 10:00",
        "piątek, 20 listopada 2026 r. 10:00",
        "20. 11. 2026 10:00",
        "2026. november 20. 10:00",
        "20 Kasım 2026 Cuma 10:00",
        "Jumat, 20 Nov 2026 17:00 WIB",
        "20 tháng 11, 2026 10:00",
        "20 Νοεμβρίου 2026, 10:00",
        "20 בנובמבר 2026 בשעה 10:00",
        "الجمعة 20 نوفمبر 2026 الساعة 10:00 ص",
        "20 नवंबर 2026 10:00",
        "20 พฤศจิกายน 2569 10:00",
        "2026年11月20日 10:00",
        "2026年11月20日星期五上午10时00分",
        "2026年11月20日(金) 午前10時",
        "令和8年11月20日 10:00",
        "二〇二六年十一月二十日 10:00",
        "2026년 11월 20일 금요일 오전 10:00:00",
        "2026. 11. 20. 오전 10:00",
        "周五, 20 十一月 2026 18:00:00 +0800",
        "星期五, 20 11月 2026 18:00:00 +0800",
        "金, 20 11 2026 19:00:00 +0900",
        "금, 20 11월 2026 19:00:00 +0900",
        "٢٠ نوفمبر ٢٠٢٦ ١٠:٠٠",
    ],
)
def test_a_date_may_be_written_in_many_languages(value: str) -> None:
    assert read_date(value) == TEN


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        ("Fri, 20 Nov 2026 10:00 PM GMT", 22),
        ("November 20, 2026 12:00 am", 0),
        ("November 20, 2026 12:00 p.m.", 12),
        ("2026년 11월 20일 오후 10:00", 22),
        ("2026-11-20 下午 3:00", 15),
        ("20 نوفمبر 2026، 3:00 م", 15),
    ],
)
def test_the_half_of_the_day_counts(value: str, hour: int) -> None:
    assert read_date(value) == MIDNIGHT.replace(hour=hour)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "Invalid Date",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00+14:00",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0",
        "5 June 1985",
        "Fri, 31 Nov 2026 10:00:00 GMT",
        "2003-06-31T15:51:30-05:00",
        "2003-07-01T01:61:30Z",
        "Fri, 20 Nov 2026 10:00:00 XYZ",
        "Fri, 20 Nov 2026 25:00:00 GMT",
        "Fri, 20 Nov 2026 10:00:00 +9900",
        "2026",
        "2026-11",
        "November 2026",
        "20 November",
        "20 November 2026, edition 3",
        "5/6/2026",
        "2026-11-20" * 20,
    ],
)
def test_what_is_not_wholly_understood_or_before_1990_is_no_date(value: str) -> None:
    assert read_date(value) is None
