"""Bodies that are still arriving are bounded in memory, and small ones are kept before large ones."""

from contextlib import ExitStack

from bot.slack.unverified_bodies import Body, Unverified

MOST = 8_000_000
PART = b"x" * 100_000


def test_sixteen_large_bodies_at_once_hold_no_more_than_is_allowed() -> None:
    arriving, peak = Unverified(MOST), 0
    with ExitStack() as stack:
        bodies = [stack.enter_context(arriving.receive()) for _ in range(16)]

        for _ in range(19):
            for body in bodies:
                arriving.keep(body, PART)
                peak = max(peak, arriving.held)

        assert peak <= MOST
        assert arriving.held == sum(len(body.whole() or b"") for body in bodies)
        kept = [body for body in bodies if not body.is_dropped]
        assert [body.whole() for body in kept] == [PART * 19] * 4
    assert arriving.held == 0


def test_a_small_body_is_kept_whoever_fills_the_memory() -> None:
    arriving = Unverified(MOST)
    with arriving.receive() as small, ExitStack() as stack:
        arriving.keep(small, b"command=")
        for _ in range(50):
            large = stack.enter_context(arriving.receive())
            for _ in range(19):
                arriving.keep(large, PART)
        arriving.keep(small, b"/news")

        assert small.whole() == b"command=/news"


def test_a_dropped_body_is_not_begun_anew() -> None:
    arriving = Unverified(10)
    with arriving.receive() as body:
        arriving.keep(body, b"x" * 11)
        arriving.keep(body, b"end")

        assert body.whole() is None
        assert arriving.held == 0


def test_an_empty_body_is_whole() -> None:
    assert Body().whole() == b""
