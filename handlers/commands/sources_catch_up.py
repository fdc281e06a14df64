"""The button "Catch me up": what a feed listed before it was added, as one digest for the person alone."""

from handlers.answers.answer import Notice, Reply
from handlers.answers.parts import Button
from handlers.answers.times import counted
from handlers.commands.call import Call, Tools
from handlers.reports.catch_up import compose_catch_up
from storage.records import Source


def catch_up_button(source: Source) -> Button:
    return Button(label="Catch me up", action=f"catchup:{source.id}")


async def catch_up(tools: Tools, call: Call, source: Source) -> Reply:
    """Show the stored articles of a source that match what the channel is subscribed to, by topic and story.

    For a channel without subscriptions, those that match any topic of the workspace.
    """
    async with tools.store.read() as tx:
        found = await compose_catch_up(tx, source, call.channel, now=call.now)
    if found.digest.stories:
        return Reply(answer=found.digest)
    if found.stored:
        wanted = f"what {call.channel.label} gets" if found.is_subscribed else "a topic"
        text = f"None of the {counted(found.stored, 'stored article')} of {source.title} matches {wanted}."
        return Reply(answer=Notice(text=text))
    if source.last_success_at is None:
        text = f"{source.title} has not been read yet. Try again in a minute."
        return Reply(answer=Notice(text=text, buttons=(catch_up_button(source),)))
    return Reply(answer=Notice(text=f"{source.title} is empty."))
