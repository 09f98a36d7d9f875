"""Predictions and labels made for a test."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from eval.gold import (
    GoldCommitment,
    GoldDocument,
    GoldEvent,
    GoldEvidence,
    GoldFile,
    GoldRecord,
    HardNegative,
)
from eval.scoring import Case
from extractor.records import (
    Actor,
    ArticleInfo,
    Commitment,
    Count,
    DateValue,
    Evidence,
    Extraction,
    Money,
    PolicyEvent,
    Provenance,
    StageSeconds,
    TextSpan,
    Usage,
)

TEXT = "The first sentence stands here. A second one follows it. Related: a sidebar stands there."
BODY = TextSpan(start=0, end=57)
FIRST, SECOND, SIDEBAR = (0, 31), (32, 56), (57, 89)
_LABEL_ONLY = {"tier", "accept_also", "cross_doc_key", "annotator_note"}


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
    return Extraction(
        article=ArticleInfo(
            article_id=None,
            title=None,
            source_url=None,
            sha256=gold.document.sha256,
            characters=len(TEXT),
            language=gold.document.language,
            published_at=None,
            body_span=gold.document.body_span,
            sentences=2,
        ),
        commitments=[
            Commitment.model_validate(_as_prediction(record))
            for record in (gold.commitments if commitments is None else commitments)
        ],
        policy_events=[
            PolicyEvent.model_validate(_as_prediction(record))
            for record in (gold.policy_events if events is None else events)
        ],
        rejected=[],
        notices=[],
        provenance=Provenance(
            schema_version="1.0",
            code_version="0",
            model="scripted",
            model_digest=None,
            strategy="passage",
            prompts=[],
            temperature=0.0,
            max_tokens=1,
            seed=0,
        ),
        usage=Usage(
            calls=0,
            repairs=0,
            prompt_tokens=0,
            cached_tokens=0,
            output_tokens=0,
            cost_usd=0.0,
            seconds=StageSeconds(read=0, fill=0, check=0, total=0),
        ),
    )


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


def _as_prediction(record: GoldRecord) -> dict[str, object]:
    evidence = [Evidence(**item.model_dump(), sentence=1) for item in record.evidence]
    content = record.model_dump(exclude=_LABEL_ONLY)
    return {**content, "evidence": evidence, "verdicts": []}
