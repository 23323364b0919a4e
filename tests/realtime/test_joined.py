"""Questions of many are answered by one read, which is never older than the question. What they ask: test_reads.py."""

import asyncio
import threading
from collections.abc import Sequence
from functools import partial

import pytest

from realtime.joined import QUESTIONS_AT_ONCE, Joined


class Library:
    """Answers with the double of each number. A read waits until it is let go; 0 is an error, and 13 spoils the whole read."""

    def __init__(self) -> None:
        self.reads: list[list[int]] = []
        self.may_read = threading.Semaphore(0)
        self.began = threading.Semaphore(0)

    def read(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.reads.append(list(numbers))
        self.began.release()
        assert self.may_read.acquire(timeout=30)
        if 13 in numbers:
            raise OSError("spoilt")
        return [2 * number if number else ValueError(number) for number in numbers]

    async def has_begun(self) -> None:
        assert await asyncio.to_thread(partial(self.began.acquire, timeout=30))


@pytest.fixture
def library(transactional_db: None) -> Library:
    return Library()


async def asked(joined: Joined[int, int], *numbers: int) -> "list[asyncio.Task[int]]":
    """Asks from a task for each, and returns when all wait."""
    tasks = [asyncio.create_task(joined.ask(number)) for number in numbers]
    await asyncio.sleep(0)
    return tasks


async def test_who_asks_during_a_read_waits_for_the_next_one_with_all_others(library: Library) -> None:
    joined = Joined(library.read)
    first = await asked(joined, 1)
    await library.has_begun()
    others = await asked(joined, 2, 3, 4)
    library.may_read.release(2)
    assert await asyncio.gather(*first, *others) == [2, 4, 6, 8]
    assert library.reads == [[1], [2, 3, 4]]
    assert joined.is_idle


async def test_one_question_after_the_other_is_answered(library: Library) -> None:
    library.may_read.release(3)
    joined = Joined(library.read)
    assert [await joined.ask(number) for number in (1, 2, 3)] == [2, 4, 6]


async def test_a_slow_read_does_not_hold_up_another(library: Library) -> None:
    joined = Joined(library.read, at_once=2)
    await asked(joined, 1)
    await library.has_begun()
    await asked(joined, 2)
    await library.has_begun()  # although the first one has not ended
    assert library.reads == [[1], [2]]
    library.may_read.release(2)


async def test_an_error_is_the_answer_to_its_own_question_only(library: Library) -> None:
    library.may_read.release(2)
    joined = Joined(library.read)
    tasks = await asked(joined, 0, 1)
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(found[0], ValueError)
    assert found[1] == 2


async def test_a_read_that_fails_is_the_answer_to_all_of_its_questions_and_the_next_one_is_read(
    library: Library,
) -> None:
    library.may_read.release(2)
    joined = Joined(library.read)
    found = await asyncio.gather(*await asked(joined, 13, 1), return_exceptions=True)
    assert [type(one) for one in found] == [OSError, OSError]
    assert await joined.ask(1) == 2


async def test_who_has_gone_is_not_answered_and_the_others_are(library: Library) -> None:
    joined = Joined(library.read)
    gone, stays = await asked(joined, 1, 2)
    await library.has_begun()
    gone.cancel()
    library.may_read.release()
    assert await stays == 4
    assert gone.cancelled()


async def test_a_read_is_bounded(library: Library) -> None:
    library.may_read.release(2)
    await asyncio.gather(*await asked(Joined(library.read), *[1] * (QUESTIONS_AT_ONCE + 1)))
    assert [len(read) for read in library.reads] == [QUESTIONS_AT_ONCE, 1]
