"""Editions that lack a part of the list: the rest of the list goes on."""

from datetime import timedelta

from storage.records import SourceKind
from tests.support.polling import Polling


async def test_a_part_of_a_joined_list_that_vanishes_is_kept_and_reported_once_while_the_rest_goes_on(
    polling: Polling,
) -> None:
    def screening(treasury: int, *names: str) -> bytes:
        rows = [f"{number},Nonproliferation - Treasury,{number},,,BANK {number},,,,," for number in range(treasury)]
        rows += [f"x,Entity List - Commerce,,,,{name},,91 FR 9417,,," for name in names]
        head = "_id,source,entity_number,type,programs,name,addresses,federal_register_notice,start_date,alt_names,ids"
        return "\r\n".join([head, *rows, ""]).encode()

    source = await polling.feed(
        polling.server.answer(
            "/list",
            screening(20, "Orvandel Optics"),
            screening(0, "Orvandel Optics", "Zelmarsk Optika"),
            screening(0, "Orvandel Optics", "Zelmarsk Optika", "Norvane Steel"),
            screening(20, "Orvandel Optics", "Zelmarsk Optika", "Norvane Steel"),
        ),
        kind=SourceKind.LIST,
    )
    polls = [await polling.poll(source, after=timedelta(hours=hours)) for hours in range(4)]

    assert [(polled.error, polled.new) for polled in polls] == [(None, 0), (None, 1), (None, 1), (None, 0)]
    assert [title.partition(": ")[2] for title in await polling.titles()] == [
        "Norvane Steel added",
        "Zelmarsk Optika added",
    ]
    assert len([text for text in await polling.notices() if "lost many of its 20 entries" in text]) == 1
