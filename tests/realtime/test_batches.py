"""Messages that go out together."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from realtime.wire.batch import FRAME_CHARACTERS, Batch, Entry

Json = dict[str, Any]
KEYS = st.sampled_from([None, "a", "b", "c"])


def entry(key: str | None, number: int) -> Entry:
    return Entry((f'{{"key":{json.dumps(key)},"n":{number},"merged":0}}',), key)


def batch_of(*entries: Entry) -> Batch:
    batch = Batch()
    for one in entries:
        batch.add(one)
    return batch


def unpacked(batch: Batch) -> list[Json]:
    frames = [json.loads(frame) for frame in batch.frames]
    return [one for frame in frames for one in (frame["messages"] if frame.get("type") == "batch" else [frame])]


def test_a_message_alone_is_written_as_it_is() -> None:
    assert batch_of(Entry(("alone",))).frames == ("alone",)


def test_several_are_one_batch() -> None:
    assert batch_of(Entry(("1", "2")), Entry(("3",))).frames == ('{"type":"batch","messages":[1,2,3]}',)


@given(keys=st.lists(KEYS, min_size=1), cut=st.integers(0, 20))
def test_of_each_key_the_newest_is_left_and_counts_how_many_it_replaced(keys: list[str | None], cut: int) -> None:
    """However they are spread over two batches that are added up."""
    entries = [entry(key, number) for number, key in enumerate(keys)]
    batch = batch_of(*entries[:cut])
    batch.add_all(batch_of(*entries[cut:]))
    found = unpacked(batch)
    newest = {key: number for number, key in enumerate(keys)}
    left = [number for number, key in enumerate(keys) if key is None or newest[key] == number]
    assert [message["n"] for message in found] == left
    for key in set(keys) - {None}:
        assert sum(1 + message["merged"] for message in found if message["key"] == key) == keys.count(key)
    assert batch.characters == sum(len(entries[number].texts[0]) for number in left)


def test_the_same_message_twice_counts_once() -> None:
    batch = batch_of(entry("a", 1))
    batch.add_all(batch_of(entry("a", 1)))
    assert unpacked(batch) == [{"key": "a", "n": 1, "merged": 0}]


def test_frames_stay_below_what_clients_allow() -> None:
    texts = ["x" * (FRAME_CHARACTERS // 3)] * 10 + ["y" * FRAME_CHARACTERS * 2]
    frames = batch_of(*(Entry((text,)) for text in texts)).frames
    assert "".join(frames).count("x") == 10 * (FRAME_CHARACTERS // 3)
    assert all(len(frame) < FRAME_CHARACTERS + 100 for frame in frames[:-1])
    assert frames[-1] == texts[-1]


def test_it_knows_since_when_the_oldest_of_its_news_waits() -> None:
    older, newer = Batch(), Batch()
    newer.add_published(entry(None, 2), 20.0, is_event=False)
    older.add_published(entry(None, 1), 10.0, is_event=True)
    newer.add_all(older)
    assert newer.oldest == 10.0
    assert newer.has_events
    assert batch_of(entry(None, 3)).oldest is None
