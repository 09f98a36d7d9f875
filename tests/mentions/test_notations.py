"""An amount is read rightly or not at all, in whatever notation it is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from extractor.article.folding import fold_text
from extractor.languages import LANGUAGES
from extractor.mentions import find_mentions
from extractor.records import Language
from tests.mentions.notations import Amount, Notation, notations

LEAST_READ = 0.97
SHOWN_GROUPS = 12


@dataclass
class _Outcome:
    """What became of the notations of one language, failures by the rules that made them."""

    clear: int = 0
    read: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def take(self, notation: Notation) -> None:
        """Count one notation: wrong if any number that is offered is not one that is meant."""
        left = list(notation.amounts)
        wrong = []
        for amount in _offered(notation):
            if amount in left:
                left.remove(amount)
            else:
                wrong.append(amount)
        self.clear += notation.clear
        group = " · ".join(notation.rules[:2])
        if wrong:
            self.wrong[group] += 1
            self.examples.setdefault(group, f"{notation.text!r} {wrong}")
        elif notation.clear and left:
            self.unread[group] += 1
            self.examples.setdefault(group, f"{notation.text!r} {left}")
        elif notation.clear:
            self.read += 1

    def told(self, groups: Counter[str]) -> str:
        """The largest groups, each with an example."""
        worst = groups.most_common(SHOWN_GROUPS)
        return "\n" + "\n".join(f"{n} {group}: {self.examples[group]}" for group, n in worst)


def _offered(notation: Notation) -> list[Amount]:
    mentions = find_mentions(fold_text(notation.text), notation.language, None).money
    return [
        Amount(one.value, one.value_max, one.currency or "")
        for mention in mentions
        for one in (mention, *mention.converted)
        if one.value is not None
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_amount_in_any_notation_is_read_rightly_or_not_at_all(language: Language) -> None:
    outcome = _Outcome()
    for notation in notations(language):
        outcome.take(notation)
    assert not outcome.wrong, outcome.told(outcome.wrong)
    assert outcome.read >= LEAST_READ * outcome.clear, outcome.told(outcome.unread)


def test_the_notations_are_many_and_the_same_every_time() -> None:
    first, second = ([*notations(code)] for code in ("en", "en"))
    assert first == second
    assert len(first) * len(LANGUAGES) >= 14_000
    assert {notation.text for notation in first if not notation.clear}
