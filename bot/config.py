"""Settings: the environment and .env, read once, checked as a whole, then frozen."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import (
    AliasChoices,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from handlers.answers.errors import WirewatchError
from handlers.answers.times import iana_zones
from storage.private_files import make_folder

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigError(WirewatchError):
    """Settings that cannot work. `problems` has one line for each, all of them at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("The settings have problems:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


def _setting(default: Any, name: str, description: str) -> Any:
    return Field(default=default, validation_alias=AliasChoices(name), description=description)


class Settings(BaseSettings):
    """Every setting, each named in the environment as its alias says."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    data_dir: Path = _setting(Path("data"), "WIREWATCH_DATA_DIR", "Folder of the database, the inbox and the logs")
    database_url: SecretStr | None = _setting(
        None, "DATABASE_URL", "sqlite:///path or postgresql://...; without it, SQLite in the data folder"
    )
    host: str = _setting("127.0.0.1", "WIREWATCH_HOST", "Address the web server binds; any other needs WIREWATCH_TOKEN")
    port: int = _setting(8080, "PORT", "Port of the web server")
    token: SecretStr | None = _setting(None, "WIREWATCH_TOKEN", "Password of the console page, at least 16 characters")
    api_token: SecretStr | None = _setting(
        None, "WIREWATCH_API_TOKEN", "Bearer token of POST /api/documents, at least 16 characters"
    )
    time_zone: str = _setting("UTC", "WIREWATCH_TIME_ZONE", "Time zone of the console, such as Europe/Berlin")
    examples: bool = _setting(True, "WIREWATCH_EXAMPLES", "Load the example documents into the console")
    starter_feeds: bool = _setting(True, "WIREWATCH_STARTER_FEEDS", "Watch the feeds of seeds/feeds.opml")
    allow_private_fetch: bool = _setting(
        False, "WIREWATCH_ALLOW_PRIVATE_FETCH", "Let feeds be fetched from private and loopback addresses"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _setting(
        "INFO", "WIREWATCH_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["text", "json"] = _setting("text", "WIREWATCH_LOG_FORMAT", "text for people, json for machines")
    slack_bot_token: SecretStr | None = _setting(None, "SLACK_BOT_TOKEN", "Slack bot token, xoxb-...")
    slack_app_token: SecretStr | None = _setting(
        None, "SLACK_APP_TOKEN", "Slack app-level token, xapp-..., for Socket Mode"
    )
    slack_signing_secret: SecretStr | None = _setting(
        None, "SLACK_SIGNING_SECRET", "Slack signing secret, for HTTP mode instead of Socket Mode"
    )
    slack_client_id: str | None = _setting(
        None, "SLACK_CLIENT_ID", "For many workspaces instead of SLACK_BOT_TOKEN: each installs at /slack/install"
    )
    slack_client_secret: SecretStr | None = _setting(
        None, "SLACK_CLIENT_SECRET", "Slack client secret, beside SLACK_CLIENT_ID"
    )
    secret_key: SecretStr | None = _setting(
        None,
        "WIREWATCH_SECRET_KEY",
        "Encrypts the tokens of installed workspaces and the passwords in feed addresses, at least 32 characters; "
        "without it, SQLite uses a key file in the data folder",
    )
    slack_api_url: str = _setting("https://slack.com/api/", "SLACK_API_URL", "Slack's API; GovSlack and tests differ")
    discord_token: SecretStr | None = _setting(None, "DISCORD_TOKEN", "Discord bot token")
    discord_api_url: str = _setting("https://discord.com/api/v10", "DISCORD_API_URL", "Discord's API; tests differ")
    discord_shards: int | None = _setting(
        None, "DISCORD_SHARDS", "Connections that share the servers; without it as many as Discord recommends"
    )
    discord_guild: str | None = _setting(
        None, "DISCORD_GUILD", "The one server that gets the commands, at once, to try them; without it all do"
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in iana_zones():
            raise ValueError(f"{value!r} is no IANA time zone; write it like Europe/Berlin")
        return value

    @field_validator("token", "api_token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 16:
            raise ValueError("too short; use at least 16 characters, for example from: openssl rand -hex 24")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("too short; use at least 32 characters, for example from: openssl rand -hex 32")
        return value

    @field_validator("discord_shards", mode="before")
    @classmethod
    def _perhaps_empty(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("discord_shards")
    @classmethod
    def _a_count(cls, value: int | None) -> int | None:
        if value is not None and not 1 <= value <= 1000:
            raise ValueError("between 1 and 1000, for at most 2500 servers each")
        return value

    @field_validator("discord_guild")
    @classmethod
    def _a_server(cls, value: str | None) -> str | None:
        if value and not (value.isascii() and value.isdigit() and len(value) <= 20):
            raise ValueError("is the server's id, digits alone: Copy Server ID in Discord's developer mode")
        return value or None

    @field_validator("port")
    @classmethod
    def _a_port(cls, value: int) -> int:
        if not 0 <= value <= 65535:
            raise ValueError("a port is between 0 and 65535")
        return value

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: SecretStr | None) -> SecretStr | None:
        known = ("sqlite:", "sqlite+aiosqlite:", "postgres:", "postgresql:", "postgresql+asyncpg:")
        if value is not None and not value.get_secret_value().startswith(known):
            raise ValueError("starts with none of sqlite:///, postgresql://")
        return value

    @model_validator(mode="wrap")
    @classmethod
    def _all_at_once(cls, data: dict[str, Any], handler: ModelWrapValidatorHandler["Settings"]) -> "Settings":
        problems: list[str] = []
        try:
            settings = handler(data)
        except ValidationError as error:
            problems.extend(_problems(error))
        problems.extend(_problems_of_the_whole({name: str(value or "") for name, value in data.items()}))
        if problems:
            raise ValueError("\n".join(problems))
        return settings

    @property
    def store_url(self) -> str:
        """The database's address, made from the data folder where none is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data_dir / 'wirewatch.sqlite3').resolve()}"

    @property
    def inbox(self) -> Path:
        return self.data_dir / "inbox"

    @property
    def key_file(self) -> Path:
        """Where the key is that stands for WIREWATCH_SECRET_KEY with a database of one machine."""
        return self.data_dir / "secret.key"

    @property
    def database_file(self) -> Path | None:
        """The SQLite database's; None with PostgreSQL."""
        kind, mark, path = self.store_url.partition(":///")
        return Path(path.partition("?")[0]) if mark and kind.startswith("sqlite") else None

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    def make_folder(self, folder: Path) -> None:
        """Make one of the folders above where it is missing, for this user alone. Raises: ConfigError."""
        try:
            make_folder(folder)
        except OSError as error:
            raise ConfigError((f"WIREWATCH_DATA_DIR: {folder} cannot be made: {error.strerror or error}",)) from error

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for redaction."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def read_settings(**overrides: Any) -> Settings:
    """Settings from the environment and .env; `overrides` by the setting's name in the environment win.

    Raises: ConfigError with every problem at once.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise ConfigError(tuple(_problems(error))) from error


def _problems_of_the_whole(given: Mapping[str, str]) -> Iterator[str]:
    """What is wrong between settings. `given` is by name in the environment."""
    bot, app, signing = (given.get(f"SLACK_{name}", "") for name in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET"))
    for value, prefix, name in ((bot, "xox", "SLACK_BOT_TOKEN"), (app, "xapp-", "SLACK_APP_TOKEN")):
        if value and not value.startswith(prefix):
            yield f"{name}: does not start with {prefix}...; copy it again from the app's page"
    many = {name: given.get(name, "") for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "WIREWATCH_SECRET_KEY")}
    installs = bool(many["SLACK_CLIENT_ID"] or many["SLACK_CLIENT_SECRET"])
    if (bot or installs) and not (app or signing):
        name = "SLACK_BOT_TOKEN" if bot else "SLACK_CLIENT_ID"
        yield f"{name}: also set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode)"
    if (app or signing) and not (bot or installs):
        yield "SLACK_BOT_TOKEN: missing, though another Slack setting is there"
    if bot and installs:
        yield "SLACK_CLIENT_ID: is for many workspaces and SLACK_BOT_TOKEN for one; set one of them"
    if installs:
        yield from (
            f"{name}: missing, though workspaces are to install the app" for name, held in many.items() if not held
        )
    host = given.get("WIREWATCH_HOST", "")
    if host and host not in LOOPBACK and not given.get("WIREWATCH_TOKEN"):
        yield f"WIREWATCH_TOKEN: required because WIREWATCH_HOST is {host}, not this machine alone"


def _problems(error: ValidationError) -> list[str]:
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        message = problem["msg"].removeprefix("Value error, ")
        name = str(problem["loc"][0]) if problem["loc"] else ""
        lines.extend(f"{name}: {message}" if name else line for line in message.splitlines())
    return lines


def setting_rows() -> tuple[tuple[str, str, str], ...]:
    """(name in the environment, default, what it is), in order: for the README's table and `check`."""
    rows = []
    for field in Settings.model_fields.values():
        alias = field.validation_alias
        assert isinstance(alias, AliasChoices)  # noqa: S101  (every field is made by _setting)
        default = "" if field.default is None else str(field.default)
        rows.append((str(alias.choices[0]), default, field.description or ""))
    return tuple(rows)


def bare(secret: SecretStr | None) -> str | None:
    """The secret itself, for whoever it is given to."""
    return None if secret is None else secret.get_secret_value()
