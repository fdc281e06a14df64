"""Tables of workspaces, channels, subscriptions and console messages, and of what all processes share."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, LargeBinary, String, Table, Text, UniqueConstraint, false

from storage.sql import LocalTime, UtcDateTime
from storage.tables.base import id_column, metadata

# Named values that other processes watch, such as "topics_version".
meta = Table("meta", metadata, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False))

workspaces = Table(
    "workspaces",
    metadata,
    id_column(),
    Column("platform", String(16), nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("quiet_from", LocalTime),
    Column("quiet_until", LocalTime),
    Column("languages", JSON, nullable=False),
    Column("change_rule", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # When it removed the bot. After a grace period its data is deleted.
    Column("gone_at", UtcDateTime),
    Column("gone_reason", Text),
    UniqueConstraint("platform", "external_id"),
    sqlite_autoincrement=True,
)

# Slack workspaces that installed the app over OAuth. `sealed` is encrypted.
installs = Table(
    "installs",
    metadata,
    Column("team_id", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("installed_at", UtcDateTime, nullable=False),
    # Lease of the process that renews the token: a refresh token can be used once.
    Column("leased_until", UtcDateTime),
)

# What was handled and may arrive again: events that a platform repeats, copies of signed requests, OAuth states.
seen_events = Table(
    "seen_events",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("event_id", String(64), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False, index=True),
    # None: handled. In the past: the process that began to handle it was killed.
    Column("leased_until", UtcDateTime),
)

channels = Table(
    "channels",
    metadata,
    id_column(),
    Column("workspace_id", ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("gone_reason", Text),
    Column("digest_time", LocalTime),
    Column("digest_days", JSON, nullable=False),
    Column("digest_zone", String(64)),
    Column("digest_when_empty", Boolean, nullable=False),
    Column("next_digest_at", UtcDateTime, index=True),
    Column("last_digest_at", UtcDateTime),
    # Since when the platform refuses posts; it stays set until a post succeeds again. When the block ends, if known.
    Column("blocked_at", UtcDateTime),
    Column("blocked_until", UtcDateTime),
    # When to check next whether the bot may post again.
    Column("recheck_at", UtcDateTime, index=True),
    # The posting lease: one process at a time posts in a channel, which also keeps the order and the pace.
    Column("leased_until", UtcDateTime),
    Column("leased_by", String(40)),
    Column("next_post_at", UtcDateTime),
    UniqueConstraint("workspace_id", "external_id"),
    sqlite_autoincrement=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    id_column(),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("pace", String(16), nullable=False),
    Column("languages", JSON, nullable=False),
    Column("paused_reason", Text),
    # Whom its alerts mention, by the platform's id; "&1" is a role on Discord.
    Column("mention", String(64)),
    Column("mention_name", Text),
    # How strictly articles are grouped into alerts: "strict", "normal", or "off" for an alert for each article.
    Column("grouping", String(8), nullable=False, server_default="normal"),
    # Its alerts notify nobody, on platforms that have such messages.
    Column("silent", Boolean, nullable=False, server_default=false()),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel_id", "topic_id"),
    sqlite_autoincrement=True,
)

# The messages of the console, which is a platform like Slack and Discord.
console_messages = Table(
    "console_messages",
    metadata,
    id_column(),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("key", String(25), nullable=False),
    Column("thread_id", ForeignKey("console_messages.id", ondelete="CASCADE"), index=True),
    Column("body", JSON, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("channel_id", "key"),
    sqlite_autoincrement=True,
)
