"""Order signs: the words with which programs are addressed, of all languages, compiled once.

The words are in `addressing.toml` of each language; how they stand to each other is the same in
all of them, and is told here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from extractor.languages import all_languages
from extractor.languages.addressing_words import AddressingWords
from extractor.languages.patterns import any_of, joined
from extractor.languages.prefilter import Choice, Sparing

_Pick: TypeAlias = Callable[[AddressingWords], Iterable[str]]

_CALL: Final = re.compile(r"\{([a-z_]+)\}")
_OPENING: Final = r"(?:^[\W\d_]{0,20}|[:;.!(\[]\s{0,3}[\"']?\s{0,3})"
_ASSIGNED: Final = (
    r"(?i)\b(?:(?P<ours>actor|certainty)|amount|status|kind|deadline|recipient|money|currency)"
    r" ?(?:(?P<set>=)|:) ?\S"
)
_SHARED: Final = ("every", "names", "engaged", "only")
"""Lists of `shared` that are called here."""


@dataclass(frozen=True, slots=True)
class OrderSigns:
    """What is looked for in a sentence; each by its meaning in `AddressingWords`."""

    program: Sparing
    here: Sparing
    before: Sparing
    answer: Sparing
    order: Sparing
    reads: Sparing
    """A program that reads just this page."""
    obliged: Sparing
    must_tell: Sparing
    must_leave: Sparing
    void: Sparing
    more: Sparing
    announces: Sparing
    label: Sparing
    """A label or salutation that names a program, at the beginning."""
    called: Sparing
    """The name of a program or a speaker, called out at the beginning; an order may follow."""
    named: Sparing
    """The same of the name alone."""
    speaker: Sparing
    assigned: Sparing
    """A field of a record; `ours` and `set` are as only a program would be given it."""
    may_be_label: Sparing
    """Without one of these words a text has no label."""
    openings: Choice
    """What tells first that a sentence speaks to a program: without any of it, it does not."""


@cache
def order_signs() -> OrderSigns:
    """The signs of all languages."""
    program, label = _anywhere(lambda words: words.program), _label()
    before, answer = _anywhere(lambda words: words.before), _anywhere(lambda words: words.answer)
    assigned, speaker = Sparing(_ASSIGNED), Sparing(rf"(?i)^[\W_]{{0,20}}{_speaker()}")
    return OrderSigns(
        program=program,
        here=_anywhere(lambda words: words.here),
        before=before,
        answer=answer,
        order=Sparing(
            rf"(?i){_OPENING}{_any(lambda words: words.opening_orders)}\b"
            rf"|\b{_any(lambda words: words.orders)}\b"
        ),
        reads=_anywhere(lambda words: words.reads),
        obliged=_anywhere(lambda words: words.obliged),
        must_tell=_anywhere(lambda words: words.must_tell),
        must_leave=_anywhere(lambda words: words.must_leave),
        void=_anywhere(lambda words: words.void),
        more=_anywhere(lambda words: words.more),
        announces=_anywhere(lambda words: words.announces),
        label=label,
        called=_called(),
        named=_named(),
        speaker=speaker,
        assigned=assigned,
        may_be_label=Sparing(
            rf"(?im)\b(?:{joined(lambda language: language.addressing.label_words)}"
            rf"|{joined(lambda language: language.addressing.label_nouns)}\b[^:.!?\n]{{0,40}}:)"
        ),
        openings=Choice([program, before, answer, label, assigned, speaker]),
    )


def _label() -> Sparing:
    every, names, engaged, only = (any_of(_shared()[name]) for name in _SHARED)
    greeted = (
        rf"{_any(lambda words: words.salutations)}[,:]?\s*(?:{every}\s+){{0,2}}{names}"
        rf"(?:\s+{engaged})?\s*[:,]"
    )
    meant = rf"{_any(lambda words: words.meant_for)}\s+[^:.!?\n]{{0,20}}?\b{names}\s+{only}\s*[:,]"
    either = f"{_any(lambda words: words.labels)}|{_spaced(greeted)}|{_spaced(meant)}"
    shouted = _any(lambda words: words.shouted_labels)
    return Sparing(rf"^[\W_]{{0,20}}(?:(?i:{either})|{shouted})")


def _called() -> Sparing:
    program = _whole(_any(lambda words: words.program))
    asking = _any(lambda words: words.asking)
    return Sparing(
        rf"(?i)^[\W_]{{0,20}}(?:[^:.!?\n]{{0,60}}?{program}[^:.!?\n]{{0,60}}(?=:)"
        rf"|(?:\w+\s+){{0,2}}{program}(?:\s+\w+){{0,5}}\s*(?=,)"
        rf"|(?:\w+\s+){{0,2}}{program}\s+(?={asking}\b)"
        rf"|{_speaker()})"
    )


def _named() -> Sparing:
    program, names = _any(lambda words: words.program), any_of(_shared()["names"])
    return Sparing(
        rf"(?i)^[\W_]{{0,20}}(?:{_whole(f'(?:{program}|{names})')}\s*(?=:)|{_speaker()})"
    )


def _speaker() -> str:
    return rf"{_any(lambda words: words.speakers)}\s*(?=[:,])"


def _anywhere(pick: _Pick) -> Sparing:
    return Sparing(f"(?i){_whole(_any(pick))}")


def _whole(group: str) -> str:
    return rf"(?<!\w){group}(?!\w)"


def _any(pick: _Pick) -> str:
    """The group of what is picked of each language, with the lists that it calls."""
    return any_of(
        _spaced(_with_lists(pattern, _lists(language.addressing)))
        for language in all_languages()
        for pattern in pick(language.addressing)
    )


def _lists(words: AddressingWords) -> Mapping[str, Iterable[str]]:
    own = {
        "tell": words.tell,
        "leave": words.leave,
        "first": words.first,
        "here": words.here,
    }
    return {**_shared(), **own}


@cache
def _shared() -> Mapping[str, Iterable[str]]:
    """Lists that are one for all languages."""
    shared: dict[str, tuple[str, ...]] = {}
    for language in all_languages():
        for name, patterns in language.addressing.shared.items():
            shared[name] = (*shared.get(name, ()), *patterns)
    return shared


def _with_lists(pattern: str, lists: Mapping[str, Iterable[str]]) -> str:
    return _CALL.sub(lambda call: any_of(lists[call[1]]), pattern)


def _spaced(pattern: str) -> str:
    return pattern.replace(" ", r"\s+")
