"""Addresses of official lists, which are fetched into a file."""

import pytest

from handlers.sources.lists.addresses import is_known_list


@pytest.mark.parametrize(
    ("url", "is_list"),
    [
        ("https://sanctionslistservice.ofac.treas.gov/api/download/SDN.XML", True),
        ("https://sanctionslistservice.ofac.treas.gov/changes/latest", True),
        ("https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=x", True),
        ("https://scsanctions.un.org/resources/xml/en/consolidated.xml", True),
        ("https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.xml", True),
        ("https://ofac.treasury.gov/recent-actions", False),
        ("https://example.com/scsanctions.un.org/", False),
        ("https://[broken", False),
    ],
)
def test_whether_an_address_is_that_of_a_list(url: str, is_list: bool) -> None:
    assert is_known_list(url) is is_list
