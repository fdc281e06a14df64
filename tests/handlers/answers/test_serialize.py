"""A serialized post is JSON and deserializes to an equal post."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.answers.answer import Alert, Brief, Digest, Note, Notice, Post, Trend
from handlers.answers.parts import Link, Quote, Report, Tone
from handlers.answers.serialize import DeserializeError, deserialize, serialize
from tests.support.answers import every_answer

STORED = json.loads((Path(__file__).parent / "data" / "stored_posts.json").read_text(encoding="utf-8"))
"""A post of each type as databases hold it. Renaming or removing a field would make stored posts unreadable."""
_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
st.register_type_strategy(str, _TEXT)
st.register_type_strategy(
    datetime,
    st.datetimes(
        min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - `timezones` adds the zone
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
    ),
)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("post_type", [Alert, Note, Digest, Notice, Brief, Trend])
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_every_type_of_post_survives_json_unchanged(post_type: type[Post], data: st.DataObject) -> None:
    fixed = {"type": st.just(next(field.default for field in fields(post_type) if field.name == "type"))}
    post = cast(Post, data.draw(st.builds(post_type, **fixed)))

    restored = deserialize(json.loads(json.dumps(serialize(post))))

    assert restored == post
    assert type(restored) is post_type


def test_times_keep_their_zone_and_their_microseconds() -> None:
    at = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=UTC)
    post = Note(label="New", quote=Quote(text="a", bold=((0, 1),)), source=Report(publisher="p", url=None, at=at))

    restored = deserialize(serialize(post))

    assert isinstance(restored, Note)
    assert restored.source.at == at
    assert restored.quote.bold == ((0, 1),)


def test_a_field_that_an_earlier_version_did_not_store_gets_its_default() -> None:
    body = serialize(Notice(text="Hello", tone=Tone.DONE, links=(Link(text="a", url="https://example.org/"),)))
    del body["code"], body["buttons"]

    assert deserialize(body) == Notice(
        text="Hello", tone=Tone.DONE, links=(Link(text="a", url="https://example.org/"),)
    )


@pytest.mark.parametrize("name", STORED)
def test_a_stored_post_can_still_be_read(name: str) -> None:
    post = cast(Post, every_answer("MTS and Huawei agree")[name])

    assert deserialize(STORED[name]) == post
    assert serialize(post) == STORED[name]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "telegram"},
        {"type": "notice"},
        {"type": "notice", "text": 7},
        {"type": "notice", "text": "Hello", "tone": "loud"},
        {"type": "note", "label": "New", "quote": None, "source": {}},
    ],
)
def test_a_post_that_cannot_be_read_raises_an_error(body: Mapping[str, Any]) -> None:
    with pytest.raises(DeserializeError):
        deserialize(body)


def test_a_day_is_restored_as_a_date_without_a_time() -> None:
    digest = Digest(
        day=date(2026, 11, 22),
        late=False,
        stories=0,
        articles=0,
        groups=(),
        chart=None,
        held=(("overnight (22:00-07:00)", 5),),
        next_at=None,
        time_zone="UTC",
    )

    assert deserialize(serialize(digest)) == digest
