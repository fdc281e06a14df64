"""Types of single settings, each with the rules for its value. A broken rule raises ValueError with what to do."""

from ipaddress import ip_network
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from handlers.answers.times import iana_zones

_SHORTEST_TOKEN: Final = 16
SHORTEST_KEY: Final = 32
"""Characters of a secret key."""
_SHORTEST_DAYS: Final = 31
_LONGEST_DAYS: Final = 36_500
_DATABASES: Final = ("sqlite:", "sqlite+aiosqlite:", "postgres:", "postgresql:", "postgresql+asyncpg:")


def _time_zone(value: str) -> str:
    if value not in iana_zones():
        raise ValueError(f"{value!r} is not an IANA time zone such as Europe/Berlin")
    return value


def _token(value: SecretStr) -> SecretStr:
    return _require_length(value, _SHORTEST_TOKEN, "openssl rand -hex 24")


def _secret_key(value: SecretStr) -> SecretStr:
    return _require_length(value, SHORTEST_KEY, "openssl rand -hex 32")


def _require_length(value: SecretStr, shortest: int, command: str) -> SecretStr:
    if len(value.get_secret_value()) < shortest:
        raise ValueError(f"too short; use at least {shortest} characters, for example from: {command}")
    return value


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


def _shards(value: int | None) -> int | None:
    if value is not None and not 1 <= value <= 1000:
        raise ValueError("must be between 1 and 1000, for at most 2500 servers each")
    return value


def _server_id(value: str | None) -> str | None:
    if value and not (value.isascii() and value.isdigit() and len(value) <= 20):
        raise ValueError("must be the server's id, digits only: Copy Server ID in Discord's developer mode")
    return value or None


def _days(value: int) -> int:
    if value != 0 and value < _SHORTEST_DAYS:
        raise ValueError(f"must be 0 (for ever) or at least {_SHORTEST_DAYS} days, which briefs and back-tests cover")
    if value > _LONGEST_DAYS:
        raise ValueError(f"must be at most {_LONGEST_DAYS} days, or 0 (for ever)")
    return value


def _port(value: int) -> int:
    if not 0 <= value <= 65535:
        raise ValueError("must be between 0 and 65535")
    return value


def _database_url(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(_DATABASES):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


def _networks(value: object) -> object:
    """Return the addresses and networks of a text in which commas or spaces separate them."""
    if not isinstance(value, str):
        return value
    networks = tuple(value.replace(",", " ").split())
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            raise ValueError(f"{network!r} is neither an address nor a network such as 10.0.0.0/8") from None
    return networks


TimeZone = Annotated[str, AfterValidator(_time_zone)]
Token = Annotated[SecretStr, AfterValidator(_token)]
SecretKey = Annotated[SecretStr, AfterValidator(_secret_key)]
Shards = Annotated[int | None, BeforeValidator(_none_if_empty), AfterValidator(_shards)]
ServerId = Annotated[str | None, AfterValidator(_server_id)]
Days = Annotated[int, AfterValidator(_days)]
Port = Annotated[int, AfterValidator(_port)]
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_networks)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
