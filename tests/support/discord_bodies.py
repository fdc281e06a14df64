"""Checks of message bodies as Discord makes them: what `problem_of` names, Discord refuses with 50035 or 50006.

https://discord.com/developers/docs/resources/message and https://discord.com/developers/docs/components/reference
"""

from collections.abc import Iterator, Mapping
from typing import Any

COMPONENTS_V2 = 1 << 15
EPHEMERAL, SUPPRESS_NOTIFICATIONS = 1 << 6, 1 << 12
ROW, BUTTON, STRING_SELECT = 1, 2, 3
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
_SELECTS = frozenset({STRING_SELECT, 5, 6, 7, 8})
_V2_TOP = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER})
_EMPTY = "the message is empty"

Body = Mapping[str, Any]


def problem_of(body: Body, before: Body | None = None) -> str | None:
    """Return what is wrong with the body of a new message, or of an edit of the message `before`; None if nothing."""
    problems = _problems(body, before)
    return next(problems, None)


def refusal_code(problem: str) -> int:
    """Return Discord's error code for a problem."""
    return 50006 if problem == _EMPTY else 50035


def _problems(body: Body, before: Body | None) -> Iterator[str]:
    was_v2 = before is not None and bool(before.get("flags", 0) & COMPONENTS_V2)
    is_v2 = was_v2 or bool(body.get("flags", 0) & COMPONENTS_V2)
    content, embeds, components = (body.get(name) or () for name in ("content", "embeds", "components"))
    if is_v2:
        yield from _v2_problems(body, before)
    elif before is None and not (content or embeds or components or body.get("files") or body.get("sticker_ids")):
        yield _EMPTY
    else:
        yield from _embed_problems(body)
        if len(components) > 5 or any(component["type"] != ROW for component in components):
            yield "without components v2 a message has up to five action rows"
    yield from _component_problems(components)


def _v2_problems(body: Body, before: Body | None) -> Iterator[str]:
    if body.get("content") or body.get("embeds"):
        yield "components v2 exclude content and embeds"
    if before is not None and not before.get("flags", 0) & COMPONENTS_V2:
        old = [name for name in ("content", "embeds") if before.get(name) and name not in body]
        if old:
            yield f"an edit to components v2 must empty {old}"
    components = body.get("components") or ()
    if before is None and not components:
        yield _EMPTY
    everything = list(all_components(components))
    if len(everything) > 40:
        yield f"{len(everything)} components"
    if sum(len(component.get("content", "")) for component in everything) > 4000:
        yield "more than 4,000 characters"
    if any(component["type"] not in _V2_TOP for component in components):
        yield "a component that cannot stand alone"


def _embed_problems(body: Body) -> Iterator[str]:
    if len(body.get("content") or "") > 2000:
        yield "more than 2,000 characters of content"
    embeds = body.get("embeds") or ()
    total = 0
    for embed in embeds:
        fields = embed.get("fields", ())
        texts = [embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")]
        texts += [embed.get("author", {}).get("name", ""), *(f["name"] for f in fields), *(f["value"] for f in fields)]
        total += sum(map(len, texts))
        if len(texts[1]) > 4096 or len(texts[0]) > 256 or len(fields) > 25:
            yield "an embed that is too long"
        if any(not field["name"] or not field["value"] for field in fields):
            yield "an empty field"
    if len(embeds) > 10 or total > 6000:
        yield "more than 10 embeds or 6,000 characters in them"


def _component_problems(components: Any) -> Iterator[str]:
    ids: set[str] = set()
    for component in all_components(components):
        id = component.get("custom_id")
        if id is not None and (id in ids or not 1 <= len(id) <= 100):
            yield f"the id {id!r} occurs twice or has a wrong length"
        ids.add(id or "")
        yield from _shape_problems(component)


def _shape_problems(component: Body) -> Iterator[str]:
    kind: int = component["type"]
    inner: Any = component.get("components") or ()
    match kind:
        case 1:
            is_menu = len(inner) == 1 and inner[0]["type"] in _SELECTS
            if not is_menu and not (1 <= len(inner) <= 5 and all(one["type"] == BUTTON for one in inner)):
                yield "a row of something else than one menu or up to five buttons"
        case 2:
            if ("url" in component) == ("custom_id" in component) or not 1 <= len(component.get("label", "")) <= 80:
                yield "a button without a label, or without one of address and id"
        case 3:
            if not 1 <= len(component.get("options", ())) <= 25:
                yield "a menu without options, or with more than 25"
        case 9:
            if not 1 <= len(inner) <= 3 or any(one["type"] != TEXT for one in inner):
                yield "a section of something else than one to three texts"
            if component.get("accessory", {}).get("type") not in (BUTTON, THUMBNAIL):
                yield "a section without a button or thumbnail"
        case 10:
            if not 1 <= len(component.get("content", "")) <= 4000:
                yield "a text that is empty or too long"
        case 12:
            if not 1 <= len(component.get("items", ())) <= 10:
                yield "a gallery without pictures, or with more than ten"
        case 17:
            if not inner or any(one["type"] not in _V2_TOP - {CONTAINER} for one in inner):
                yield "a container that is empty or contains what it must not"


def all_components(components: Any) -> Iterator[Body]:
    """Yield all components with those inside them; each counts."""
    for component in components:
        yield component
        yield from all_components(component.get("components") or ())
        if component.get("accessory"):
            yield component["accessory"]
