"""Gates: how many may be inside at a time, who waits in turn, and who is turned away.

One machine for all that requests take turns at: places of the service, a key's share, and an
article that is being read. It knows neither tasks nor sockets, so that it serves one process as
well as the one that all workers ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Outcome: TypeAlias = Literal["granted", "refused", "told"]
Answer: TypeAlias = Callable[[Outcome, str | None], None]
"""Called once with what became of it, and with what was told."""

Member: TypeAlias = tuple[object, int]
"""Somebody who passes a gate: the process, and a number in it."""

PLACE: Final = "place"


@dataclass(slots=True)
class _Gate:
    capacity: int
    queue: int
    inside: set[Member] = field(default_factory=set)
    waiting: dict[Member, Answer] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        return len(self.inside) >= self.capacity and len(self.waiting) >= self.queue


@dataclass(frozen=True, slots=True)
class GateRule:
    """How many may be inside, and how many more may wait; None for any."""

    capacity: int
    queue: int | None = None


class Gates:
    """Gates by name; those of one kind, the word before the colon, have one rule."""

    def __init__(self, rules: dict[str, GateRule]) -> None:
        self._rules = rules
        self._gates: dict[str, _Gate] = {}

    def enter(self, name: str, who: Member, answer: Answer) -> None:
        """Let somebody in, now or in turn; or turn away at once."""
        gate = self._gates.get(name) or self._gates.setdefault(name, self._new(name))
        if len(gate.inside) < gate.capacity:
            gate.inside.add(who)
            answer("granted", None)
        elif len(gate.waiting) < gate.queue:
            gate.waiting[who] = answer
        else:
            answer("refused", None)

    def leave(self, name: str, who: Member, told: str | None = None) -> None:
        """Somebody leaves, or waits no longer; with something to tell, all who wait are told it."""
        gate = self._gates.get(name)
        if gate is None:
            return
        was_inside = who in gate.inside
        gate.inside.discard(who)
        gate.waiting.pop(who, None)
        if was_inside and told is not None:
            waiting, gate.waiting = gate.waiting, {}
            for answer in waiting.values():
                answer("told", told)
        while gate.waiting and len(gate.inside) < gate.capacity:
            following = next(iter(gate.waiting))
            gate.inside.add(following)
            gate.waiting.pop(following)("granted", None)
        if not gate.inside and not gate.waiting:
            del self._gates[name]

    def is_full(self, name: str) -> bool:
        """Whether the next one would be turned away."""
        gate = self._gates.get(name)
        return gate is not None and gate.is_full

    def is_awaited(self, name: str) -> bool:
        """Whether somebody waits."""
        gate = self._gates.get(name)
        return gate is not None and bool(gate.waiting)

    def inside(self, name: str) -> list[Member]:
        """Who is inside."""
        gate = self._gates.get(name)
        return [] if gate is None else list(gate.inside)

    def _new(self, name: str) -> _Gate:
        rule = self._rules[name.partition(":")[0]]
        return _Gate(rule.capacity, 2**31 if rule.queue is None else rule.queue)


def rules_of(running: int, queued: int, of_a_key: int | None) -> dict[str, GateRule]:
    """The rules of a service."""
    return {
        PLACE: GateRule(running, queued),
        "key": GateRule(2**31 if of_a_key is None else of_a_key, 0),
        "article": GateRule(1),
    }
