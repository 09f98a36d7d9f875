"""Predictions and labels made for a test."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from eval.judging.annotators import labels_as_prediction
from eval.labels.dataset import LabelledArticle
from eval.labels.gold import (
    GoldCommitment,
    GoldDocument,
    GoldEvent,
    GoldEvidence,
    GoldFile,
    HardNegative,
)
from eval.scoring.documents import Case
from extractor.records import (
    Actor,
    Count,
    DateValue,
    Extraction,
    Money,
    TextSpan,
)

TEXT = "The first sentence stands here. A second one follows it. Related: a sidebar stands there."
BODY = TextSpan(start=0, end=57)
FIRST, SECOND, SIDEBAR = (0, 31), (32, 56), (57, 89)


def party(name: str, country: str | None = None) -> Actor:
    """A company, or the government of a country."""
    kind = "government" if country else "company"
    return Actor.model_validate({"name": name, "canonical": name, "type": kind, "country": country})


def money(value: float | None, currency: str | None = "USD", /, **changes: object) -> Money:
    """An amount paid once and in total."""
    fields: dict[str, object] = {
        "value": value,
        "value_max": None,
        "currency": currency,
        "qualifier": "exact",
        "per": "once",
        "scope": "total",
        "raw": "as written",
        "converted": [],
    }
    return Money.model_validate({**fields, **changes})


def count(value: float, unit: str) -> Count:
    """A quantity."""
    fields = money(value).model_dump(exclude={"currency", "converted"})
    return Count.model_validate({**fields, "unit": unit})


def day(edtf: str | None, /, **changes: object) -> DateValue:
    """A date."""
    fields = {"edtf": edtf, "text": "then", "basis": "explicit", "modifier": None}
    return DateValue.model_validate({**fields, **changes})


def pledge(name: str = "C1", /, **changes: object) -> GoldCommitment:
    """A label: a company funds a state."""
    fields: dict[str, object] = {
        **_shared(name),
        "actors": [party("Alderon")],
        "recipients": [party("Norway", "NO")],
        "announced_by": [],
        "resource_kind": "funding",
        "finance_role": "provide",
        "amount": money(40_000_000),
        "quantity": None,
        "status": "announced",
        "announced_on": None,
        "start": None,
        "deadline": day("2027"),
        "duration": None,
        "aggregation": None,
    }
    return GoldCommitment.model_validate({**fields, **changes})


def act(name: str = "E1", /, **changes: object) -> GoldEvent:
    """A label: a state adopts a law."""
    fields: dict[str, object] = {
        **_shared(name),
        "event_type": "law_or_regulation",
        "actors": [party("Norway", "NO")],
        "targets": [],
        "jurisdictions": ["NO"],
        "instrument": None,
        "status": "adopted",
        "date": day("2026-05-04"),
        "deadline": None,
        "related_commitments": [],
    }
    return GoldEvent.model_validate({**fields, **changes})


def label_file(
    commitments: Sequence[GoldCommitment] = (),
    events: Sequence[GoldEvent] = (),
    *,
    name: str = "one",
    language: str = "en",
    traps: Sequence[HardNegative] = (),
) -> GoldFile:
    """The labels of an article."""
    return GoldFile(
        guidelines_version="1",
        annotator="t",
        document=GoldDocument.model_validate(
            {
                "file": f"{name}.txt",
                "language": language,
                "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
                "body_span": BODY,
                "reference_date": None,
            }
        ),
        commitments=list(commitments),
        policy_events=list(events),
        hard_negatives=list(traps),
        ambiguous=[],
    )


def predicted(
    gold: GoldFile,
    commitments: Sequence[GoldCommitment] | None = None,
    events: Sequence[GoldEvent] | None = None,
) -> Extraction:
    """A prediction that says what some labels say: without lists, those of the file."""
    said = {
        "commitments": gold.commitments if commitments is None else list(commitments),
        "policy_events": gold.policy_events if events is None else list(events),
    }
    return labels_as_prediction(LabelledArticle("one", TEXT, gold.model_copy(update=said)))


def case(
    gold: Sequence[GoldCommitment],
    prediction: Sequence[GoldCommitment] | None,
    *,
    name: str = "one",
    language: str = "en",
    traps: Sequence[HardNegative] = (),
) -> Case:
    """Commitments against commitments; None: no usable prediction."""
    labels = label_file(gold, name=name, language=language, traps=traps)
    reply = None if prediction is None else predicted(labels, prediction)
    return Case(labels, reply, TEXT)


def quote(span: tuple[int, int] = FIRST) -> GoldEvidence:
    """A stretch of the text."""
    return GoldEvidence(start=span[0], end=span[1], quote=TEXT[slice(*span)])


def _shared(name: str) -> dict[str, object]:
    return {
        "id": name,
        "title": "",
        "certainty": "asserted",
        "places": [],
        "part_of": None,
        "evidence": [quote()],
        "tier": "core",
        "accept_also": {},
        "cross_doc_key": None,
        "annotator_note": "",
    }
