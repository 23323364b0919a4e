"""The updates that wait for one follower."""

import pytest
from a2a.types.a2a_pb2 import TaskStatusUpdateEvent

from workflows.a2a.feeds import UPDATES_LIMIT, Followed
from workflows.a2a.updates import News


async def test_a_follower_that_does_not_read_is_left() -> None:
    followed = Followed()
    for seq in range(UPDATES_LIMIT + 1):
        followed.put(News(seq, TaskStatusUpdateEvent(task_id="t")))
    assert [news.seq async for news in followed] == list(range(UPDATES_LIMIT))
    followed.put(News(UPDATES_LIMIT + 1, TaskStatusUpdateEvent(task_id="t")))
    with pytest.raises(StopAsyncIteration):  # else there would be a hole
        await anext(followed)


async def test_a_follower_gets_nothing_after_the_end() -> None:
    followed = Followed()
    followed.end()
    with pytest.raises(StopAsyncIteration):
        await anext(followed)
