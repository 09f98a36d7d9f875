"""Which form a model fills: short ones about a sentence or in rows, whole ones about an article."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from extractor.drafts.short import DraftCommitment, DraftEvent
from extractor.drafts.whole import WholeCommitment, WholeEvent
from extractor.records import RecordType

Form = Literal["short", "whole", "rows"]
AnyDraft: TypeAlias = DraftCommitment | DraftEvent | WholeCommitment | WholeEvent

FORMS: Final[Mapping[Form, Mapping[RecordType, type[AnyDraft]]]] = {
    "short": {"commitment": DraftCommitment, "policy_event": DraftEvent},
    "whole": {"commitment": WholeCommitment, "policy_event": WholeEvent},
    "rows": {"commitment": DraftCommitment, "policy_event": DraftEvent},
}


def record_type_of(draft: AnyDraft) -> RecordType:
    """The kind of record that a draft is of."""
    return "commitment" if isinstance(draft, DraftCommitment | WholeCommitment) else "policy_event"


def sentences_of(draft: AnyDraft) -> tuple[int, ...]:
    """The numbers of the sentences that a draft cites, the one that states it first."""
    if isinstance(draft, WholeCommitment | WholeEvent):
        return tuple(dict.fromkeys(draft.sentences))
    return (draft.sentence,)
