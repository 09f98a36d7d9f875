"""Articles for load: no two share a sentence, so that nothing kept from one answers for another."""

from __future__ import annotations

import re
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

from eval.labels.dataset import load_corpus

_CHALLENGE: Final = Path("gold/challenge")
_PLEDGE: Final = "Nordlys Compute will spend $40 million on a data centre near Here by 2027."
_HERE: Final = re.compile(r"\bHere\b")
_SYLLABLES: Final = [first + second for first in "bdfgklmnprstv" for second in "aeiou"]
_numbers: Final = count(len(_SYLLABLES) ** 2)

TINY: Final = 100
BRIEF: Final = 500
WHOLE: Final = 3_000
LONG: Final = 9_000
"""Lengths in characters; the median seed has about 4,500."""


def articles(how_many: int, characters: int) -> list[str]:
    """New English articles of this length; the fake model's answer is right of the first sentence.

    Each sentence of an article names the same invented town, and no other article does.
    """
    pattern = f"{_PLEDGE} {_prose()}"[:characters].rpartition(" ")[0]
    return [_HERE.sub(_town(next(_numbers)), pattern) for _ in range(how_many)]


@cache
def _prose() -> str:
    """English passages of the challenge set, each sentence of which names a town."""
    texts = [
        re.sub(r"\.(?=\s|$)", " near Here.", " ".join(item.text.split()))
        for item in load_corpus(_CHALLENGE).items
        if item.gold.document.language == "en"
    ]
    return "\n\n".join(texts)


def _town(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number, len(_SYLLABLES))
        letters += _SYLLABLES[rest]
    return letters.capitalize()
