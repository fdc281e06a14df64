"""The payload of an interaction: what Discord sent, with what the gateway has cached about the server."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.discord.destinations import cached_destination
from bot.discord.forums import forum_refusal
from bot.discord.layout import COMPONENTS_V2
from bot.discord.limits import Json
from bot.discord.permissions import may_manage, resolved_channel
from bot.discord.translate import options_of


def payload_of(interaction: discord.Interaction[Any]) -> Json:
    """Return what Discord sent, as far as the library keeps it, with what the gateway has cached about the server."""
    user, channel, guild = interaction.user, interaction.channel, interaction.guild
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    data: Mapping[str, Any] = interaction.data or {}
    return {
        "id": interaction.id,
        "token": interaction.token,
        "application_id": interaction.application_id,
        "guild_id": interaction.guild_id or "",
        "is_personal": _is_personal(interaction),
        "has_layout": interaction.message is not None and bool(interaction.message.flags.value & COMPONENTS_V2),
        "guild_name": guild.name if guild is not None and guild.name else str(interaction.guild_id or ""),
        "channel": {
            "id": interaction.channel_id or "",
            "name": getattr(channel, "name", "") or "",
            "type": channel.type.value if channel is not None else 0,
            "parent_id": getattr(channel, "parent_id", None),
            "parent_name": parent.name if parent is not None else "",
            "parent_type": parent.type.value if parent is not None else None,
        },
        "app_permissions": str(interaction.app_permissions.value),
        "named_app_permissions": _cached_permissions(guild, resolved_channel(data)),
        "unusable": _why_unusable(guild, str(resolved_channel(data).get("id") or getattr(parent or channel, "id", 0))),
        "member": {
            "user": {"id": user.id, "username": user.name, "global_name": user.global_name},
            "nick": getattr(user, "nick", None),
            "permissions": str(interaction.permissions.value),
        },
        "manages": _managed_channels(guild, user, _acted_on(interaction)),
        "data": data,
    }


def _is_personal(interaction: discord.Interaction[Any]) -> bool:
    """Return whether the bot is not a member of the place: direct messages, or a server where the person brought it.

    https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-authorizing-integration-owners-object
    """
    if not interaction.guild_id:
        return True
    return interaction.is_user_integration() and not interaction.is_guild_integration()


def _cached_permissions(guild: discord.Guild | None, named: Mapping[str, Any]) -> str | None:
    """Return the bot's permissions in the channel that an option names; None where the gateway has not sent it."""
    channel = guild.get_channel(int(named["id"])) if guild is not None and named else None
    return None if channel is None else str(channel.permissions_for(channel.guild.me).value)


def _why_unusable(guild: discord.Guild | None, channel: int | str) -> str | None:
    """Return why the bot could post nothing in the channel, although it has all permissions; None if it could."""
    cached = guild.get_channel(int(channel)) if guild is not None else None
    error = None if cached is None else forum_refusal(cached_destination(cached))
    return None if error is None or error.refusal is None else error.refusal.reason


def _acted_on(interaction: discord.Interaction[Any]) -> Sequence[discord.abc.GuildChannel]:
    """Return the channels that the interaction may be about and whose permissions Discord does not send with it.

    A button may be about any channel. An option that is being completed comes with the id of the named channel alone.
    """
    guild = interaction.guild
    data: Mapping[str, Any] = interaction.data or {}
    if guild is None:
        return ()
    if interaction.type is discord.InteractionType.component:
        return guild.channels
    named = None if interaction.type is not discord.InteractionType.autocomplete else options_of(data)[1]
    channel = guild.get_channel(int(named[0])) if named is not None else None
    return () if channel is None else (channel,)


def _managed_channels(
    guild: discord.Guild | None, user: discord.Member | discord.User, channels: Sequence[discord.abc.GuildChannel]
) -> list[str]:
    """Return the ids of those channels that this person manages."""
    if guild is None or not isinstance(user, discord.Member):
        return []
    return [str(channel.id) for channel in channels if may_manage(channel.permissions_for(user).value)]
