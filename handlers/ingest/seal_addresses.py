"""Encrypt feed addresses that an older version stored in plain text, or that an older key encrypted."""

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
"""The name of a value in the database: SEALED if no address with a secret is stored in plain text, CLEARING while the
database file may still contain deleted plain text."""
_SEALED, _CLEARING = "sealed", "clearing"
_DIGEST: Final = 33
"""The length of the end of a shortened key: "~" and a hash."""


async def seal_addresses(store: Store) -> int:
    """Encrypt all feed addresses with the current key, each in its own transaction, and return how many were changed.

    Removes the secrets from the articles and arrivals of these feeds too. A repeated call changes nothing. Raises:
    WirewatchError if a key is needed and none is set.
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
                await tx.lock("arrive")
                sealed += await _seal(tx, source.id)
        except SealError:
            lost += 1
    if lost:
        logger.warning("%s cannot be read: the address is encrypted with another key", counted(lost, "feed"))
    if sealed:
        logger.info("Encrypted the passwords and keys in the addresses of %s", counted(sealed, "feed"))
    if state != _SEALED or readable:
        await _clear(store)
    return sealed


async def _seal(tx: Tx, id: int) -> bool:
    """Encrypt the address of a source. Returns False if another process did. Raises: SealError."""
    source = await tx.sources.get(id)
    if source is None or tx.addresses.is_protected(source):
        return False
    address = tx.addresses.full_address(source)
    secrets = Secrets.of(address)
    if source.sealed is None:
        await tx.meta.set(_STATE, _CLEARING)
    if await tx.sources.is_taken(source, address):
        address += f"#{source.id}"
    renamed = await tx.sources.update(
        id,
        url=address,
        title=secrets.without(source.title),
        site_url=secrets.without_in(source.site_url),
        error=secrets.without(source.error) if source.error else source.error,
    )
    await _rename(tx, source, renamed, secrets)
    return True


async def _rename(tx: Tx, old: Source, new: Source, secrets: Secrets) -> None:
    """Remove the secrets from the keys and links of the source's articles, and replace its old address in the keys."""
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
    """Return the key without the secrets, or None if no key is left."""
    if kind == "url":
        address = secrets.without_in(f"https://{value}")
        cleaned = None if address is None else address.removeprefix("https://")
    else:
        cleaned = secrets.without(value)
    if cleaned is None:
        return None
    if was_cut and (cleaned != value or text_without_credentials(f"https://{value}") != f"https://{value}"):
        return f"{kind}:{value[-_DIGEST:]}"  # the shortened key may end within the secret
    return bounded_key(kind, cleaned)


async def _clear(store: Store) -> None:
    """Delete button drafts with a plain-text address, and rewrite the file if it may contain deleted plain text."""
    async with store.begin() as tx:
        bodies = await tx.address_copies.feed_drafts()
        readable = [key for key, body in bodies.items() if secrets_of(str((body.get("feed") or {}).get("url") or ""))]
        await tx.address_copies.delete_drafts(readable)
        if readable:
            await tx.meta.set(_STATE, _CLEARING)
        is_clean = await tx.meta.get(_STATE) != _CLEARING
    if not is_clean:
        logger.info("Rewriting the database file to erase deleted addresses")
    if not is_clean and not await store.rewrite_file():
        logger.warning("The database file was busy; deleted addresses will be erased at the next start")
        return
    async with store.begin() as tx:
        await tx.meta.set(_STATE, _SEALED)
