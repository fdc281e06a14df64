"""Translations of the commands' descriptions in Discord's menus: one TOML file per locale, checked when it is read."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.discord.limits import COMMAND_DESCRIPTION, Json
from handlers.answers.errors import WirewatchError
from handlers.commands.table import COMMANDS

# https://discord.com/developers/docs/reference#locales
LOCALES: Final = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja "
    "zh-TW ko".split()
)
MESSAGE_COMMAND: Final = "Check against topics"
"""The name of the message command, under "Apps" in the menu of any message."""
_NAME_LENGTH: Final = 32
"""https://discord.com/developers/docs/interactions/application-commands#application-command-object"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locales:
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The translations by locale, then by path, such as "digest at time"."""

    def description(self, path: str) -> Json:
        """Return the translated descriptions of a command or option, as part of its payload."""
        return self._part("description_localizations", path)

    def name(self, path: str) -> Json:
        """Return the translated names of the message command. Slash commands have the same name in every locale."""
        return self._part("name_localizations", path)

    def _part(self, kind: str, path: str) -> Json:
        found = {locale: texts[path] for locale, texts in sorted(self.texts.items()) if path in texts}
        return {kind: found} if found else {}


def read_locales(folder: Path) -> Locales:
    """Read every `LOCALE.toml` in the folder. Texts that a file leaves out stay in English.

    Raises: WirewatchError that names the file and the text, for a text that Discord would refuse.
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
            limit = _NAME_LENGTH if path == MESSAGE_COMMAND else COMMAND_DESCRIPTION
            if path not in paths:
                raise WirewatchError(f"{file.name}: {path!r} is not a command or option.")
            if not isinstance(text, str) or not 0 < len(text) <= limit:
                raise WirewatchError(f"{file.name}: {path!r} needs a text of at most {limit} characters.")
        texts[file.stem] = found
    return Locales(texts=texts)


def command_paths() -> Iterator[str]:
    """Yield the path of everything that can be translated."""
    yield MESSAGE_COMMAND
    for command in COMMANDS:
        yield command.name
        groups = [(command.name, command.options)]
        for sub in command.subcommands:
            yield f"{command.name} {sub.name}"
            groups.append((f"{command.name} {sub.name}", sub.options))
        for path, options in groups:
            yield from (f"{path} {option.name}" for option in options)
