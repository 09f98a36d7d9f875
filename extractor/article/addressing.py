"""Addressing: sentences of an article that speak to the program that reads it, not to its readers.

One sign is never enough, because programs are what much of the news is about, and laws give orders
to them too. An order counts if it names a program and is worded as an order, or tells a program
what to do with *this* page or with what it was told before. What a law says that programs must do
counts only if it is about the reading itself.
"""

from __future__ import annotations

import re
from typing import Final

from extractor.article.order_signs import order_signs
from extractor.languages.prefilter import letters_of

_FEWEST_ASSIGNED: Final = 2
_QUOTATION: Final = re.compile(r"(.{1,300}?):\s*(?=\")")
"""What introduces a quotation."""


def addresses_a_machine(sentence: str) -> bool:
    """Whether a folded sentence gives orders to the program that reads it."""
    signs = order_signs()
    if not signs.openings.of(letters_of(sentence)):
        return False
    if signs.label.match(sentence):
        return True
    quotation = _QUOTATION.match(sentence)
    if quotation and not (signs.named.match(sentence) or signs.reads.search(quotation[1])):
        # What somebody is quoted with is said to people, unless it names a program itself.
        quoted = sentence[quotation.end() :]
        return _orders(quotation[1]) or _orders(quoted)
    return _orders(sentence)


def _orders(words: str) -> bool:
    """Whether words of one voice are an order to a program."""
    signs = order_signs()
    if signs.label.match(words):
        return True
    program = bool(signs.program.search(words))
    before = bool(signs.before.search(words))
    answer = bool(signs.answer.search(words))
    if _is_assigned(words, before or answer):
        return True
    called = signs.called.match(words) if program or signs.speaker.match(words) else None
    if called and is_order(_unquoted(words[called.end() :].removeprefix(",").lstrip())):
        return True
    if not (program or before or answer):
        return False
    if is_order(words):
        here = bool(signs.here.search(words))
        return before or (program and (here or answer)) or (here and answer)
    return program and _is_obliged(words, bool(called), before, answer)


def _unquoted(words: str) -> str:
    """The words up to a quotation, if they do not begin with one."""
    return words if words.startswith('"') else words.partition('"')[0]


def _is_obliged(words: str, called: bool, before: bool, answer: bool) -> bool:
    """Whether words about a program tell what it must do as it reads; laws tell other duties."""
    signs = order_signs()
    reads = bool(signs.reads.search(words))
    return (
        (reads and bool(signs.obliged.search(words)))
        or (answer and bool(signs.must_tell.search(words)))
        or (before and bool(signs.must_leave.search(words)))
        or (before and (called or reads) and bool(signs.void.search(words)))
    )


def _is_assigned(words: str, told: bool) -> bool:
    """Whether fields of a record are given values, as only a program would be told.

    Fact sheets for people have such fields too, with a colon behind each.
    """
    signs = order_signs()
    fields = list(signs.assigned.finditer(words))
    if len(fields) < _FEWEST_ASSIGNED:
        return False
    if told or signs.named.match(words):
        return True
    return any(field["ours"] or field["set"] for field in fields)


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
