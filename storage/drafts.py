"""Drafts: small answers that a button may need later, such as a brief to share or a query to save."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.rows import Collection
from storage.sql import upsert
from storage.tables import drafts


class Drafts(Collection):
    async def save(self, workspace_id: int, body: Mapping[str, Any], now: datetime) -> str:
        """Store the body and return its key. An equal body has the same key, and its age counts from `now` (UTC)."""
        key = draft_key(workspace_id, body)
        statement = upsert(self._connection, drafts, keys=("key",), changed=("workspace_id", "body", "created_at"))
        await self._connection.execute(
            statement, {"key": key, "workspace_id": workspace_id, "body": body, "created_at": now}
        )
        return key

    async def get(self, key: str, workspace_id: int) -> dict[str, Any] | None:
        """Return the body, or None if the workspace has no such draft, or no longer."""
        row = await self._first(select(drafts.c.body).where(drafts.c.key == key, drafts.c.workspace_id == workspace_id))
        return None if row is None else row.body

    async def delete_before(self, before: datetime, *, limit: int) -> int:
        """Delete drafts saved before that time (UTC), about `limit` of them, and return their number."""
        return await self._delete_before(drafts.c.created_at, before, limit)


def draft_key(workspace_id: int, body: Mapping[str, Any]) -> str:
    """Return the key of a draft: 16 characters, few enough for the buttons of every platform."""
    content = json.dumps([workspace_id, body], sort_keys=True, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:12]).decode()
