"""Where a name stands in a sentence: as whole words, whatever the case."""

from __future__ import annotations

import re
from functools import lru_cache

from extractor.article.folding import fold_text
from extractor.article.types import Sentence

Span = tuple[int, int]


def find_name(name: str, sentence: Sentence) -> Span | None:
    """Where a name stands in a folded sentence as whole words: as written, else in any case."""
    exact, any_case = _patterns(name)
    if exact is None or any_case is None:
        return None
    match = exact.search(sentence.text) or any_case.search(sentence.text)
    return match.span() if match else None


@lru_cache(maxsize=4096)
def _patterns(name: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """A record's names are looked for in many sentences: folded and compiled once."""
    folded = fold_text(name).split()
    if not folded:
        return None, None
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, folded)) + r"(?!\w)"
    return re.compile(pattern), re.compile(pattern, re.IGNORECASE)
