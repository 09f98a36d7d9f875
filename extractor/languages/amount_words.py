"""AmountWords: how a language says and writes numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from extractor.languages.part import Part
from extractor.records import Per, Qualifier

Words = tuple[str, ...]


class YearWord(Part):
    """A number word that is the word for year as well."""

    word: str
    behind: Words
    """Behind these words it is the year; between figures it is, too."""


class PerWords(Part):
    """What makes an amount one for every year or month, as regular expressions."""

    anywhere: Mapping[Per, Words]
    """Wherever in the clause they stand."""
    behind: Mapping[Per, Words]
    """Only close behind the number."""
    before: Mapping[Per, Words]
    """Only right before the number."""
    refused: Words
    """What stands before those of `behind` where the words are a length of time."""


class EachWords(Part):
    """What gives an amount to each of several, as regular expressions.

    In them `{noun}` begins a word that is not one of time, and `{time}` is any of `times`.
    """

    times: Words
    behind: Words
    before: Words
    of: Words
    """Behind a word for each: "each of the three" is one of them."""
    of_number: Words
    """The same, where their number follows."""


class AmountCues(Part):
    """The words around a number: ranges, and what says about, over, a year or each."""

    connectors: Words
    """What may stand between the two numbers of a range."""
    opening: str
    """What may stand before both."""
    pair_opening: str
    """Where this stands before both, `pair_connector` stands between them."""
    pair_connector: str
    respectively: Words
    """Regular expressions of what says that a list goes with another, member by member."""
    changes: Words
    """Regular expressions of verbs after which `opening` tells two states and not a range."""
    step: str | None = None
    """What stands before how much of a change there is, where its end follows."""
    and_words: Words
    with_words: Words
    """Like `and_words` they begin a clause."""
    clause_openings: Words
    """Regular expressions of words that, behind an "and", begin a clause of their own."""
    before: Mapping[Qualifier, Words]
    after: Mapping[Qualifier, Words]
    per: PerWords
    each: EachWords
    not_behind: Mapping[str, Words] = {}
    """Words behind which one of `before` means something else, if there are such."""


class AmountWords(Part):
    """What `amounts.toml` of a language holds: words by their value, scale words by their power.

    CLDR has the common scale words and their abbreviations; `scales` and `short_scales` add to it.
    """

    cues: AmountCues
    """What the words around a number say of it."""
    thousands_mark: Literal[".", ",", ""]
    """Empty where nothing tells: what it could part is then not read."""
    rest_after_thousands: bool
    """Whether what follows the thousands needs no scale word of its own."""
    half: Words
    """Regular expressions of a half alone."""
    or_more: Words = (r"\+",)
    """Regular expressions of what says "or more" between a number and its scale word."""
    fractions: Mapping[str, Words] = {}
    """Regular expressions of parts of a scale word, by their value; of `other` ones it has no end
    ("a third of a billion"), so nothing that they begin is a number."""
    plus_half: Words
    """Regular expressions of a half that is added to what stands before it."""
    joints: Words
    """Regular expressions of what parts the words of one number, beside a blank or a dash."""
    vague_joints: Words
    """The same, of a number that is only a magnitude: "hundreds of millions"."""
    vague: Words
    """Regular expressions of what stands before a scale word in place of a number."""
    list_joints: Words
    """What may follow a bare figure of a list."""
    totals: Words = ()
    """Regular expressions of a heading over sums of what stands beside them."""
    numbers: Mapping[int, Words]
    hundreds: Mapping[int, Words]
    """Words below a thousand that multiply the number before them."""
    scales: Mapping[int, Words]
    short_scales: Mapping[int, Words]
    """Abbreviations, case-sensitive."""
    borrowed_scales: Mapping[int, Words]
    """Scale words of other languages, which need a currency beside their number."""
    borrowed_short_scales: Mapping[int, Words]

    loose_marks: bool = False
    """Set where writers separate thousands by either mark."""
    padded_numbers: bool = False
    """Set where small numbers are written with a zero before them: 05."""
    signs_behind: bool = False
    """Set where a currency's sign stands behind its figure; before it, another language writes."""
    singular_scales: Words = ()
    """Scale words that stand behind numbers below two, if others stand behind larger ones."""
    sign_scales: Mapping[int, Words] = {}
    """What the language's own words mean behind a sign and a figure, as another one writes."""
    doubtful_sign_scales: Words = ()
    """The same of which nobody knows what they mean."""
    doubtful_scales: Words = ()
    """Scale words that some writers use for one power and some for another."""
    doubtful_short_scales: Words = ()
    """The same of abbreviations, as written."""
    home_scales: Words = ()
    """Abbreviations that mean what they do before the language's own currency only."""
    home_currency: str = ""
    """Its ISO 4217 code, where there are such."""
    pairs_beside: Words = ()
    """Regular expressions of what stands beside figures like 12,34,567, in any language."""
    articles: Words = ()
    """Articles that may stand for one before a scale word, if the language has them."""
    article_is_one: bool = False
    """Set where the article is also the number one, and counts within longer numbers."""
    lone_numbers: Words = ()
    """Number words that may be no more than an article when they stand alone."""
    tens: Words = ()
    """Words that multiply the digit before them by ten, if there are such."""
    twenties: tuple[int, ...] = ()
    """Tens after which numbers up to nineteen may follow, in languages that count so."""
    standing_alone: Words = ()
    """Words of a hundred or a thousand that need no number before them."""
    collectives: Mapping[int, Words] = {}
    """Like `hundreds`; alone they are a magnitude, with an article about that number."""
    collective_scales: Words = ()
    """Scale words that work like collectives."""
    never_vague: Words = ()
    """Words of a hundred that alone are something else."""
    behind_letters: Words = ()
    """Regular expressions of scale words that make "N20" money; those of all languages count."""
    not_behind: Mapping[str, str] = {}
    """What stands right before a word that is then no number."""
    year_word: YearWord | None = None
    """The number word that is the word for year, if there is one."""


def by_word(table: Mapping[int, Words]) -> dict[str, int]:
    """A table of words by value, the other way round."""
    return {word: value for value, words in table.items() for word in words}
