"""Money in thousands of notations with their true values: a grammar that asks no engine.

A notation is a figure in some grouping, a scale word, a currency before or behind, perhaps a range,
a qualifier, a footnote, an odd space or capitals, all in a sentence. Some have two meanings: of
those nothing may be read as a number.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractor.records import Language
from tests.mentions.notation_pieces import Amount, Piece, Tables, pieces_of, tables_of

__all__ = ["Amount", "Notation", "notations"]


@dataclass(frozen=True)
class Notation:
    """A sentence and its amounts, none if it may be read in two ways; `rules` made it."""

    language: Language
    text: str
    amounts: tuple[Amount, ...]
    rules: tuple[str, ...]
    clear: bool = True


def notations(language: Language, number: int = 3_600, seed: int = 7) -> Iterator[Notation]:
    """Every piece of the grammar of a language, in as many surroundings as make up the number."""
    tables = tables_of(language)
    chance = random.Random(f"{seed} {language}")  # noqa: S311
    pieces = list(pieces_of(tables, chance))
    seen: set[str] = set()
    while len(seen) < number:
        for piece in pieces:
            notation = _in_a_sentence(_dressed(piece, tables, chance), tables, chance)
            if notation.text not in seen and len(seen) < number:
                seen.add(notation.text)
                yield notation


def _dressed(piece: Piece, tables: Tables, chance: random.Random) -> Piece:
    """The piece behind a qualifier, with a footnote, odd spaces or full-width digits."""
    text, rules = piece.text, piece.rules
    footnote = chance.choice(("", "", "", "[7]", "[12]", "¹²", "³"))
    if footnote and piece.clear and piece.text[-1].isalpha() and len(piece.text.split()[-1]) > 2:
        text, rules = text + footnote, (*rules, "footnote behind")
    elif chance.random() < 0.08 and piece.clear and " " in text and not piece.rigid:
        head, _, tail = text.partition(" ")
        if head[-1].isdigit() and not tail[0].isdigit() and "-" not in head:
            text, rules = f"{head}[5] {tail}", (*rules, "footnote inside")
    if chance.random() < 0.25:
        space = chance.choice(("\u00a0", "\u202f", "\u2009"))
        text, rules = text.replace(" ", space), (*rules, f"space {ord(space):04x}")
    if chance.random() < 0.06:
        wide = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}
        if "[" not in text:
            text, rules = text.translate(wide), (*rules, "full width")
    if chance.random() < 0.06:
        at = chance.randrange(1, len(text)) if len(text) > 1 else 0
        text, rules = f"{text[:at]}\u00ad{text[at:]}", (*rules, "soft hyphen")
    if piece.qualified:
        qualifier = chance.choice(tables.qualifiers)
        if qualifier.endswith("de ") and text[0] in "aeiou":
            qualifier = qualifier[:-2] + "'"
        text, rules = qualifier + text, (*rules, f"qualifier {qualifier}")
    return replace(piece, text=text, rules=rules)


def _in_a_sentence(piece: Piece, tables: Tables, chance: random.Random) -> Notation:
    template = chance.choice(tables.sentences)
    text = template.format(a=piece.text)
    rules = piece.rules
    if template.startswith("{a}") and not piece.rigid:
        text = text[0].upper() + text[1:]
    if not piece.rigid and chance.random() < 0.12:
        text, rules = text.upper(), (*rules, "capitals")
    return Notation(tables.language, text, piece.amounts, rules, piece.clear)
