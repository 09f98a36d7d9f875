"""Reviewed: what people decided at the desk, as labels in our form, with where each is from.

Only readings that somebody finished are labels: in the others a record that is not there may only
not have been looked for.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from eval.errors import DatasetError
from eval.labels.dataset import load_corpus
from eval.labels.gold import (
    GoldCommitment,
    GoldDocument,
    GoldEvent,
    GoldEvidence,
    GoldFile,
    HardNegative,
    faults_of,
)
from extractor.desk.library import Library, NotInLibrary, OpenReading
from extractor.desk.reviews import ReviewedReading, Reviews
from extractor.kinds import AnyRecord
from extractor.records import Commitment
from extractor.results.reviews import ReviewedRecord

_GUIDELINES = "1"
_LINEAGE = "lineage.jsonl"


@dataclass(frozen=True, slots=True)
class ReviewedLabels:
    """The labels of one article, and the lines that say where each comes from."""

    name: str
    text: str
    gold: GoldFile
    lineage: tuple[dict[str, object], ...]
    told: str
    """What the review made of the reading, in a few words."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A finished review that is not exported, and why."""

    name: str
    why: str


def frozen_articles(folders: Sequence[Path]) -> frozenset[str]:
    """The digests of the articles of frozen labels, which no review may change or leak into.

    Raises:
        DatasetError: a folder holds no labels, so that nothing would be guarded.
        GoldError: labels in one cannot be used.
    """
    return frozenset(
        item.gold.document.sha256 for folder in folders for item in load_corpus(folder).items
    )


def reviewed_labels(
    store: str | Path, frozen: Collection[str]
) -> Iterator[ReviewedLabels | LeftOut]:
    """The labels of every article whose review is finished, or why there are none.

    Args:
        store: the address of the store.
        frozen: digests of articles that are left out.

    Raises:
        ConfigurationError: the store cannot be opened.
        StoreFailed: it does not answer.
    """
    library = Library(store)
    try:
        reviews = Reviews(library)
        # Of several readings of one article, the one that was finished last.
        readings: dict[str, OpenReading] = {}
        for key in library.finished():
            try:
                opened = library.open(key)
            except NotInLibrary as error:
                yield LeftOut(key[:16], error.detail)
            else:
                readings[opened.extraction.article.sha256] = opened
        for digest, opened in sorted(readings.items()):
            name = digest[:16]
            if digest in frozen:
                yield LeftOut(name, "its article is of a frozen split")
                continue
            yield _labels(name, reviews.of(opened))
    finally:
        library.close()


