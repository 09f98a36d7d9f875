"""Rows: short drafts about several sentences of one article, in as few tokens as can be.

A reply takes up the sentences asked about in their order, each by its number in brackets, and below
it a row for each record that it states:

    [3]
    c|Fonds Azur|ville de Brisecol|m1||d1|funding|announced||
    [5]

Fields stand by position, lists are parted by semicolons, and what there is none of is empty. The
grammar makes a wrong number, id or label impossible, and a name can only be words of the article.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias, get_args

from pydantic import ValidationError

from extractor.drafts.offers import Mention, Offer, Offers
from extractor.drafts.short import DraftCommitment, DraftEvent
from extractor.records import CommitmentStatus, EventStatus, EventType, ResourceKind

ShortDraft: TypeAlias = DraftCommitment | DraftEvent

_BAR: Final = "|"
_LIST: Final = "; "
_COMMITMENT: Final = (
    "who",
    "to",
    "money",
    "count",
    "dates",
    "kind",
    "status",
    "announced_by",
    "place",
)
_EVENT: Final = ("who", "targets", "dates", "type", "status", "instrument")
_FORMS: Final[Mapping[str, tuple[type[ShortDraft], tuple[str, ...]]]] = {
    "c": (DraftCommitment, _COMMITMENT),
    "e": (DraftEvent, _EVENT),
}
"""By the letter that begins a row: its form and the fields in their order."""
_LISTS: Final = frozenset({"who", "to", "targets", "dates"})
_MOST_ROWS: Final = 16
_MOST_NAMES: Final = 16


def write_rows(drafts: Mapping[int, Sequence[ShortDraft]]) -> str:
    """The reply that says these drafts, by the number of their sentence."""
    lines = []
    for number, stated in drafts.items():
        lines.append(f"[{number}]")
        lines += [_row(draft) for draft in stated]
    return "\n".join(lines) + "\n"


def _row(draft: ShortDraft) -> str:
    letter = "c" if isinstance(draft, DraftCommitment) else "e"
    _, fields = _FORMS[letter]
    told = draft.model_dump(mode="json")
    return _BAR.join((letter, *(_written(told[field]) for field in fields)))


def _written(value: str | list[str] | None) -> str:
    words = _LIST.join(map(plain, value)) if isinstance(value, list) else plain(value or "")
    return words


def plain(words: str) -> str:
    """Words without the signs that part fields, lists and rows."""
    return " ".join(words.replace(_BAR, " ").replace(";", ",").split())


class RowsRead(NamedTuple):
    """What a reply in rows says."""

    drafts: tuple[ShortDraft, ...]
    unfit: tuple[tuple[int, str], ...]
    """Rows that fit no form, with the number of the sentence that they stand under."""
    complete: bool
    """Whether every sentence that was asked about was taken up."""


def read_rows(text: str, asked: Sequence[int]) -> RowsRead:
    """The drafts of a reply about these sentences."""
    drafts: list[ShortDraft] = []
    unfit: list[tuple[int, str]] = []
    number = 0
    lines = text.split("\n")
    for line in lines[:-1]:
        if line.startswith("["):
            inside = line[1:].rstrip("]")
            number = int(inside) if inside.isdecimal() else 0
        elif line:
            draft = _draft(line, number) if number in asked else None
            if draft is None:
                unfit.append((number, line))
            else:
                drafts.append(draft)
    # Every row ends in a line feed: what stands behind the last one was cut.
    return RowsRead(tuple(drafts), tuple(unfit), not lines[-1] and number == asked[-1])


def _draft(line: str, number: int) -> ShortDraft | None:
    letter, *cells = line.split(_BAR)
    if letter not in _FORMS:
        return None
    form, fields = _FORMS[letter]
    if len(cells) != len(fields):
        return None
    values = {
        field: _split(cell) if field in _LISTS else cell.strip() or None
        for field, cell in zip(fields, cells, strict=True)
    }
    try:
        return form.model_validate({"sentence": number, **values})
    except ValidationError:
        return None


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def rows_grammar(near: Mapping[int, Collection[int]], offers: Offers, words: str) -> str:
    """The grammar of a reply, rule `reply`, in the form of Lark that llguidance reads.

    Args:
        near: the sentences asked about, in order, each with those whose figures and dates a record
            that it states may have.
        offers: the figures and dates under their ids.
        words: the text of which names are words.
    """
    blocks = " ".join(f"s{number}" for number in near)
    rules = [
        f"reply: {blocks}",
        *(rule for number, around in near.items() for rule in _block(number, around, offers)),
        f"names: (NAME ({json.dumps(_LIST)} NAME){{0,{_MOST_NAMES}}})?",
        "name: NAME?",
        f"resource: {_any(get_args(ResourceKind))}",
        f"cstatus: {_any(get_args(CommitmentStatus))}",
        f"act: {_any(get_args(EventType))}",
        f"estatus: {_any(get_args(EventStatus))}",
        f"NAME: %regex {json.dumps({'substring_words': plain(words)}, ensure_ascii=False)}",
    ]
    return "\n".join(rules) + "\n"


def _block(number: int, around: Collection[int], offers: Offers) -> Iterable[str]:
    own = offers.within([*around])
    yield f's{number}: "[{number}]\\n" (c{number} | e{number}){{0,{_MOST_ROWS}}}'
    money, count, dates = (_id(own.money), _id(own.counts), _ids(own.dates))
    bar = f' "{_BAR}" '
    commitment = ("names", "names", money, count, dates, "resource", "cstatus", "name", "name")
    event = ("names", "names", dates, "act", "estatus", "name")
    yield f'c{number}: "c{_BAR}" {bar.join(commitment)} "\\n"'
    yield f'e{number}: "e{_BAR}" {bar.join(event)} "\\n"'


def _any(labels: Iterable[str]) -> str:
    return f"({' | '.join(map(json.dumps, labels))})"


def _id(offered: Sequence[Offer[Mention]]) -> str:
    return f"{_any(offer.id for offer in offered)}?" if offered else '""'


def _ids(offered: Sequence[Offer[Mention]]) -> str:
    if not offered:
        return '""'
    each = _any(offer.id for offer in offered)
    return f"({each} ({json.dumps(_LIST)} {each}){{0,3}})?"
