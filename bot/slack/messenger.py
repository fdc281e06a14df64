"""Posts to Slack's channels and people. A post whose answer was lost is found again by the key in its metadata."""

from collections.abc import Sequence
from typing import Final, assert_never

from bot.slack.blocks import ImageOptions, chart_of
from bot.slack.chart_files import ChartFiles
from bot.slack.failures import FAILURES, look_up_error, post_error
from bot.slack.look_ups import EVENT_TYPE, LookUps
from bot.slack.render import NO_IMAGES, Message, render, render_plain, split
from bot.slack.teams import SlackTeam, Teams
from handlers.answers.answer import Post
from handlers.ports import LookUp, PostError, Rendering, refused
from handlers.rules.refusal_table import find_refusal
from handlers.rules.refusals import RefusalKind, Scope
from storage.records import Channel, Platform

_CHART_TIMEOUT_S: Final = 8.0
"""For uploading a chart; the outbox gives the whole post 20 s."""
_CACHE_SIZE: Final = 10_000


class SlackMessenger:
    """Posts in every workspace that the bot has a token for."""

    def __init__(self, teams: Teams, chart_files: ChartFiles) -> None:
        self._teams = teams
        self._look_ups = LookUps(is_distributed=teams.is_distributed)
        self._chart_files = chart_files
        self._direct_messages: dict[tuple[str, str], str] = {}
        """Slack's channel ids of direct messages, by team and user."""
        self.refused: str | None = None
        """Why Slack refuses the token of the only workspace; None while it does not, or if there may be many."""

    @property
    def platform(self) -> Platform:
        return Platform.SLACK

    def split(self, post: Post) -> Sequence[Post]:
        return split(post)

    async def post(
        self,
        channel: Channel,
        post: Post,
        *,
        key: str,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> str:
        team = await self._teams.get(channel.workspace_external_id)
        channel_id = await self._channel_id(team, channel)
        chart = chart_of(post) if rendering is Rendering.FULL else None
        chart_file = await self._chart_files.file_for(team, chart, timeout_s=_CHART_TIMEOUT_S)
        message = _message(post, rendering, chart_file)
        try:
            answer = await team.client.chat_postMessage(
                channel=channel_id,
                **message.arguments,
                thread_ts=thread,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except FAILURES as error:
            raise self._post_error(channel, error, chart_file) from error
        self.refused = None
        return str(answer["ts"])

    async def edit(
        self,
        channel: Channel,
        ref: str,
        post: Post,
        *,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> None:
        team = await self._teams.get(channel.workspace_external_id)
        channel_id = await self._channel_id(team, channel)
        message = _message(post, rendering, None)
        try:
            await team.client.chat_update(channel=channel_id, ts=ref, text=message.text, blocks=message.blocks)
        except FAILURES as error:
            raise self._post_error(channel, error, None) from error

    async def find(self, channel: Channel, look_up: LookUp) -> str | None:
        team = await self._teams.get(channel.workspace_external_id)
        return await self._look_ups.find(team, await self._channel_id(team, channel), look_up)

    async def check(self, channel: Channel) -> None:
        """Check the channel as `Messenger.check` says. The bot joins a public channel that it is not a member of."""
        team = await self._teams.get(channel.workspace_external_id)
        channel_id = await self._channel_id(team, channel)
        try:
            if channel.person is not None:  # the id of direct messages may be cached, so the token is tested
                await team.client.auth_test()
                self.refused = None
                return
            info = (await team.client.conversations_info(channel=channel_id))["channel"]
            self.refused = None
            if info.get("is_archived"):
                raise refused(find_refusal(Platform.SLACK, "is_archived"))
            if info.get("is_member") is False and not info.get("is_im") and not info.get("is_mpim"):
                await self._join(team, channel_id, is_private=bool(info.get("is_private")))
        except FAILURES as error:
            self._forget_token(channel, error)
            failed = post_error(error)
            if failed.refusal is not None and failed.refusal.code == "missing_scope":
                return  # an app that was installed before these scopes were needed: the next post shows whether it may
            raise failed from error

    async def _join(self, team: SlackTeam, channel_id: str, *, is_private: bool) -> None:
        not_member = refused(find_refusal(Platform.SLACK, "not_in_channel"))
        if is_private:
            raise not_member
        try:
            await team.client.conversations_join(channel=channel_id)
        except FAILURES as error:
            failed = post_error(error)
            is_content = failed.refusal is not None and failed.refusal.kind is RefusalKind.THIS_MESSAGE
            is_unscoped = failed.refusal is not None and failed.refusal.code == "missing_scope"
            raise (not_member if is_content or is_unscoped else failed) from error

    async def _channel_id(self, team: SlackTeam, channel: Channel) -> str:
        """Return Slack's id of the channel. "@U1" means the direct messages with the user U1. Raises: PostError."""
        if not channel.external_id.startswith("@"):
            return channel.external_id
        user_id = channel.external_id[1:]
        cache_key = team.id, user_id
        if cache_key not in self._direct_messages:
            try:
                opened = await team.client.conversations_open(users=user_id)
            except FAILURES as error:
                self._forget_token(channel, error)
                raise look_up_error(error) from error  # opening a conversation posts nothing
            if len(self._direct_messages) >= _CACHE_SIZE:
                self._direct_messages.clear()
            self._direct_messages[cache_key] = str(opened["channel"]["id"])
        return self._direct_messages[cache_key]

    def _post_error(self, channel: Channel, error: Exception, chart_file: str | None) -> PostError:
        self._forget_token(channel, error)
        failed = post_error(error)
        if chart_file is not None and failed.refusal is not None and failed.refusal.of_content:
            self._chart_files.forget(chart_file)
        return failed

    def _forget_token(self, channel: Channel, error: Exception) -> None:
        """Read the workspace's token again next time if Slack refuses the present one."""
        refusal = post_error(error).refusal
        if refusal is not None and refusal.scope is Scope.WORKSPACE:
            self.refused = None if self._teams.is_distributed else refusal.reason
            self._teams.invalidate(channel.workspace_external_id)


def _message(post: Post, rendering: Rendering, chart_file: str | None) -> Message:
    match rendering:
        case Rendering.FULL:
            return render(post, ImageOptions(chart_file=chart_file))
        case Rendering.WITHOUT_PICTURES:
            return render(post, NO_IMAGES)
        case Rendering.PLAIN_TEXT:
            return render_plain(post)
        case _:
            assert_never(rendering)
