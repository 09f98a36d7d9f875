"""An article as the pipeline sees it: folded text, sentences, a way back to the original."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from extractor.languages import Rules, rules_of
from extractor.mentions import Mentions, find_mentions
from extractor.mentions.amounts.currencies import others_than
from extractor.mentions.amounts.habits import as_its_language, separator_in
from extractor.mentions.amounts.money import in_text
from extractor.mentions.cells import Cell, find_in_row
from extractor.mentions.parties.provinces import count_territories
from extractor.mentions.types import MoneyMention

if TYPE_CHECKING:
    from extractor.article.folding import Folding


Kind = Literal["sentence", "item", "header", "row"]
"""What a sentence is on the page: of a paragraph, of a list, or of a table."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the body; `start:end` are code points of the original article.

    `text` is the folded sentence (NFC, straight quotes, plain spaces, no control characters) and
    `folded_start` its offset in the folded article; `paragraph` counts lines of text from 0.
    """

    id: int
    start: int
    end: int
    text: str
    folded_start: int
    paragraph: int
    kind: Kind = "sentence"
    leads: tuple[int, ...] = ()
    """Numbers of the sentences that complete it: the line that leads to a list, the caption and
    the headings of a table."""
    cells: tuple[Cell, ...] = ()
    """Of a row, with what is told of their columns; of an item its figure, if the line that leads
    to it tells the unit."""

    @property
    def is_heading(self) -> bool:
        """A title or heading: a line that ends without the mark of a whole sentence."""
        if self.leads:
            return False
        return self.text[-1] not in ".!?:;\"'" or self.text.isupper()


@dataclass(frozen=True, slots=True)
class Article:
    """A readable article: `original` is exactly what was given, the body is a stretch of it."""

    original: str
    folding: Folding
    body_start: int
    body_end: int
    language: str
    sentences: tuple[Sentence, ...]
    title: str | None
    published_at: date | None
    asides: int = 0
    """How many stretches were left out because they speak to a program."""
    _mentions: dict[int, Mentions] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _named: Counter[str] = field(default_factory=Counter, init=False, compare=False, repr=False)

    @property
    def rules(self) -> Rules:
        """The code of the language whose words are asked, as `rules_of` gives it."""
        return rules_of(self.language)

    def mentions(self, number: int) -> Mentions:
        """The money, quantities, dates and countries of a sentence, each sentence read once."""
        found = self._mentions.get(number)
        if found is None:
            sentence = self.sentences[number - 1]
            text = self.with_its_habits(sentence)
            found = (
                find_in_row(text, sentence.cells, self.rules, self.published_at)
                if sentence.cells
                else find_mentions(text, self.rules, self.published_at)
            )
            money = tuple(self.in_its_currency(amount, sentence) for amount in found.money)
            found = replace(found, money=money)
            self._mentions[number] = found
        return found

    def in_its_currency(self, amount: MoneyMention, sentence: Sentence) -> MoneyMention:
        """The amount with what the article tells of its currency, where its sentence does not."""
        if not amount.open_to and not any(one.open_to for one in amount.converted):
            return amount
        words = sentence.text[amount.start : amount.end]
        return in_text(amount, self.named, others_than(self.folding.text, words))

    @property
    def named(self) -> Mapping[str, int]:
        """How often it names each country, or a province or large city of it; counted once."""
        if not self._named:
            texts = [sentence.text for sentence in self.sentences]
            self._named.update(count_territories(texts, self.rules))
        return self._named

    def with_its_habits(self, sentence: Sentence) -> str:
        """The sentence with figures grouped as its language does, where all others tell how."""
        separator = separator_in(self.folding.text, self.rules)
        return as_its_language(sentence.text, separator, self.rules)

    def quote(self, sentence: Sentence) -> str:
        """The sentence as the original article has it."""
        return self.original[sentence.start : sentence.end]

    def verbatim(self, sentence: Sentence, start: int, end: int) -> str:
        """The original characters behind `sentence.text[start:end]`."""
        first, last = self.folding.span(sentence.folded_start + start, sentence.folded_start + end)
        return self.original[first:last]
