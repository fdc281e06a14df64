"""Seals the feed addresses that an older version, or an older key, left. Doing it again changes nothing."""

import logging
from typing import Final

from handlers.answers.errors import WirewatchError
from handlers.answers.times import counted
from handlers.rules.identity import MAX_KEY, bounded_key, guid_scope
from handlers.rules.secrets import Secrets
from handlers.rules.urls import url_key
from storage.addresses import secrets_of, text_without_credentials
from storage.records import Source
from storage.sealing import SealError
from storage.store import Store, Tx

logger = logging.getLogger(__name__)

_STATE: Final = "feed addresses"
"""A named value of the database: SEALED once no address with a secret is readable in it, CLEARING while the file may
still hold remains of what was readable."""
_SEALED, _CLEARING = "sealed", "clearing"
_DIGEST: Final = 33
"""Characters at the end of a key that was cut: "~" and a hash."""


async def seal_addresses(store: Store) -> int:
    """Seal every feed address that is not sealed with today's key, each in a transaction of its own; returns how many.

    What such a feed brought no longer repeats the secret either. Raises: WirewatchError where there is no key for it.
    """
    async with store.read() as tx:
        state = await tx.meta.get(_STATE)
        found = await tx.sources.holding_secrets()
        waiting = [source for source in found if not store.addresses.is_protected(source)]
    readable = sum(source.sealed is None for source in waiting)
    if readable and not store.addresses.can_seal:
        raise WirewatchError(
            f"WIREWATCH_SECRET_KEY: required, because the addresses of {counted(readable, 'feed')} contain a password "
            "or key, which is stored encrypted only. Set it, for example from: openssl rand -hex 32"
        )
    sealed = lost = 0
    for source in waiting:
        try:
            async with store.begin() as tx:
                await tx.serialise("arrive")
                sealed += await _seal(tx, source.id)
        except SealError:
            lost += 1
    if lost:
        logger.warning("%s cannot be read: encrypted with another key than today's", counted(lost, "feed"))
    if sealed:
        logger.info("The passwords and keys in the addresses of %s are encrypted now", counted(sealed, "feed"))
    if state != _SEALED or readable:
        await _clear(store)
    return sealed


async def _seal(tx: Tx, id: int) -> bool:
    """False: another process did it. Raises: SealError."""
    source = await tx.sources.get(id)
    if source is None or tx.addresses.is_protected(source):
        return False
    whole = tx.addresses.full_address(source)
    secrets = Secrets.of(whole)
    if source.sealed is None:
        await tx.meta.set(_STATE, _CLEARING)
    if await tx.sources.is_taken(source, whole):
        whole += f"#{source.id}"
    renamed = await tx.sources.update(
        id,
        url=whole,
        title=secrets.without(source.title),
        site_url=secrets.without_in(source.site_url),
        error=secrets.without(source.error) if source.error else source.error,
    )
    await _rename(tx, source, renamed, secrets)
    return True


async def _rename(tx: Tx, old: Source, new: Source, secrets: Secrets) -> None:
    """Take the secrets out of the ids and links of what the source brought; its new address is part of some ids."""
    scope = f"{guid_scope(old.url) if old.sealed is not None else url_key(old.url) or old.url} "
    new_scope = f"{guid_scope(new.url)} "
    ids = await tx.address_copies.article_ids(old.id)
    for workspace_id, key, article_id in await tx.address_copies.identities(ids):
        kind, _, value = key.partition(":")
        if kind == "guid" and value.startswith(scope):
            value = new_scope + value.removeprefix(scope)
        to = _cleaned(kind, value, secrets, was_cut=_was_cut(key))
        if to != key:
            await tx.address_copies.replace_identity(workspace_id, key, article_id, to)
    arrivals = await tx.address_copies.arrivals(old.id)
    taken = {key for _, key, _, _ in arrivals}
    for id, key, origin, reason in arrivals:
        kind, _, value = key.partition(":")
        to = _cleaned(kind, value, secrets, was_cut=_was_cut(key)) or f"arrival:{id}"
        if to != key and to in taken:
            to = f"{to[: MAX_KEY - 20]}#{id}"
        taken.add(to)
        wanted = {
            "key": to,
            "origin": secrets.without(origin),
            "reason": secrets.without(reason) if reason else reason,
        }
        if wanted != {"key": key, "origin": origin, "reason": reason}:
            await tx.address_copies.rewrite_arrival(id, **wanted)
    for id, url, image_url in await tx.address_copies.links(ids):
        links = {"url": secrets.without_in(url), "image_url": secrets.without_in(image_url)}
        if links != {"url": url, "image_url": image_url}:
            await tx.articles.complete(id, links)


def _was_cut(key: str) -> bool:
    return len(key) == MAX_KEY and key[-_DIGEST] == "~"


def _cleaned(kind: str, value: str, secrets: Secrets, *, was_cut: bool) -> str | None:
    """The key without the secrets; None for one that cannot be kept."""
    if kind == "url":
        address = secrets.without_in(f"https://{value}")
        cleaned = None if address is None else address.removeprefix("https://")
    else:
        cleaned = secrets.without(value)
    if cleaned is None:
        return None
    if was_cut and (cleaned != value or text_without_credentials(f"https://{value}") != f"https://{value}"):
        return f"{kind}:{value[-_DIGEST:]}"  # a part of the secret may stand at the cut
    return bounded_key(kind, cleaned)


async def _clear(store: Store) -> None:
    """Forget the buttons that hold a readable address, and rewrite the file where deleted text may still be in it."""
    async with store.begin() as tx:
        bodies = await tx.address_copies.feed_drafts()
        readable = [key for key, body in bodies.items() if secrets_of(str((body.get("feed") or {}).get("url") or ""))]
        await tx.address_copies.delete_drafts(readable)
        if readable:
            await tx.meta.set(_STATE, _CLEARING)
        is_clean = await tx.meta.get(_STATE) != _CLEARING
    if not is_clean:
        logger.info("Rewriting the database file, so that no deleted address stays in it")
    if not is_clean and not await store.rewrite_file():
        logger.warning("The database file was busy: what is deleted in it is overwritten at the next start")
        return
    async with store.begin() as tx:
        await tx.meta.set(_STATE, _SEALED)
