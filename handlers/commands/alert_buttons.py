"""The buttons under an alert: mark a story as not relevant, follow it, mute it or its source."""

from collections.abc import Sequence

from handlers.answers.answer import Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Tone
from handlers.commands import follow
from handlers.commands.button_targets import OLD_BUTTON, load_source, load_story, parse_id
from handlers.commands.call import Call, Tools
from storage.records import FollowMode


async def mark_not_relevant(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.begin() as tx:
        story = await load_story(tx, call, arguments[0])
        new = await tx.feedback.add(call.channel.id, story.id, call.person.external_id, call.now)
    if not new:
        return Reply(answer=Notice(text="You have already marked this story as not relevant.", tone=Tone.DONE))
    text = "Marked as not relevant. /topics show counts these marks, and /topics test helps you narrow the query."
    return Reply(answer=Notice(text=text, tone=Tone.DONE))


async def follow_story(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    """Ask how to follow the story, or follow it as the second argument says; "stop" ends it."""
    async with tools.store.read() as tx:
        story = await load_story(tx, call, arguments[0])
    how = arguments[1] if len(arguments) > 1 else ""
    if not how:
        return await follow.ask_how(tools, call, story)
    if how == "stop":
        return await follow.stop(tools, call, story)
    if how not in set(FollowMode):
        raise UserError(OLD_BUTTON)
    return await follow.follow(tools, call, story, FollowMode(how))


async def mute(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    """Mute a story ("story:12") or a source ("source:7") in the channel."""
    kind, id = arguments[0], arguments[1]
    async with tools.store.begin() as tx:
        if kind == "story":
            subject, muted = f"story:{(await load_story(tx, call, id)).id}", "about this story"
        elif kind == "source":
            source = await load_source(tx, call, id)
            subject, muted = f"source:{source.id}", f"from {source.title}"
        else:
            raise UserError(OLD_BUTTON)
        await tx.mutes.add(call.channel.id, subject, call.person.external_id, call.now)
    return Reply(
        answer=Notice(
            text=f"{call.channel.label} no longer gets alerts {muted}. Alerts already posted stay.",
            tone=Tone.DONE,
            buttons=(Button(label="Undo", action=f"unmute:{kind}:{parse_id(id)}"),),
        )
    )


async def unmute(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    """Undo `mute`. A source may have been removed in the meantime, so its id is not looked up."""
    async with tools.store.begin() as tx:
        if arguments[0] == "story":
            subject, muted = f"story:{(await load_story(tx, call, arguments[1])).id}", "about this story"
        else:
            subject, muted = f"source:{parse_id(arguments[1])}", "from this source"
        await tx.mutes.remove(call.channel.id, subject)
    text = f"{call.channel.label} gets alerts {muted} again."
    return Reply(answer=Notice(text=text, tone=Tone.DONE), replaces=True)
