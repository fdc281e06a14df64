"""`python -m bot check`: what is configured, whether the platforms accept it, what is missing, how to set it up."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass

from rich.table import Table
from rich.text import Text

from bot.cli.output import clean, console, print_json
from bot.config import ConfigError, Settings, bare, read_settings
from bot.core import open_core
from bot.privacy import corrected, make_data_private, warnings
from bot.time_zones import use_newer_time_zones
from bot.unsafe_settings import unsafe_settings
from handlers.answers.errors import WirewatchError
from handlers.answers.times import counted
from storage.errors import StorageError
from storage.private_files import Privacy


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the check: a part of the bot, its state, and what to do about it."""

    part: str
    state: str
    """"ok", "missing" (the bot works without it), "unsafe" (it works, but should be changed) or "broken"."""
    what: str
    to_do: str = ""


async def print_check(*, as_json: bool) -> int:
    """Print what is configured and what is not. Returns the exit code: 1 if something is broken, else 0."""
    findings = [finding async for finding in _findings()]
    if as_json:
        for finding in findings:
            print_json(asdict(finding))
    else:
        table = Table("part", "state", "what", "to do", box=None)
        colors = {"ok": "green", "missing": "yellow", "unsafe": "yellow", "broken": "red"}
        for finding in findings:
            table.add_row(
                finding.part,
                Text(finding.state, style=colors[finding.state]),
                Text(clean(finding.what)),
                Text(clean(finding.to_do)),
            )
        console.print(table)
    return 1 if any(finding.state == "broken" for finding in findings) else 0


async def _findings() -> AsyncIterator[Finding]:
    try:
        settings = read_settings()
    except ConfigError as error:
        for problem in error.problems:
            yield Finding(
                part="settings", state="broken", what=problem, to_do="Correct it in the environment or in .env."
            )
        return
    yield Finding(
        part="settings", state="ok", what=f"data in {settings.data_dir}, web page on {settings.host}:{settings.port}"
    )
    yield Finding(part="time zones", state="ok", what=str(use_newer_time_zones()))
    for what, to_do in unsafe_settings(settings):
        yield Finding(part="settings", state="unsafe", what=what, to_do=to_do)
    for finding in _privacy(settings):
        yield finding
    async for finding in _data(settings):
        yield finding
    async for finding in _platforms(settings):
        yield finding


async def _data(settings: Settings) -> AsyncIterator[Finding]:
    """Check the database, the ledger and the feeds."""
    try:
        async with open_core(settings) as core, core.store.read() as tx:
            totals = await tx.ledger.totals()
            feeds = [source for source in await tx.sources.all() if source.kind == "feed"]
            undecrypted = sum(not core.store.addresses.is_protected(source) for source in feeds)
            failing = [source for source in feeds if source.failures]
        contents = f"{counted(totals.articles, 'article')}, {counted(len(feeds), 'feed')}"
        yield Finding(part="database", state="ok", what=contents)
        if not totals.agrees:
            yield Finding(
                part="ledger", state="broken", what="its sums do not agree", to_do="Run: python -m bot ledger"
            )
        if undecrypted:
            yield Finding(
                part="secret key",
                state="broken",
                what=f"{counted(undecrypted, 'feed address', 'feed addresses')} cannot be decrypted with this key",
                to_do="Restore the previous WIREWATCH_SECRET_KEY or secret.key, or remove and add these feeds.",
            )
        if failing:
            names = ", ".join(source.title for source in failing[:3])
            yield Finding(
                part="sources",
                state="missing",
                what=f"{len(failing)} failing: {names}",
                to_do="Run: python -m bot sources list",
            )
    except (WirewatchError, StorageError) as error:
        yield Finding(
            part="database", state="broken", what=str(error), to_do="Correct DATABASE_URL or WIREWATCH_DATA_DIR."
        )


def _privacy(settings: Settings) -> Iterator[Finding]:
    privacy = make_data_private(settings)
    for line in corrected(privacy):
        yield Finding(part="private files", state="ok", what=line)
    for what, to_do in warnings(privacy):
        yield Finding(part="private files", state="unsafe", what=what, to_do=to_do)
    if privacy == Privacy():
        yield Finding(part="private files", state="ok", what="only this user can open the data folder")
    if settings.secret_key is None and settings.database_file is None:
        yield Finding(
            part="secret key",
            state="missing",
            what="no WIREWATCH_SECRET_KEY: feeds with a password or key in their address cannot be added",
            to_do="Set it: openssl rand -hex 32",
        )


async def _platforms(settings: Settings) -> AsyncIterator[Finding]:
    async for finding in _slack(settings):
        yield finding
    async for finding in _discord(settings):
        yield finding
    if settings.api_token is None:
        yield Finding(
            part="ingest API",
            state="missing",
            what="no WIREWATCH_API_TOKEN",
            to_do="Set it to let programs post documents: openssl rand -hex 24",
        )


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    if not (settings.slack_bot_token or settings.slack_client_id):
        yield Finding(
            part="slack",
            state="missing",
            what="no SLACK_BOT_TOKEN",
            to_do="Create an app from `python -m bot manifest`, then set SLACK_BOT_TOKEN and SLACK_APP_TOKEN.",
        )
        return
    how = "Socket Mode" if settings.slack_app_token else "HTTP mode"
    how += ", installed by workspaces themselves" if settings.slack_client_id else ""
    yield Finding(part="slack", state="ok", what=f"configured: {how}")
    from bot.slack.probe import probe_slack

    results = probe_slack(
        settings.slack_api_url, bot_token=bare(settings.slack_bot_token), app_token=bare(settings.slack_app_token)
    )
    async for is_ok, what, to_do in results:
        yield Finding(part="slack", state="ok" if is_ok else "broken", what=what, to_do=to_do)


async def _discord(settings: Settings) -> AsyncIterator[Finding]:
    if settings.discord_token is None:
        yield Finding(
            part="discord",
            state="missing",
            what="no DISCORD_TOKEN",
            to_do="Create an application in Discord's developer portal, add a bot, then set DISCORD_TOKEN.",
        )
        return
    from bot.discord.probe import probe_discord

    token = settings.discord_token.get_secret_value()
    async for is_ok, what, to_do in probe_discord(settings.discord_api_url, token):
        yield Finding(part="discord", state="ok" if is_ok else "broken", what=what, to_do=to_do)
