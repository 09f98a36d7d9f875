"""Gates: whatever comes and goes, no more are inside than may, and nobody waits in vain."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.api.commons import OwnCommons, passing
from extractor.api.gates import GateRule, Gates, Outcome
from extractor.asking.deadline import Deadline
from extractor.errors import DeadlinePassed


class _Crowd:
    """Those who pass one gate, and what each was answered."""

    def __init__(self, capacity: int, queue: int | None) -> None:
        self.gates = Gates({"g": GateRule(capacity, queue)})
        self.answers: dict[int, tuple[Outcome, str | None]] = {}
        self.here: list[int] = []

    def come(self, number: int) -> None:
        self.here.append(number)

        def answer(outcome: Outcome, told: str | None) -> None:
            assert number not in self.answers
            self.answers[number] = (outcome, told)

        self.gates.enter("g", (self, number), answer)
        if self.answers.get(number) == ("refused", None):
            self.go(number)

    def go(self, number: int, told: str | None = None) -> None:
        self.here.remove(number)
        self.gates.leave("g", (self, number), told)

    @property
    def inside(self) -> list[int]:
        return [n for n in self.here if self.answers.get(n) == ("granted", None)]

    @property
    def waiting(self) -> list[int]:
        return [n for n in self.here if n not in self.answers]


@given(
    capacity=st.integers(1, 3),
    queue=st.integers(0, 3),
    steps=st.lists(st.integers(-1, 6), max_size=40),
)
def test_no_more_are_inside_than_may_and_no_place_stands_empty_while_somebody_waits(
    capacity: int, queue: int, steps: list[int]
) -> None:
    crowd = _Crowd(capacity, queue)
    for number, step in enumerate(steps):
        if step < 0 or not crowd.here:
            crowd.come(number)
        else:
            crowd.go(crowd.here[step % len(crowd.here)])
        assert len(crowd.inside) <= capacity
        assert len(crowd.waiting) <= queue
        assert len(crowd.inside) == capacity or not crowd.waiting
        assert crowd.gates.is_full("g") == (
            len(crowd.inside) == capacity and len(crowd.waiting) == queue
        )


@given(st.integers(2, 9))
def test_who_comes_first_goes_in_first(many: int) -> None:
    crowd = _Crowd(1, None)
    for number in range(many):
        crowd.come(number)
    for number in range(many):
        assert crowd.inside == [number]
        crowd.go(number)


def test_what_one_tells_who_leaves_is_told_to_all_who_wait() -> None:
    crowd = _Crowd(1, None)
    for number in range(3):
        crowd.come(number)
    crowd.go(0, "found")
    assert [crowd.answers[number] for number in (1, 2)] == [("told", "found")] * 2


def test_what_one_tells_who_only_waited_is_told_to_nobody() -> None:
    crowd = _Crowd(1, None)
    for number in range(3):
        crowd.come(number)
    crowd.go(1, "a guess")
    assert (crowd.inside, crowd.waiting) == ([0], [2])


def test_a_turn_that_does_not_come_in_time_is_given_up() -> None:
    async def wait() -> None:
        commons = OwnCommons(Gates({"g": GateRule(1)}))
        async with passing(commons, "g"):
            started = time.monotonic()
            with pytest.raises(DeadlinePassed):
                async with passing(commons, "g", Deadline(0.2)):
                    raise AssertionError("it had its turn")
            assert time.monotonic() - started < 5
            assert not commons.is_awaited("g")

    asyncio.run(wait())


def test_a_cancelled_wait_lets_the_next_one_in() -> None:
    async def wait() -> str:
        commons = OwnCommons(Gates({"g": GateRule(1)}))

        async def pass_through() -> str:
            async with passing(commons, "g") as turn:
                return turn.outcome

        async with passing(commons, "g"):
            leaving, staying = (asyncio.ensure_future(pass_through()) for _ in range(2))
            await asyncio.sleep(0)
            leaving.cancel()
            await asyncio.sleep(0)
        return await asyncio.wait_for(staying, 5)

    assert asyncio.run(wait()) == "granted"
