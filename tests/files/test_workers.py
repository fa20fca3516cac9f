"""Worker processes: the order of results, and how the processes start and end."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing import active_children

import pytest

from buildlint.files.workers import WorkerDiedError, ordered, processors
from buildlint.text.messages import current_language, use_language

ITEMS = list(range(20))
# A process that is a copy has what was put in here.
CHANGED: list[int] = []


def with_process(item: int) -> tuple[int, int, bool, str]:
    return item, os.getpid(), bool(CHANGED), current_language()


def ends_at_three(item: int) -> int:
    if item == 3:
        os._exit(9)
    return item


@contextmanager
def a_thread() -> Iterator[None]:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    yield
    done.set()
    thread.join()


def test_results_come_in_order_from_so_many_processes() -> None:
    results = list(ordered(with_process, ITEMS, 3))
    assert [result[0] for result in results] == ITEMS
    pids = {result[1] for result in results}
    assert len(pids) == 3
    assert os.getpid() not in pids


@pytest.mark.parametrize(("items", "jobs"), [(ITEMS[:2], 5), (ITEMS[:1], 1), ([], 4)])
def test_there_are_no_more_processes_than_items(items: list[int], jobs: int) -> None:
    results = list(ordered(with_process, items, jobs))
    assert [result[0] for result in results] == items
    assert len({result[1] for result in results}) == len(items)


def test_beside_a_thread_processes_start_from_nothing_and_speak_the_same_language() -> None:
    use_language("zh_CN")
    CHANGED.append(1)
    try:
        copied = next(ordered(with_process, ITEMS, 1))
        with a_thread():
            started = next(ordered(with_process, ITEMS, 1))
    finally:
        CHANGED.clear()
        use_language("en")
    assert copied[2:] == (sys.platform == "linux", "zh_CN")
    assert started[2:] == (False, "zh_CN")


def test_a_process_that_dies_is_an_error_with_what_it_worked_on() -> None:
    with pytest.raises(WorkerDiedError) as caught:
        list(ordered(ends_at_three, ITEMS, 2))
    assert (caught.value.status, caught.value.item) == (9, 3)
    assert active_children() == []


def test_the_processes_end_with_the_iterator() -> None:
    with closing(ordered(with_process, ITEMS, 2)) as results:
        next(results)
        assert len(active_children()) == 2
    assert active_children() == []


def test_processors_are_those_that_may_be_used() -> None:
    assert 1 <= processors() <= (os.cpu_count() or 1)
