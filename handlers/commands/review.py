"""The states of an alert: a person claims its story, and somebody marks it as reviewed. The alert shows both."""

from collections.abc import Sequence

from handlers.answers.answer import Notice, Reply
from handlers.answers.bidi import isolated
from handlers.answers.parts import Button, Tone
from handlers.answers.times import time_label
from handlers.commands.button_targets import load_story
from handlers.commands.call import Call, Tools
from handlers.delivery.compose import REVIEW_LABELS
from storage.records import Review, ReviewState


async def claim(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    """Claim the story for the person. With the second argument "over", somebody else's claim is replaced."""
    return await _enter(tools, call, arguments, ReviewState.CLAIMED)


async def mark_reviewed(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await _enter(tools, call, arguments, ReviewState.REVIEWED)


async def release(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await _leave(tools, call, arguments, ReviewState.CLAIMED, "Nobody has claimed this story now.")


async def reopen(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await _leave(tools, call, arguments, ReviewState.REVIEWED, "This story is no longer marked as reviewed.")


async def _enter(tools: Tools, call: Call, arguments: Sequence[str], state: ReviewState) -> Reply:
    """Put the alert into the state, unless somebody has done so before, and say who it was."""
    async with tools.store.begin() as tx:
        story = await load_story(tx, call, arguments[0])
        if arguments[1:] == ["over"]:
            await tx.reviews.remove(call.channel.id, story.id, state)
        own = Review(
            channel_id=call.channel.id,
            story_id=story.id,
            state=state,
            user_external_id=call.person.external_id,
            name=call.person.name,
            at=call.now,
        )
        if await tx.reviews.add(own):
            await tx.deliveries.request_edit(call.channel.id, story.id, due_at=call.now)
        reviews = {review.state: review for review in await tx.reviews.of(call.channel.id, story.id)}
    tools.wake_up()
    return Reply(answer=_notice(call, reviews[state]))


def _notice(call: Call, review: Review) -> Notice:
    undo = "release" if review.state is ReviewState.CLAIMED else "reopen"
    if review.user_external_id == call.person.external_id:
        text = f"{REVIEW_LABELS[review.state]} you. The alert shows it to everybody in {call.channel.label}."
        label = "Release" if review.state is ReviewState.CLAIMED else "Reopen"
        return Notice(text=text, tone=Tone.DONE, buttons=(Button(label=label, action=f"{undo}:{review.story_id}"),))
    at = time_label(review.at, call.zone, now=call.now)
    text = f"{REVIEW_LABELS[review.state]} {isolated(review.name)}, {at}. Nothing was changed."
    if review.state is ReviewState.REVIEWED:
        return Notice(text=text, buttons=(Button(label="Reopen", action=f"{undo}:{review.story_id}"),))
    return Notice(text=text, buttons=(Button(label="Take over", action=f"claim:{review.story_id}:over"),))


async def _leave(tools: Tools, call: Call, arguments: Sequence[str], state: ReviewState, text: str) -> Reply:
    async with tools.store.begin() as tx:
        story = await load_story(tx, call, arguments[0])
        if await tx.reviews.remove(call.channel.id, story.id, state):
            await tx.deliveries.request_edit(call.channel.id, story.id, due_at=call.now)
    tools.wake_up()
    return Reply(answer=Notice(text=text, tone=Tone.DONE), replaces=True)
