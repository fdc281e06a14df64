"""The scope of a request: its workspace and channels, as they are stored."""

from datetime import datetime

from handlers.commands.arguments import ParsedCommand
from handlers.commands.call import Tools, find_channel, require_member
from handlers.commands.request import Request
from handlers.workspaces.uninstall import restore_workspace
from storage.records import Channel, ChannelState, Workspace
from storage.store import Tx

Scope = tuple[Workspace, Channel, Channel]
"""The workspace, the channel that the request comes from, and the channel that it is about."""


async def find_scope(tx: Tx, request: Request, parsed: ParsedCommand | None) -> Scope | None:
    """Return the scope as it is stored; None if something is new, renamed or restored and has to be written.

    Raises: UserError.
    """
    if request.target_channel is not None:
        return None
    workspace = await tx.workspaces.find(request.platform, request.workspace)
    if workspace is None or workspace.gone_at is not None or request.workspace_name not in ("", workspace.name):
        return None
    here = await tx.channels.find(workspace.id, request.channel)
    if here is None or request.channel_name not in ("", here.name):
        return None
    return workspace, here, await _about(tx, request, parsed, workspace, here)


async def ensure_scope(tx: Tx, request: Request, parsed: ParsedCommand | None) -> Scope:
    """Return the scope, and store what is new. Raises: UserError."""
    workspace = await tx.workspaces.ensure(request.platform, request.workspace, request.workspace_name, now=request.now)
    workspace = await restore_workspace(tx, workspace, request.now)
    here = await tx.channels.ensure(workspace.id, request.channel, request.channel_name, now=request.now)
    if request.target_channel is not None and request.target_channel[0] != request.channel:
        external_id, name = request.target_channel
        require_member(request.platform, request.person, name, external_id=external_id)
        return workspace, here, await tx.channels.ensure(workspace.id, external_id, name, now=request.now)
    return workspace, here, await _about(tx, request, parsed, workspace, here)


async def _about(
    tx: Tx, request: Request, parsed: ParsedCommand | None, workspace: Workspace, here: Channel
) -> Channel:
    """Return the channel named by "in #channel", or `here` without those words. Raises: UserError."""
    name = None if parsed is None else parsed.channel
    if name is None or name.lstrip("#").casefold() in (here.external_id.casefold(), here.name.lstrip("#").casefold()):
        return here
    return await find_channel(tx, workspace, request.person, name)


async def reopened(tools: Tools, channel: Channel, now: datetime) -> Channel:
    """Return the channel; one that the bot could not post in is checked first, and opened if the bot may."""
    if channel.state is ChannelState.ACTIVE:
        return channel
    channel = await tools.access.check(channel, now)
    if channel.state is ChannelState.ACTIVE:
        tools.wake_up()
    return channel
