"""Bodies that are still arriving use a limited amount of memory, and large ones are dropped before small ones."""

from contextlib import ExitStack

from bot.slack.unverified_bodies import UnverifiedBodies, UnverifiedBody

LIMIT = 8_000_000
PART = b"x" * 100_000


def test_sixteen_large_bodies_together_stay_within_the_limit() -> None:
    bodies, peak = UnverifiedBodies(LIMIT), 0
    with ExitStack() as stack:
        received = [stack.enter_context(bodies.receive()) for _ in range(16)]

        for _ in range(19):
            for body in received:
                bodies.append(body, PART)
                peak = max(peak, bodies.size)

        assert peak <= LIMIT
        assert bodies.size == sum(len(body.read() or b"") for body in received)
        assert [body.read() for body in received if not body.is_dropped] == [PART * 19] * 4
    assert bodies.size == 0


def test_a_small_body_survives_while_large_ones_arrive() -> None:
    bodies = UnverifiedBodies(LIMIT)
    with bodies.receive() as small, ExitStack() as stack:
        bodies.append(small, b"command=")
        for _ in range(50):
            large = stack.enter_context(bodies.receive())
            for _ in range(19):
                bodies.append(large, PART)
        bodies.append(small, b"/news")

        assert small.read() == b"command=/news"


def test_a_dropped_body_stays_dropped() -> None:
    bodies = UnverifiedBodies(10)
    with bodies.receive() as body:
        bodies.append(body, b"x" * 11)
        bodies.append(body, b"end")

        assert body.read() is None
        assert bodies.size == 0


def test_an_empty_body_is_not_a_dropped_one() -> None:
    assert UnverifiedBody().read() == b""
