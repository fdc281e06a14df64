"""The queue of hosts: one request at a time to each, with a gap, and no host waits for another one."""

from handlers.rules.host_queue import HostQueue


def queue_of(*requests: str, gap: float = 1.0, longest_line: int = 9) -> HostQueue[str]:
    """A queue of requests such as "a1": the host is the letter."""
    queue: HostQueue[str] = HostQueue(gap=gap, longest_line=longest_line)
    for request in requests:
        assert queue.add(request[0], request, 0.0) is None
    return queue


def taken(queue: HostQueue[str], now: float) -> list[str]:
    """What may start now, in order."""
    found = []
    while (turn := queue.take(now)) is not None:
        found.append(turn[1])
    return found


def test_each_host_has_one_request_at_a_time() -> None:
    queue = queue_of("a1", "a2", "b1", "a3")

    assert taken(queue, 0.0) == ["a1", "b1"]
    assert taken(queue, 100.0) == []
    queue.finish("a", 100.0)
    assert taken(queue, 100.0) == ["a2"]
    assert queue.waiting == 1


def test_a_quick_host_is_asked_again_after_the_gap() -> None:
    queue = queue_of("a1", "a2")
    taken(queue, 0.0)
    queue.finish("a", 0.25)

    assert queue.rest(0.25) == 0.75
    assert taken(queue, 0.99) == []
    assert taken(queue, 1.0) == ["a2"]


def test_the_gap_counts_for_a_request_that_comes_after_the_line_was_empty() -> None:
    queue = queue_of("a1")
    taken(queue, 0.0)
    queue.finish("a", 0.25)
    assert queue.rest(0.25) is None

    queue.add("a", "a2", 0.5)

    assert taken(queue, 0.5) == []
    assert taken(queue, 1.0) == ["a2"]


def test_requests_beyond_the_longest_line_get_the_time_of_their_turn() -> None:
    queue = queue_of("a1", "a2", longest_line=2)

    waits = [queue.add("a", f"a{n}", 0.0) for n in (3, 4, 5)]

    assert waits == [3.0, 4.0, 5.0]
    assert queue.waiting == 2
    assert queue.add("b", "b1", 0.0) is None


def test_a_slow_host_gets_its_turns_at_its_own_pace() -> None:
    queue = queue_of("a1", "a2", "a3", longest_line=2 + 1)
    taken(queue, 0.0)
    queue.finish("a", 20.0)
    queue.add("a", "a4", 20.0)

    assert queue.add("a", "a5", 20.0) == 80.0


def test_clearing_leaves_only_what_runs() -> None:
    queue = queue_of("a1", "a2", "b1", "c1")
    queue.take(0.0)

    assert sorted(queue.clear()) == ["a2", "b1", "c1"]
    queue.finish("a", 0.5)
    queue.add("b", "b2", 0.5)

    assert taken(queue, 2.0) == ["b2"]
