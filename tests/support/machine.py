"""A machine whose wall clock may be wrong, and a platform that knows the true time of each message."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.answers.answer import Post
from handlers.ports import LookUp, Rendering
from handlers.workspaces.clock import ClockWatch
from storage.records import Channel, Platform
from storage.store import Store
from tests.support.fakes import NOON, FakeClock, FakeMessenger
from tests.support.world import World, watching

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SKEW = timedelta(seconds=10)
"""How exactly a messenger looks up times."""


@dataclass
class Machine:
    """A machine whose wall clock may be wrong. True time goes on with the monotonic clock."""

    wall: FakeClock
    seconds: float = 0.0
    watch: ClockWatch = field(init=False)

    def start(self, store: Store) -> None:
        self.watch = ClockWatch(store, wall=self.wall, monotonic=lambda: self.seconds)

    def run_for(self, duration: timedelta) -> None:
        self.wall.advance(duration)
        self.seconds += duration.total_seconds()


class TrueTimeMessenger(FakeMessenger):
    """A platform that knows when each message was posted, and looks messages up by that time."""

    def __init__(self, machine: Machine, start: datetime, platform: Platform = Platform.CONSOLE) -> None:
        """`start`: the true time at which the machine started."""
        super().__init__(platform)
        self._machine = machine
        self._start = start
        self._posted_at: dict[str, datetime] = {}

    async def post(
        self,
        channel: Channel,
        post: Post,
        *,
        key: str,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> str:
        self._posted_at[key] = self._start + timedelta(seconds=self._machine.seconds)
        return await super().post(channel, post, key=key, thread=thread, rendering=rendering)

    async def find(self, channel: Channel, look_up: LookUp) -> str | None:
        found = await super().find(channel, look_up)
        at = self._posted_at.get(look_up.key)
        return found if at is not None and look_up.since - SKEW <= at <= look_up.until + SKEW else None


async def hour_ahead(
    store: Store, platform: Platform = Platform.CONSOLE, *, is_right: bool = False
) -> tuple[Machine, World, Channel]:
    """Return a machine whose clock is an hour ahead or right, with a world by its clock and a subscribed channel."""
    machine = Machine(FakeClock(NOON))
    machine.start(store)
    await machine.watch.look()
    world, channel, _ = await watching(store)
    world = World(
        store, clock=machine.wall, messenger=TrueTimeMessenger(machine, NOON if is_right else NOON - HOUR, platform)
    )
    if platform is not Platform.CONSOLE:
        channel = await world.channel()
    return machine, world, channel


async def set_back(machine: Machine, by: timedelta = HOUR) -> None:
    """Put the clock right, and look at it after ten seconds, as the bot does."""
    machine.wall.advance(-by)
    machine.run_for(timedelta(seconds=10))
    await machine.watch.look()