def write_labels(labels: Sequence[ReviewedLabels], folder: Path) -> None:
    """Write each article with its labels, and one file of where they come from.

    Raises:
        DatasetError: the folder holds other labels already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ours = {f"{one.name}.json" for one in labels}
    others = sorted(file.name for file in folder.glob("*.json") if file.name not in ours)
    if others and not (folder / _LINEAGE).exists():
        raise DatasetError(f"{folder} holds labels that are none of reviews: {others[0]}")
    for one in labels:
        (folder / f"{one.name}.txt").write_bytes(one.text.encode())
        content = json.dumps(one.gold.model_dump(mode="json"), indent=1, ensure_ascii=False)
        (folder / f"{one.name}.json").write_text(content + "\n", encoding="utf-8")
    lines = [json.dumps(line, ensure_ascii=False) for one in labels for line in one.lineage]
    (folder / _LINEAGE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _labels(name: str, reading: ReviewedReading) -> ReviewedLabels | LeftOut:
    extraction, article = reading.opened.extraction, reading.opened.article
    known = extraction.article
    right = [one for one in reading.records if one.standing == "right"]
    kept = {one.record.id for one in right}
    people = sorted({step.by for step in reading.steps})
    try:
        gold = GoldFile(
            guidelines_version=_GUIDELINES,
            annotator=", ".join(people),
            document=GoldDocument.model_validate(
                {
                    "file": f"{name}.txt",
                    "language": known.language[:2],
                    "sha256": known.sha256,
                    "body_span": known.body_span.model_dump(),
                    "reference_date": known.published_at,
                }
            ),
            commitments=[
                GoldCommitment.model_validate(_label(one.record, kept))
                for one in right
                if isinstance(one.record, Commitment)
            ],
            policy_events=[
                GoldEvent.model_validate(_label(one.record, kept))
                for one in right
                if not isinstance(one.record, Commitment)
            ],
            hard_negatives=list(_traps(reading, right)),
            ambiguous=[],
        )
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        return LeftOut(name, f"it does not fit the form of labels: {fields}")
    if faults := list(faults_of(gold, article.original.encode())):
        return LeftOut(name, "; ".join(faults))
    lineage = (
        *(_line(name, reading, one) for one in reading.records),
        _line_of_whole(name, reading),
    )
    return ReviewedLabels(name, article.original, gold, lineage, _told(reading))


def _label(record: AnyRecord, kept: Collection[str]) -> dict[str, object]:
    """A record in the form of a label; ties to rejected records are none."""
    told = record.model_dump(mode="json", exclude={"verdicts", "doubts", "confidence"})
    own: dict[str, object] = {
        "evidence": [_quoted(item.start, item.end, item.quote) for item in record.evidence],
        "part_of": record.part_of if record.part_of in kept else None,
        "tier": "core",
        "accept_also": {},
        "cross_doc_key": None,
        "annotator_note": "",
    }
    if not isinstance(record, Commitment):
        own["related_commitments"] = [one for one in record.related_commitments if one in kept]
    return {**told, **own}


def _quoted(start: int, end: int, quote: str) -> dict[str, object]:
    return GoldEvidence(start=start, end=end, quote=quote).model_dump()


def _traps(reading: ReviewedReading, right: Sequence[ReviewedRecord]) -> Iterator[HardNegative]:
    """What was rejected looks like a record and is none; unless its sentence states another."""
    cited = {item.sentence for one in right for item in one.record.evidence}
    for one in reading.records:
        first = one.record.evidence[0]
        if one.standing != "wrong" or first.sentence in cited:
            continue
        amount = one.record.amount if isinstance(one.record, Commitment) else None
        yield HardNegative(
            start=first.start,
            end=first.end,
            quote=first.quote,
            why=f"rejected in review by {one.history[-1].by}: {one.record.title}",
            trap_value=amount.value if amount else None,
        )


def _line(name: str, reading: ReviewedReading, one: ReviewedRecord) -> dict[str, object]:
    """Who decided what on a record, when, and from which reviews."""
    made = "added" if one.original is None else "changed" if one.is_changed else "as read"
    return {
        "file": f"{name}.txt",
        "record": one.record.id,
        "standing": one.standing,
        "made": made,
        "by": sorted({step.by for step in one.history}),
        "at": one.history[-1].at if one.history else None,
        "reviews": [step.id for step in one.history],
        "reading": reading.opened.key,
        "model": reading.opened.extraction.provenance.model,
    }


def _line_of_whole(name: str, reading: ReviewedReading) -> dict[str, object]:
    finished = reading.finished
    return {
        "file": f"{name}.txt",
        "record": None,
        "standing": "finished",
        "by": [finished.by] if finished else [],
        "at": finished.at if finished else None,
        "reviews": [finished.id] if finished else [],
        "reading": reading.opened.key,
    }


def _told(reading: ReviewedReading) -> str:
    right = [one for one in reading.records if one.standing == "right"]
    added = sum(one.original is None for one in right)
    changed = sum(one.is_changed for one in right)
    wrong = sum(one.standing == "wrong" for one in reading.records)
    as_read = len(right) - added - changed
    return f"{as_read} as read, {changed} changed, {added} added, {wrong} rejected"
