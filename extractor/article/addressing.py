"""Addressing: sentences of an article that speak to the program that reads it, not to its readers.

One sign is never enough, because programs are what much of the news is about, and laws give orders
to them too. An order counts if it names a program and is worded as an order, or tells a program
what to do with *this* page or with what it was told before.
"""

from __future__ import annotations

from typing import Final

from extractor.article.order_signs import order_signs
from extractor.languages.prefilter import letters_of

_FEWEST_ASSIGNED: Final = 2


def addresses_a_machine(sentence: str) -> bool:
    """Whether a folded sentence gives orders to the program that reads it."""
    signs = order_signs()
    if not signs.openings.of(letters_of(sentence)):
        return False
    if signs.label.match(sentence) or _is_assigned(sentence):
        return True
    program = bool(signs.program.search(sentence))
    called = signs.called.match(sentence) if program or signs.speaker.match(sentence) else None
    if called and is_order(sentence[called.end() :].removeprefix(",").lstrip()):
        return True
    before = bool(signs.before.search(sentence))
    answer = bool(signs.answer.search(sentence))
    if not (program or before or answer):
        return False
    here = bool(signs.here.search(sentence))
    if is_order(sentence):
        return before or (program and (here or answer)) or (here and answer)
    return program and (before or here or answer) and bool(signs.obliged.search(sentence))


def _is_assigned(sentence: str) -> bool:
    return sum(1 for _ in order_signs().assigned.finditer(sentence)) >= _FEWEST_ASSIGNED


def is_order(sentence: str) -> bool:
    """Whether a folded sentence is worded as an order to whoever reads it."""
    return bool(order_signs().order.search(sentence))


def goes_on(sentence: str) -> bool:
    """Whether a folded sentence may be more of an order that was given right before it."""
    return is_order(sentence) or bool(order_signs().more.search(sentence))


def announces(sentence: str) -> bool:
    """Whether a folded sentence that addresses a program tells that its matter comes next."""
    return sentence.endswith(":") or bool(order_signs().announces.search(sentence))


def may_address(text: str) -> bool:
    """Whether a folded text has a word with which a program could be addressed at all."""
    signs = order_signs()
    any_of = (signs.program, signs.before, signs.answer, signs.assigned, signs.may_be_label)
    return any(sign.search(text) for sign in any_of)
