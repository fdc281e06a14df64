"""Messages of components (components v2): lists whose rows have their own buttons.

https://discord.com/developers/docs/components/reference. Such a message has neither content nor embeds, and stays one
of its kind when it is edited.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.discord.limits import BUTTONS_PER_ROW, COMPONENTS, COMPONENTS_TEXT, Json, cut
from handlers.answers.parts import Button

# https://discord.com/developers/docs/resources/message#message-object-message-flags
COMPONENTS_V2: Final = 1 << 15
_ROW, _SECTION, _TEXT, _CONTAINER = 1, 9, 10, 17

Draw = Callable[[Button], Json | None]
"""Returns a button as a component; None for one that cannot be shown, or is shown already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a message: a text, and the buttons that belong to it."""

    text: str
    buttons: tuple[Button, ...] = ()


def components_of(parts: Sequence[Part], buttons: Sequence[Button], color: int, draw: Draw) -> list[Json] | None:
    """Return the components of a message: a box with the parts, and below it the buttons that are about all of them.

    None if that is more than a message may have.
    """
    inner = list(_merged(component for part in parts for component in _part(part, draw)))
    below = list(_rows(buttons, draw))
    components = [{"type": _CONTAINER, "accent_color": color, "components": inner}, *below] if inner else below
    everything = list(_all(components))
    text = sum(len(component.get("content", "")) for component in everything)
    return components if components and len(everything) <= COMPONENTS and text <= COMPONENTS_TEXT else None


def text_part(texts: Sequence[str]) -> Part:
    """Return one part with all the texts, cut to what a message may have."""
    return Part(text=cut("\n".join(filter(None, texts)), COMPONENTS_TEXT).strip() or "…")


def _part(part: Part, draw: Draw) -> Iterator[Json]:
    """Yield a section for a text with one button; otherwise the text, and its buttons in a row below."""
    drawn = [element for button in part.buttons if (element := draw(button)) is not None]
    text = {"type": _TEXT, "content": part.text}
    if len(drawn) == 1:
        yield {"type": _SECTION, "components": [text], "accessory": drawn[0]}
        return
    yield text
    yield from _in_rows(drawn)


def _rows(buttons: Sequence[Button], draw: Draw) -> Iterator[Json]:
    yield from _in_rows([element for button in buttons if (element := draw(button)) is not None])


def _in_rows(elements: Sequence[Json]) -> Iterator[Json]:
    for start in range(0, len(elements), BUTTONS_PER_ROW):
        yield {"type": _ROW, "components": list(elements[start : start + BUTTONS_PER_ROW])}


def _merged(components: Iterator[Json]) -> Iterator[Json]:
    """Yield the components with texts that follow each other as one: only a few components are allowed."""
    texts: list[str] = []
    for component in components:
        if component["type"] == _TEXT:
            texts.append(component["content"])
            continue
        if texts:
            yield {"type": _TEXT, "content": "\n".join(texts)}
            texts = []
        yield component
    if texts:
        yield {"type": _TEXT, "content": "\n".join(texts)}


def _all(components: Sequence[Any]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from _all(component.get("components", ()))
        if "accessory" in component:
            yield component["accessory"]
