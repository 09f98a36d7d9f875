"""Contenders as the page shows them: one number, one colour and one shape each, everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from eval.judging.comparison import Contender, CorpusComparison

COLOURS: Final = 7
SHAPES: Final = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A contender and its marks."""

    number: int
    """From 1, in the order of the first ranking that names it."""
    contender: Contender

    @property
    def colour(self) -> int:
        """Place in the palette."""
        return (self.number - 1) % COLOURS

    @property
    def shape(self) -> int:
        """Place among the shapes: contenders of one colour differ in it."""
        return (self.number - 1) // COLOURS % SHAPES

    @property
    def model(self) -> str:
        """The model's name."""
        return self.contender.model

    @property
    def system(self) -> str:
        """The system's name."""
        return self.contender.system


Roster: TypeAlias = Mapping[Contender, Entry]


def roster_of(comparisons: Sequence[CorpusComparison]) -> Roster:
    """The entries of all contenders that finished anywhere."""
    ranked = (result.contender for found in comparisons for result in found.results)
    return {
        contender: Entry(number, contender)
        for number, contender in enumerate(dict.fromkeys(ranked), start=1)
    }
