"""Known numbers from the literature and from other scorers come out of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from anls_star import anls_score
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from eval.labels.dataset import LabelledArticle, load_corpora
from eval.labels.gold import GoldCommitment
from eval.scoring.alignment import Aligner
from eval.scoring.assignment import heaviest_pairs
from eval.scoring.canonical import Canonicaliser
from eval.scoring.counts import COLUMNS, Tally, metrics_of
from eval.scoring.documents import Case, score_documents
from eval.scoring.rules import RECORD_TYPES, Critical, Gate, RecordRules, load_rules
from eval.scoring.similarity import Comparer, Outcome, edit_similarity
from tests.eval.predictions import case, day, money, party, pledge, predicted

ROOT = Path(__file__).parent.parent.parent
RULES = load_rules()
LABELLED = [
    item
    for corpus in load_corpora([ROOT / "gold", ROOT / "gold" / "challenge"], ())
    for item in corpus.items
]


@pytest.mark.parametrize("item", LABELLED, ids=lambda item: item.name)
def test_the_labels_of_every_committed_article_score_perfectly_against_themselves(
    item: LabelledArticle,
) -> None:
    corpus = score_documents([Case(item.gold, predicted(item.gold), item.text)], RULES)
    for record_type in RECORD_TYPES:
        found = corpus.micro(record_type)
        for name in ("slot", "lenient_slot", "detection", "strict", "soft"):
            parts = [found[f"{name}_{part}"] for part in ("precision", "recall", "f1")]
            assert parts == pytest.approx([1, 1, 1]), f"{record_type} {name}"
        assert found["grounding_rate"] == found["evidence_hit_rate"] == 1
        assert found["inflation_ratio"] == found["sum_check_rate"] == 1
        assert corpus.documents[0].of(record_type).mistakes == ()


# The worked fixture: equal weights, exact strings, a date within another partly right.

FIXTURE_FIELDS = (
    "actors", "recipients", "amount", "currency", "resource_kind", "deadline", "status",
)  # fmt: skip
FIXTURE_RULES = RULES.model_copy(
    update={
        "commitment": RecordRules(
            weights=dict.fromkeys(FIXTURE_FIELDS, 1.0),
            gate=Gate(
                anchors=["actors", "recipients"],
                further=["actors", "recipients", "amount", "resource_kind", "deadline"],
                unanchored=[],
            ),
            critical=Critical(always=["actors", "status"], figures=["amount"], without_figures=[]),
            near={},
        )
    }
)


def _fixture(actor: str, recipient: str | None, amount: object, **rest: object) -> GoldCommitment:
    return pledge(
        actors=[party(actor)],
        recipients=[party(recipient)] if recipient else [],
        amount=amount,
        **rest,
    )


FIXTURE_GOLD = [
    _fixture(
        "WB", "VN", money(200e6), resource_kind="funding", deadline=day("2026-12"),
        status="announced",
    ),
    _fixture(
        "AFD", "Hue", money(50e6, "EUR"), resource_kind="equity", deadline=None, status="agreed"
    ),
]  # fmt: skip
FIXTURE_GUESSES = [
    _fixture(
        "AFD", None, money(50e6, "EUR"), resource_kind="funding", deadline=None, status="agreed"
    ),
    _fixture(
        "WB", "VN", money(20e6), resource_kind="funding", deadline=day("2026"), status="announced"
    ),
    _fixture("JICA", "VN", None, resource_kind="funding", deadline=None, status="announced"),
]


def test_the_worked_fixture_has_the_similarities_worked_out_by_hand() -> None:
    canonical = Canonicaliser(FIXTURE_RULES)
    aligner = Aligner(FIXTURE_RULES, "commitment", Comparer(FIXTURE_RULES))
    gold = [canonical.record(record) for record in FIXTURE_GOLD]
    guesses = [canonical.record(record) for record in FIXTURE_GUESSES]
    similarity = [[aligner.record_similarity(one, other) for other in guesses] for one in gold]
    expected = [[0.1429, 0.7857, 0.4286], [0.6667, 0, 0]]
    assert np.round(similarity, 4).tolist() == expected
    pairs = {(pair.gold, pair.predicted) for pair in aligner.align(gold, guesses).pairs}
    assert pairs == {(0, 1), (1, 0)}


def test_the_worked_fixture_has_the_scores_worked_out_by_hand() -> None:
    corpus = score_documents([case(FIXTURE_GOLD, FIXTURE_GUESSES)], FIXTURE_RULES)
    expected = {
        "slot_recall": 0.7308,
        "slot_precision": 0.5938,
        "slot_f1": 0.6552,
        "detection_precision": 0.6667,
        "detection_recall": 1.0,
        "detection_f1": 0.8,
        "soft_f1": 0.5810,
        "slot_overgeneration": 0.25,
        "slot_undergeneration": 0.0769,
        "slot_substitution": 0.2083,
        "slot_error_per_fill": 0.4412,
    }
    found = corpus.micro("commitment")
    # 19/32 lies exactly between two numbers of four digits.
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=5.1e-5)
    fills = sum(
        np.array(list(_outcomes(corpus.rows("commitment")[0], field))) for field in FIXTURE_FIELDS
    )
    assert np.asarray(fills).tolist() == [9, 1, 2, 1, 4, 1]


def _outcomes(row: NDArray[np.float64], field: str) -> Outcome:
    place = COLUMNS.index(f"{field}.COR")
    return Outcome(*(int(value) for value in row[place : place + 6]))


# MUC-4: counts and printed figures of three official system runs.


@pytest.mark.parametrize(
    ("fills", "possible", "actual", "recall", "precision", "overgeneration", "f1"),
    [
        ((889, 143, 100, 529, 637), 1661, 1769, 58, 54, 36, 55.93),
        ((678, 147, 141, 636, 344), 1602, 1310, 47, 57, 26, 51.52),
        ((732, 94, 74, 351, 580), 1251, 1480, 62, 53, 39, 57.15),
    ],
    ids=["GE TST3", "UMASS TST3", "GE TST4"],
)
def test_the_official_figures_of_muc_4_follow_from_their_counts(
    fills: tuple[int, int, int, int, int],
    possible: int,
    actual: int,
    recall: int,
    precision: int,
    overgeneration: int,
    f1: float,
) -> None:
    correct, partial, incorrect, missing, spurious = fills
    assert correct + partial + incorrect + missing == possible
    assert correct + partial + incorrect + spurious == actual
    found = _scores_of(COR=correct, PAR=partial, INC=incorrect, MIS=missing, SPU=spurious)
    assert round(100 * found["slot_recall"]) == recall
    assert round(100 * found["slot_precision"]) == precision
    assert round(100 * found["slot_overgeneration"]) == overgeneration
    # MUC computed F from the rounded figures, so that ours may differ by their rounding.
    assert 2 * recall * precision / (recall + precision) == pytest.approx(f1, abs=0.005)
    assert 100 * found["slot_f1"] == pytest.approx(f1, abs=0.5)


def _scores_of(**fills: int) -> dict[str, float]:
    tally = Tally()
    for category, count in fills.items():
        tally.add(f"actors.{category}", count)
    return metrics_of(tally.row)


# CEAF: sets of mentions, aligned by what they share.

Clusters = list[set[int]]


def _shared(one: set[int], other: set[int]) -> float:
    return float(len(one & other))


def _dice(one: set[int], other: set[int]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _ceaf(
    gold: Clusters, guesses: Clusters, phi: Callable[[set[int], set[int]], float]
) -> tuple[float, float, float]:
    table = np.array([[phi(one, other) for other in guesses] for one in gold])
    total = sum(float(table[pair]) for pair in heaviest_pairs(table))
    tally = Tally()
    tally.add("similarity", total)
    tally.add("gold", sum(phi(one, one) for one in gold))
    tally.add("predicted", sum(phi(one, one) for one in guesses))
    found = metrics_of(tally.row)
    return found["soft_precision"], found["soft_recall"], found["soft_f1"]


def test_the_ceaf_example_of_pradhan_comes_out() -> None:
    gold, guesses = [{1, 2, 3}, {4, 5, 6, 7}], [{1, 2}, {3, 4}, {6, 7, 8, 9}]
    assert _ceaf(gold, guesses, _dice) == pytest.approx((0.4333, 0.65, 0.52), abs=5e-5)


LUO_GOLD: Clusters = [{1}, {2, 3}, {4, 5, 6}]


@pytest.mark.parametrize(
    ("guesses", "entity", "mention"),
    [
        (LUO_GOLD, 1.0, 1.0),
        ([{1}, {4, 5}], 0.72, 0.667),
        ([{1}, {2, 3, 7}, {4, 5, 6, 8}, {9}], 0.759, 0.8),
        ([{1}, {2, 3, 7}, {4, 8}, {9}], 0.629, 0.615),
    ],
    ids=["A-1", "A-2", "A-3", "A-4"],
)
def test_the_ceaf_examples_of_luo_come_out(
    guesses: Clusters, entity: float, mention: float
) -> None:
    assert _ceaf(LUO_GOLD, guesses, _dice)[2] == pytest.approx(entity, abs=5e-4)
    assert _ceaf(LUO_GOLD, guesses, _shared)[2] == pytest.approx(mention, abs=5e-4)


# ACE: two events, their arguments as (mention, role).

Arguments = Mapping[str, set[tuple[int, str]]]
ACE_GOLD: Arguments = {
    "die": {(4, "place"), (15, "victim"), (38, "instrument")},
    "attack": {(38, "instrument"), (4, "place"), (15, "target"), (65, "target")},
}
ACE_GUESSES: Arguments = {
    "die": {(65, "place"), (15, "victim")},
    "attack": {(38, "attacker"), (4, "place"), (65, "target")},
}


@pytest.mark.parametrize(
    ("with_roles", "expected"), [(False, (0.8, 0.571, 0.667)), (True, (0.6, 0.429, 0.5))]
)
def test_the_ace_example_comes_out(with_roles: bool, expected: tuple[float, float, float]) -> None:
    correct = missing = spurious = 0
    for trigger, gold in ACE_GOLD.items():
        guesses = sorted(ACE_GUESSES[trigger])
        same = [
            [one == other if with_roles else one[0] == other[0] for other in guesses]
            for one in sorted(gold)
        ]
        levels = np.array(same, dtype=np.float64)
        found = len(heaviest_pairs(levels))
        correct += found
        missing += levels.shape[0] - found
        spurious += levels.shape[1] - found
    scores = _scores_of(COR=correct, MIS=missing, SPU=spurious)
    parts = [scores[f"slot_{part}"] for part in ("precision", "recall", "f1")]
    assert parts == pytest.approx(expected, abs=5e-4)
    assert _scores_of(COR=2)["slot_f1"] == 1


# Other scorers, run beside ours.


def test_the_nested_example_of_anls_comes_out() -> None:
    gold = {"a": ("hello", "world"), "b": ["this", "is", "a", "test"]}
    guess = {"a": "hello!", "b": ["a", "test", "this", "be"]}
    assert anls_score(gold, guess) == pytest.approx(0.76667, abs=5e-6)
    choice = max(edit_similarity(word, str(guess["a"])) for word in gold["a"])
    table = np.array(
        [[edit_similarity(word, other, 0.5) for other in guess["b"]] for word in gold["b"]]
    )
    shared = sum(float(table[pair]) for pair in heaviest_pairs(table))
    assert (choice + shared) / (1 + len(gold["b"])) == pytest.approx(0.76667, abs=5e-6)


@given(
    arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=7), elements=st.floats(0, 1))
)
def test_metametric_finds_pairs_of_the_same_weight(weights: NDArray[np.float64]) -> None:
    dsl = import_module("metametric.dsl")  # It has no types.
    metric = dsl.set_matching[int, "<->"](dsl.from_func(lambda row, col: float(weights[row, col])))
    reference = metric.score(list(range(weights.shape[0])), list(range(weights.shape[1])))
    ours = sum(float(weights[pair]) for pair in heaviest_pairs(weights))
    assert ours == pytest.approx(reference)
