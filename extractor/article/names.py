"""Where a name stands in a sentence: as whole words, whatever the case."""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.article.folding import fold_text
from extractor.article.types import Sentence

Span = tuple[int, int]
_ACRONYM = 6


def find_name(name: str, sentence: Sentence) -> Span | None:
    """Where a name first stands in a folded sentence as whole words: as written, else in any case.

    A short name in capitals is looked for as written only: WHO is not "who".
    """
    return next(iter(find_names(name, sentence)), None)


def find_names(name: str, sentence: Sentence) -> tuple[Span, ...]:
    """Everywhere that a name stands in a sentence, in order; a name without a letter nowhere."""
    exact, any_case = _patterns(name)
    for pattern in (exact, any_case):
        if pattern is not None and (spans := [m.span() for m in pattern.finditer(sentence.text)]):
            return tuple(spans)
    return ()


@lru_cache(maxsize=4096)
def _patterns(name: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """A record's names are looked for in many sentences: folded and compiled once."""
    folded = fold_text(name).split()
    if not any(map(str.isalnum, name)):
        return None, None
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, folded)) + r"(?!\w)"
    acronym = len(folded) == 1 and len(folded[0]) <= _ACRONYM and folded[0].isupper()
    return re.compile(pattern), None if acronym else re.compile(pattern, re.IGNORECASE)
