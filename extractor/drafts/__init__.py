"""What a model fills: forms, the schema that bounds a reply, and the reading of replies.

The model cites sentences and offered mentions; it never writes offsets, figures, numbers in units
or dates. The schema bounds the reply, and reading checks it again, item by item, because
constraining is best effort.
"""

from __future__ import annotations

from extractor.drafts.forms import FORMS, AnyDraft, Form, record_type_of, sentences_of
from extractor.drafts.offers import Mention, Offer, Offers
from extractor.drafts.reading import Answer, DraftItem, InvalidItem, read_answer
from extractor.drafts.rows import rows_grammar, write_rows
from extractor.drafts.schema import (
    MAX_ITEMS,
    answer_schema,
    portable_schema,
    short_schema,
    whole_schema,
)
from extractor.drafts.short import DraftCommitment, DraftEvent
from extractor.drafts.whole import CommitmentDate, EventDate, WholeCommitment, WholeEvent

__all__ = [
    "FORMS",
    "MAX_ITEMS",
    "Answer",
    "AnyDraft",
    "CommitmentDate",
    "DraftCommitment",
    "DraftEvent",
    "EventDate",
    "Form",
    "InvalidItem",
    "DraftItem",
    "Mention",
    "Offer",
    "Offers",
    "WholeCommitment",
    "WholeEvent",
    "answer_schema",
    "portable_schema",
    "read_answer",
    "record_type_of",
    "rows_grammar",
    "sentences_of",
    "short_schema",
    "whole_schema",
    "write_rows",
]
