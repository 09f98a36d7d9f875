"""Rendering: a passage as a model sees it, and an answer as a model should write it.

The article is data: nothing in it can close its frame, end a turn or number a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence

from extractor.article import Sentence
from extractor.drafts import AnyDraft, Form, Mention, Offer, Offers
from extractor.kinds import KINDS
from extractor.prompting.passages import Passage
from extractor.records import RecordType

# What a frame, a turn or a speaker's name begins with, in our form or a chat template's.
_TAG = re.compile(r"<(?=\s*[/|<]?\s*[A-Za-z|_]|!--)|\[(?=\s*/?\s*(?:INST|SYS))", re.IGNORECASE)
ROWS_ASKED = "Rows of"
"""What begins a question in rows: an adapter that reads whole articles is on from these words."""
_NUMBER = re.compile(r"\[\s*(\d{1,4})\s*\]")


def render_passage(passage: Passage, form: Form = "short") -> str:
    """The user turn: the passage as data, the mentions on offer, the request once more."""
    lines = ["<news>"]
    if passage.title:
        lines.append(f"Title: {as_data(passage.title)}")
    if passage.before:
        lines.append(f"Before: {as_data(passage.before.text)}")
    for sentence in passage.shown:
        lines.append(_numbered(sentence))
        if form != "short":
            lines += _offers_of(sentence.id, passage.offers)
    lines.append("</news>")
    if form == "rows":
        # Once more: what is read above, an adapter that is on from here has not seen.
        asked = (
            line
            for sentence in passage.sentences
            for line in (_numbered(sentence), *_offers_of(sentence.id, passage.offers))
        )
        return "\n".join((*lines, ROWS_ASKED, *asked))
    if form == "short":
        lines += _offer_lines(passage)
    wanted = " and ".join(KINDS[record_type].drafted for record_type in passage.record_types)
    span = passage.numbers
    cited = f"[{span[0]}]" if len(span) == 1 else f"[{span[0]}] to [{span[-1]}]"
    lines.append(f"List the {wanted} of {cited} as JSON.")
    return "\n".join(lines)


def render_answer(
    drafts: Mapping[RecordType, Sequence[AnyDraft]], offers: Offers, unasked: Collection[str] = ()
) -> str:
    """A short answer, with one space after separators and none elsewhere."""
    lists = {
        KINDS[record_type].drafted: [
            draft.model_dump(mode="json", exclude={*unasked, *offers.idle_fields})
            for draft in expected
        ]
        for record_type, expected in drafts.items()
    }
    return json.dumps(lists, ensure_ascii=False)


def render_whole_answer(drafts: Mapping[RecordType, Sequence[AnyDraft]]) -> str:
    """An answer about a whole article, without blanks: a hosted model is paid by the token."""
    lists = {
        KINDS[record_type].drafted: [draft.model_dump(mode="json") for draft in expected]
        for record_type, expected in drafts.items()
    }
    return json.dumps(lists, ensure_ascii=False, separators=(",", ":"))


def as_data(text: str) -> str:
    """The text with nothing in it that could pass for a part of the conversation.

    The article cannot close its own frame or open a second one, end the turn in which it is shown,
    or number a sentence.
    """
    return _NUMBER.sub(r"(\1)", _TAG.sub("(", text))


def _numbered(sentence: Sentence) -> str:
    return f"[{sentence.id}] {as_data(sentence.text)}"


def _offer_lines(passage: Passage) -> list[str]:
    offers = passage.offers
    lines = []
    if "commitment" in passage.record_types:
        lines += [_offer_line("money", offers.money), _offer_line("counts", offers.counts)]
    return [*lines, _offer_line("dates", offers.dates)]


def _offer_line(label: str, offered: Sequence[Offer[Mention]]) -> str:
    listed = ", ".join(_shown(offer) for offer in offered)
    return f"{label}: {listed or 'none'}"


def _offers_of(number: int, offers: Offers) -> list[str]:
    """A line with the offers of a sentence, right below it."""
    own = [_shown(offer) for offer in offers.mentions if offer.sentence == number]
    return [f"    {', '.join(own)}"] if own else []


def _shown(offer: Offer[Mention]) -> str:
    return f'{offer.id} "{as_data(offer.raw)}"'
