"""Settings: read once from the environment and .env, checked as a whole, then frozen."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import AliasChoices, Field, ModelWrapValidatorHandler, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.setting_types import DatabaseUrl, Days, Networks, Port, SecretKey, ServerId, Shards, TimeZone, Token
from handlers.answers.errors import WirewatchError
from handlers.rules.retention import Retention
from storage.private_files import make_folder

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigError(WirewatchError):
    """Settings that cannot work. `problems` has one line for each problem."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("The settings have problems:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


def _setting(default: Any, name: str, description: str) -> Any:
    return Field(default=default, validation_alias=AliasChoices(name), description=description)


class Settings(BaseSettings):
    """All settings. The alias of each is its name in the environment."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    data_dir: Path = _setting(Path("data"), "WIREWATCH_DATA_DIR", "Folder of the database, the inbox and the logs")
    database_url: DatabaseUrl | None = _setting(
        None, "DATABASE_URL", "sqlite:///path or postgresql://...; without it, SQLite in the data folder"
    )
    host: str = _setting(
        "127.0.0.1", "WIREWATCH_HOST", "Address that the web server binds to; any but loopback needs WIREWATCH_TOKEN"
    )
    port: Port = _setting(8080, "PORT", "Port of the web server")
    token: Token | None = _setting(None, "WIREWATCH_TOKEN", "Password of the console page, at least 16 characters")
    api_token: Token | None = _setting(
        None, "WIREWATCH_API_TOKEN", "Bearer token that opens only POST /api/documents, at least 16 characters"
    )
    read_token: Token | None = _setting(
        None,
        "WIREWATCH_READ_TOKEN",
        "Bearer token that reads GET /api/messages, GET /api/channels and /metrics, at least 16 characters",
    )
    proxies: Networks = _setting(
        (),
        "WIREWATCH_PROXIES",
        "Addresses or networks of the proxies in front of the web server, separated by commas; X-Forwarded-For and "
        "X-Forwarded-Proto count only from these",
    )
    time_zone: TimeZone = _setting("UTC", "WIREWATCH_TIME_ZONE", "Time zone of the console, such as Europe/Berlin")
    examples: bool = _setting(True, "WIREWATCH_EXAMPLES", "Load the example documents into the console")
    starter_feeds: bool = _setting(True, "WIREWATCH_STARTER_FEEDS", "Poll the feeds of seeds/feeds.opml")
    allow_private_fetch: bool = _setting(
        False, "WIREWATCH_ALLOW_PRIVATE_FETCH", "Allow feeds at private and loopback addresses"
    )
    keep_articles: Days = _setting(400, "WIREWATCH_KEEP_ARTICLES", "Days for which articles stay; 0: for ever")
    keep_shown: Days = _setting(
        1200,
        "WIREWATCH_KEEP_SHOWN",
        "Days for digests, and for articles that stand in a post, are followed, muted or corrected; 0: for ever",
    )
    keep_traces: Days = _setting(
        90, "WIREWATCH_KEEP_TRACES", "Days after which /why evaluates a query again instead of reading it; 0: for ever"
    )
    keep_arrivals: Days = _setting(
        120, "WIREWATCH_KEEP_ARRIVALS", "Days for arrivals that their feed does not list any more; 0: for ever"
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
        None,
        "SLACK_CLIENT_ID",
        "Slack client id, instead of SLACK_BOT_TOKEN, for an app that many workspaces install at /slack/install",
    )
    slack_client_secret: SecretStr | None = _setting(
        None, "SLACK_CLIENT_SECRET", "Slack client secret, together with SLACK_CLIENT_ID"
    )
    secret_key: SecretKey | None = _setting(
        None,
        "WIREWATCH_SECRET_KEY",
        "Encrypts the tokens of installed workspaces and the passwords in feed addresses, at least 32 characters; "
        "without it, SQLite uses a key file in the data folder",
    )
    slack_api_url: str = _setting(
        "https://slack.com/api/", "SLACK_API_URL", "Base URL of Slack's API; GovSlack has another"
    )
    discord_token: SecretStr | None = _setting(None, "DISCORD_TOKEN", "Discord bot token")
    discord_api_url: str = _setting("https://discord.com/api/v10", "DISCORD_API_URL", "Base URL of Discord's API")
    discord_shards: Shards = _setting(
        None,
        "DISCORD_SHARDS",
        "Connections that share the servers; without it, as many as Discord recommends",
    )
    discord_guild: ServerId = _setting(
        None, "DISCORD_GUILD", "Id of the only server that gets the commands, to try them; without it, all servers do"
    )

    @model_validator(mode="wrap")
    @classmethod
    def _report_all_problems(cls, data: dict[str, Any], handler: ModelWrapValidatorHandler["Settings"]) -> "Settings":
        problems: list[str] = []
        try:
            settings = handler(data)
        except ValidationError as error:
            problems.extend(_problems(error))
        problems.extend(_conflicts({name: str(value or "") for name, value in data.items()}))
        if problems:
            raise ValueError("\n".join(problems))
        return settings

    @property
    def store_url(self) -> str:
        """The address of the database. By default it is an SQLite file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data_dir / 'wirewatch.sqlite3').resolve()}"

    @property
    def database_file(self) -> Path | None:
        """The file of an SQLite database; None with PostgreSQL."""
        kind, separator, path = self.store_url.partition(":///")
        return Path(path.partition("?")[0]) if separator and kind.startswith("sqlite") else None

    @property
    def key_file(self) -> Path:
        """The file of the secret key that an SQLite database uses if WIREWATCH_SECRET_KEY is not set."""
        return self.data_dir / "secret.key"

    @property
    def retention(self) -> Retention:
        """How long stored rows stay."""
        days = (self.keep_articles, self.keep_shown, self.keep_traces, self.keep_arrivals)
        articles, shown, traces, arrivals = (timedelta(days=number) if number else None for number in days)
        return Retention(articles=articles, shown=shown, traces=traces, arrivals=arrivals)

    @property
    def inbox(self) -> Path:
        return self.data_dir / "inbox"

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    def make_folder(self, folder: Path) -> None:
        """Make one of these folders, private to this user, if it does not exist. Raises: ConfigError."""
        try:
            make_folder(folder)
        except OSError as error:
            raise ConfigError((f"WIREWATCH_DATA_DIR: cannot make {folder}: {error.strerror or error}",)) from error

    @property
    def secrets(self) -> tuple[str, ...]:
        """All secret values, so that logs can redact them."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def read_settings(**overrides: Any) -> Settings:
    """Return the settings of the environment and .env. `overrides`, by name in the environment, replace them.

    Raises: ConfigError with all problems at once.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise ConfigError(tuple(_problems(error))) from error


