"""Speed of the harness: resampling and scoring against their bars."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from eval.judging.annotators import labels_as_prediction
from eval.labels.dataset import LabelledArticle
from eval.labels.gold import GoldCommitment, GoldDocument, GoldFile
from eval.scoring.counts import COLUMNS, metric_named
from eval.scoring.documents import Case, score_documents
from eval.scoring.rules import load_rules
from eval.statistics.intervals import bootstrap_interval
from eval.statistics.resampling import random_source
from extractor.records import Actor, TextSpan

DOCUMENTS: Final = 1_000
RECORDS: Final = 20
RESAMPLES: Final = 10_000
_SEED: Final = 0
_ONSETS: Final = ("b", "br", "d", "f", "g", "gr", "k", "l", "m", "n", "p", "qu", "s", "st", "t")
_VOWELS: Final = ("a", "e", "i", "o", "u", "ai", "é", "ô")
_ENDINGS: Final = ("Energy", "Group", "Capital", "Works", "Systems", "Institute", "de Paris", "Ltd")
_KINDS: Final = ("funding", "equity", "purchase", "facility", "compute")
_STATUSES: Final = ("planned", "announced", "agreed", "in_progress")


@dataclass(frozen=True, slots=True)
class Timing:
    """How long something took, in seconds, and how long it may take."""

    what: str
    bar: float
    clock: float
    process: float

    @property
    def is_met(self) -> bool:
        """Whether the clock stayed below the bar."""
        return self.clock < self.bar


def time_resampling() -> Timing:
    """The interval of one score of many documents."""
    rows = random_source(_SEED).integers(0, RECORDS, size=(DOCUMENTS, len(COLUMNS)))
    slot_f1 = metric_named("slot_f1")
    return _timed(
        f"{RESAMPLES:,} resamples of {DOCUMENTS:,} documents",
        2,
        lambda: bootstrap_interval(rows, slot_f1, resamples=RESAMPLES, seed=_SEED),
    )


def time_scoring() -> Timing:
    """Every score of many documents, whose records are of one kind: so most might be pairs."""
    rules, rng = load_rules(), random_source(_SEED)
    cases = [synthetic_case(f"synthetic-{number}", RECORDS, rng) for number in range(DOCUMENTS)]
    return _timed(
        f"scores of {DOCUMENTS:,} documents of {RECORDS} records",
        20,
        lambda: score_documents(cases, rules),
    )


def _timed(what: str, bar: float, work: Callable[[], object]) -> Timing:
    clock, process = time.perf_counter(), time.process_time()
    work()
    process = time.process_time() - process
    return Timing(what, bar, time.perf_counter() - clock, process)


def synthetic_case(name: str, records: int, rng: np.random.Generator) -> Case:
    """An invented article with its labels, and a prediction with a fault in most records."""
    pledges: list[GoldCommitment] = []
    start = 0
    for number in range(1, records + 1):
        pledges.append(_pledge(f"C{number}", start, rng))
        start = pledges[-1].evidence[0].end + 1
    text = "".join(f"{pledge.title}\n" for pledge in pledges)
    document = GoldDocument(
        file=f"{name}.txt",
        language="en",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        body_span=TextSpan(start=0, end=len(text)),
        reference_date=None,
    )
    gold = GoldFile(
        guidelines_version="1",
        annotator="synthetic",
        document=document,
        commitments=pledges,
        policy_events=[],
        hard_negatives=[],
        ambiguous=[],
    )
    guesses = gold.model_copy(update={"commitments": [_spoiled(one, rng) for one in pledges]})
    return Case(gold, labels_as_prediction(LabelledArticle(name, text, guesses)), text)


def _pledge(name: str, start: int, rng: np.random.Generator) -> GoldCommitment:
    payer, recipient = _name(rng), _name(rng)
    millions, year = int(rng.integers(1, 1000)), str(rng.integers(2025, 2040))
    sentence = f"{payer} will pay {recipient} ${millions} million by {year}."
    return GoldCommitment.model_validate(
        {
            "id": name,
            "title": sentence,
            "certainty": "asserted",
            "places": [],
            "part_of": None,
            "evidence": [{"start": start, "end": start + len(sentence), "quote": sentence}],
            "tier": "core",
            "accept_also": {},
            "cross_doc_key": None,
            "annotator_note": "",
            "actors": [_company(payer)],
            "recipients": [_company(recipient)],
            "announced_by": [],
            "resource_kind": _pick(_KINDS, rng),
            "finance_role": "provide",
            "amount": {
                "value": millions * 1_000_000,
                "value_max": None,
                "currency": "USD",
                "qualifier": "exact",
                "per": "once",
                "scope": "total",
                "raw": f"${millions} million",
                "converted": [],
            },
            "quantity": None,
            "status": _pick(_STATUSES, rng),
            "announced_on": None,
            "start": None,
            "deadline": {"edtf": year, "text": year, "basis": "explicit", "modifier": None},
            "duration": None,
            "aggregation": None,
        }
    )


def _spoiled(pledge: GoldCommitment, rng: np.random.Generator) -> GoldCommitment:
    fault = _pick(("none", "payer", "letter", "magnitude", "recipient", "status"), rng)
    payer = pledge.actors[0].name
    changes: dict[str, object] = {}
    if fault == "payer":
        changes["actors"] = [_company(_name(rng))]
    elif fault == "letter":
        changes["actors"] = [_company(f"{payer[:2]}{payer[3:]}")]
    elif fault == "magnitude" and pledge.amount and pledge.amount.value:
        changes["amount"] = pledge.amount.model_copy(update={"value": 10 * pledge.amount.value})
    elif fault == "recipient":
        changes["recipients"] = [_company(_name(rng))]
    elif fault == "status":
        changes["status"] = _pick(_STATUSES, rng)
    return pledge.model_copy(update=changes)


def _company(name: str) -> Actor:
    return Actor(name=name, canonical=name, type="company", country=None)


def _name(rng: np.random.Generator) -> str:
    syllables = [f"{_pick(_ONSETS, rng)}{_pick(_VOWELS, rng)}" for _ in range(5)]
    words = "".join(syllables[:2]), "".join(syllables[2:])
    return f"{words[0].capitalize()} {words[1].capitalize()} {_pick(_ENDINGS, rng)}"


def _pick(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]
