"""Codes of the schema in words for readers of pages: what proves a value, what objects to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from extractor.article.cuts import CutReason
from extractor.records import DoubtRule, RejectReason, Verdict

VERDICTS: Final[Mapping[Verdict, str]] = {
    "exact": "as written",
    "normalised": "read from the words",
    "inferred": "told by other words",
    "classified": "the model's choice",
    "derived": "follows from other values",
}
VERDICTS_EXPLAINED: Final[Mapping[Verdict, str]] = {
    "exact": "The cited sentence has these very words.",
    "normalised": "The cited sentence has the words; the value is what they mean.",
    "inferred": "Told elsewhere in the article, or by a cue word.",
    "classified": "Chosen from a closed list: no words can prove it.",
    "derived": "Follows from other values of the record.",
}
DOUBTS: Final[Mapping[DoubtRule, str]] = {
    "negated": "the words deny it",
    "hedge_disagrees": "the words hedge otherwise",
    "status_disagrees": "the words tell another status",
    "withdrawn": "another clause tells of a withdrawal",
    "untold": "no word says that it is promised or done",
    "no_authority": "no word names a public authority",
    "unworded": "the title is hardly in the sentences",
    "unspecific": "no figure, recipient or place",
    "roles_swapped": "giver and receiver may be swapped",
    "common_noun": "the party has no name",
    "party_elsewhere": "another sentence names the party",
    "not_mobilised": "no word of raising money",
}
REASONS: Final[Mapping[RejectReason, str]] = {
    "not_in_evidence": "no cited sentence says it",
    "negated": "the words deny it",
    "hedge_disagrees": "the words hedge otherwise",
    "status_disagrees": "the words tell another status",
    "evidence_outside_body": "it was cited from outside the article's body",
    "fails_definition": "it is not what counts as such a record",
    "copied_from_prompt": "it was copied from an example, not from the article",
    "invalid_draft": "the model's answer could not be used",
    "below_confidence": "too unlikely to be shown as a record",
}
CUTS: Final[Mapping[CutReason, str]] = {
    "page_furniture": "page furniture, not read",
    "caption": "caption, not read",
    "addressed_to_a_program": "speaks to a program, not read",
    "footnote_mark": "mark of a footnote, not read",
}
# The least confidence for each wording, the surest first.
_SURE: Final = (
    (0.95, "almost certain"),
    (0.8, "likely"),
    (0.6, "rather likely"),
    (0.4, "open"),
    (0.0, "doubtful"),
)


def confidence_in_words(confidence: float | None) -> str:
    """How likely the article states the record, in words and in per cent."""
    if confidence is None:
        return "not estimated"
    words = next(words for least, words in _SURE if confidence >= least)
    # Never rounded up to certainty, nor down to impossibility.
    return f"{words}, {min(max(round(confidence * 100), 1), 99)} %"