def _conflicts(values: Mapping[str, str]) -> Iterator[str]:
    """Yield the problems between settings. `values` has them by name in the environment."""
    bot, app, signing = (values.get(f"SLACK_{name}", "") for name in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET"))
    for value, prefix, name in ((bot, "xox", "SLACK_BOT_TOKEN"), (app, "xapp-", "SLACK_APP_TOKEN")):
        if value and not value.startswith(prefix):
            yield f"{name}: does not start with {prefix}...; copy it again from the app's page"
    oauth = {name: values.get(name, "") for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "WIREWATCH_SECRET_KEY")}
    uses_oauth = bool(oauth["SLACK_CLIENT_ID"] or oauth["SLACK_CLIENT_SECRET"])
    if (bot or uses_oauth) and not (app or signing):
        name = "SLACK_BOT_TOKEN" if bot else "SLACK_CLIENT_ID"
        yield f"{name}: also set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode)"
    if (app or signing) and not (bot or uses_oauth):
        yield "SLACK_BOT_TOKEN: missing, although another Slack setting is set"
    if bot and uses_oauth:
        yield "SLACK_CLIENT_ID: is for many workspaces and SLACK_BOT_TOKEN for one; set only one of them"
    if uses_oauth:
        yield from (
            f"{name}: missing, although workspaces install the app (SLACK_CLIENT_ID)"
            for name, value in oauth.items()
            if not value
        )
    host = values.get("WIREWATCH_HOST", "")
    if host and host not in LOOPBACK and not values.get("WIREWATCH_TOKEN"):
        yield f"WIREWATCH_TOKEN: required because WIREWATCH_HOST is {host}, which other machines can reach"


def _problems(error: ValidationError) -> list[str]:
    """Return one line for each problem: the setting's name in the environment and what is wrong."""
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        message = problem["msg"].removeprefix("Value error, ")
        name = str(problem["loc"][0]) if problem["loc"] else ""
        lines.extend(f"{name}: {message}" if name else line for line in message.splitlines())
    return lines


def setting_rows() -> tuple[tuple[str, str, str], ...]:
    """Return (name in the environment, default, description) of every setting, in order."""
    rows = []
    for field in Settings.model_fields.values():
        alias = field.validation_alias
        assert isinstance(alias, AliasChoices)  # noqa: S101  (_setting makes every field)
        default = "" if field.default in (None, ()) else str(field.default)
        rows.append((str(alias.choices[0]), default, field.description or ""))
    return tuple(rows)


def bare(secret: SecretStr | None) -> str | None:
    """Return the secret's value."""
    return None if secret is None else secret.get_secret_value()
