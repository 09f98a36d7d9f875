"""Times and counts by the thousand: each is read as it is meant, or is not read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final, Literal, TypeAlias

import pytest

from extractor.article.folding import fold_text
from extractor.mentions import find_mentions
from tests.mentions.count_date_notations import (
    LANGUAGES,
    Language,
    Notation,
    count_notations,
    date_notations,
)
from tests.mentions.count_notations import Count
from tests.mentions.date_notations import REFERENCE, Time

Verdict = Literal["read", "unread", "wrong"]
Told: TypeAlias = Time | Count
_EACH: Final = 1_100
_LEAST_READ: Final = 0.97
_SHOWN: Final = 12
_DAY: Final = date(*REFERENCE, 12)


def dates_read(notation: Notation) -> list[Told]:
    """What the reader says of the times in a sentence."""
    mentions = find_mentions(fold_text(notation.text), notation.language, _DAY)
    return [Time(one.edtf or "", one.role, one.modifier, one.duration) for one in mentions.dates]


def counts_read(notation: Notation) -> list[Told]:
    """What the reader says of the counts in a sentence."""
    mentions = find_mentions(fold_text(notation.text), notation.language, _DAY)
    return [
        Count(one.value, one.value_max, one.unit, one.qualifier, one.per) for one in mentions.counts
    ]


def verdict(found: list[Told], means: tuple[Told, ...]) -> Verdict:
    """Read if all is there, unread if something is missing, wrong if something else is there."""
    if tuple(found) == means:
        return "read"
    missing = list(means)
    for one in found:
        fitting = [mean for mean in missing if one in (mean, *_less(mean))]
        if not fitting:
            return "wrong"
        missing.remove(fitting[0])
    return "unread"


def _less(told: Told) -> Iterator[Told]:
    """The same value without the words around it: true, if not all that is told."""
    if isinstance(told, Count):
        for qualifier in ("exact", told.qualifier):
            yield replace(told, qualifier=qualifier, per="once")
            yield replace(told, qualifier=qualifier)
    else:
        yield replace(told, role="point")
        yield replace(told, modifier=None)
        yield replace(told, role="point", modifier=None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("notations", "read"),
    [(date_notations, dates_read), (count_notations, counts_read)],
    ids=["times", "counts"],
)
def test_notations_are_read_as_they_are_meant_or_not_at_all(
    language: Language,
    notations: Callable[[Language, int], Iterator[Notation]],
    read: Callable[[Notation], list[Told]],
) -> None:
    verdicts: Counter[Verdict] = Counter()
    failures: dict[tuple[Verdict, str], list[str]] = defaultdict(list)
    for notation in notations(language, _EACH):
        found = read(notation)
        said = verdict(found, notation.means)
        verdicts[said] += 1
        if said != "read":
            rule = (said, notation.rule)
            failures[rule].append(f"{notation.text!r}\n      {found}")
    worst = sorted(failures.items(), key=lambda one: (one[0][0] != "wrong", -len(one[1])))
    shown = [f"{rule}: {len(texts)}, as {texts[0]}" for rule, texts in worst[:_SHOWN]]
    report = "\n".join((f"{language}: {dict(verdicts)}", *shown))
    assert verdicts["wrong"] == 0, report
    assert verdicts["read"] >= _LEAST_READ * _EACH, report
