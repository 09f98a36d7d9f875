"""Prefilter: patterns that are tried only where they may match, so that most texts cost a glance.

Most sentences hold nothing of what most patterns look for, and a regular expression takes long to
say so. What it needs is read from the expression itself: one for "in 2030" or "by 2030" needs the
word "in" or "by", and a figure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Final

from extractor.languages.cases import caseless
from extractor.languages.regex_needs import Need, Needs, needs_of
from extractor.languages.regex_parts import read_pattern

_FEW_PARTS: Final = 10
_WORD: Final = re.compile(r"\w+")


class Letters:
    """The words and letters of a text, where each need is looked for once."""

    def __init__(self, text: str) -> None:
        self.caseless = caseless(text)
        self._met: dict[Need, bool] = {}
        self._met_within: dict[Need, bool] = {}

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.caseless))

    def share(self, words: frozenset[str]) -> frozenset[str]:
        """Those of the words that are in the text."""
        return words & self._words

    def meet(self, needs: Needs) -> bool:
        """Whether a pattern with these needs may match in the text."""
        for need in needs:
            met = self._met.get(need)
            if met is None:
                met = self._met[need] = self._meets(need)
            if not met:
                return False
        return True

    def may_meet_within(self, needs: Needs) -> bool:
        """The same of any stretch of the text, which may begin and end within a word."""
        for need in needs:
            met = self._met_within.get(need)
            if met is None:
                met = self._holds(need.words) or self._holds(need.parts)
                self._met_within[need] = met
            if not met:
                return False
        return True

    def _meets(self, need: Need) -> bool:
        if need.words and not need.words.isdisjoint(self._words):
            return True
        return self._holds(need.parts)

    def _holds(self, parts: frozenset[str]) -> bool:
        text = self.caseless
        # Faster than `any`, and asked dozens of times of every sentence.
        for part in parts:  # noqa: SIM110
            if part in text:
                return True
        return False


@lru_cache(maxsize=16)
def letters_of(text: str) -> Letters:
    """The letters of a text: many patterns ask for those of the same one."""
    return Letters(text)


class Sparing:
    """A pattern that is tried only in texts that have what it needs."""

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self.pattern = re.compile(pattern, flags)
        self.needs = needs_of(read_pattern(self.pattern))

    def may_match_within(self, letters: Letters) -> bool:
        """Whether it may match in any stretch of a text of these letters."""
        return letters.may_meet_within(self.needs)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in the text."""
        return self.pattern.search(text) if letters_of(text).meet(self.needs) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches in the text."""
        return self.pattern.finditer(text) if letters_of(text).meet(self.needs) else iter(())

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the beginning of the text."""
        return self.pattern.match(text) if letters_of(text).meet(self.needs) else None


class Choice:
    """Of many patterns those that may match in a text, all told at once."""

    def __init__(self, patterns: Sequence[Sparing]) -> None:
        self._needs = [_few_parts(pattern.needs) for pattern in patterns]
        every = frozenset[Need]().union(*self._needs)
        by_word: defaultdict[str, set[Need]] = defaultdict(set)
        by_part: defaultdict[str, set[Need]] = defaultdict(set)
        for need in every:
            for word in need.words:
                by_word[word].add(need)
            for part in need.parts:
                by_part[part].add(need)
        self._words, self._by_word = frozenset(by_word), dict(by_word)
        self._by_part = tuple(by_part.items())

    def of(self, letters: Letters) -> list[int]:
        """The places of those patterns, in order."""
        text = letters.caseless
        met = [needs for part, needs in self._by_part if part in text]
        met += [self._by_word[word] for word in letters.share(self._words)]
        all_met = frozenset[Need]().union(*met)
        return [place for place, needs in enumerate(self._needs) if needs <= all_met]


def _few_parts(needs: Needs) -> frozenset[Need]:
    """The needs that are soon looked for, at least one if there are any."""
    fewest = sorted(needs, key=lambda need: len(need.parts))
    return frozenset(need for need in needs if len(need.parts) <= _FEW_PARTS or need is fewest[0])
