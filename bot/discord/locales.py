"""What Discord's menus say about the commands in other languages: one text file a language, checked when it is read."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.discord.limits import DESCRIPTION_OF_COMMAND, Json
from handlers.answers.errors import WirewatchError
from handlers.commands.table import COMMANDS

# https://discord.com/developers/docs/reference#locales
LOCALES: Final = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja "
    "zh-TW ko".split()
)
MESSAGE_COMMAND: Final = "Check against topics"
"""Below "Apps" in the menu of any message."""
_NAME: Final = 32
"""https://discord.com/developers/docs/interactions/application-commands#application-command-object"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locales:
    """By locale, then by path ("digest at time"), what the menu says."""

    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def description(self, path: str) -> Json:
        """The part of a command's or an option's payload."""
        return self._part("description_localizations", path)

    def name(self, path: str) -> Json:
        """The part of a message command's payload; slash commands are called the same everywhere."""
        return self._part("name_localizations", path)

    def _part(self, kind: str, path: str) -> Json:
        found = {locale: texts[path] for locale, texts in sorted(self.texts.items()) if path in texts}
        return {kind: found} if found else {}


def read_locales(folder: Path) -> Locales:
    """Every `LOCALE.toml` of the folder; what a file leaves out stays in English.

    Raises: WirewatchError that names the file and the line for a text that Discord would refuse.
    """
    texts: dict[str, dict[str, str]] = {}
    paths = set(command_paths())
    for file in sorted(folder.glob("*.toml")):
        if file.stem not in LOCALES:
            raise WirewatchError(f"{file.name}: Discord has no locale {file.stem!r}.")
        try:
            found = tomllib.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise WirewatchError(f"{file.name}: {error}.") from error
        for path, text in found.items():
            limit = _NAME if path == MESSAGE_COMMAND else DESCRIPTION_OF_COMMAND
            if path not in paths:
                raise WirewatchError(f"{file.name}: {path!r} is no command or option.")
            if not isinstance(text, str) or not 0 < len(text) <= limit:
                raise WirewatchError(f"{file.name}: {path!r} needs a text of at most {limit} characters.")
        texts[file.stem] = found
    return Locales(texts=texts)


def command_paths() -> Iterator[str]:
    """Everything that can be said in another language."""
    yield MESSAGE_COMMAND
    for command in COMMANDS:
        yield command.name
        holders = [(command.name, command.options)]
        for sub in command.subcommands:
            yield f"{command.name} {sub.name}"
            holders.append((f"{command.name} {sub.name}", sub.options))
        for path, options in holders:
            yield from (f"{path} {option.name}" for option in options)
