"""Predictions are paired with labels by content, order-free, and never twice."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from eval.labels.gold import GoldCommitment, GoldEvent
from eval.scoring.alignment import Aligner, Alignment
from eval.scoring.assignment import heaviest_pairs
from eval.scoring.canonical import Canonicaliser
from eval.scoring.rules import load_rules
from eval.scoring.similarity import Comparer
from tests.eval.predictions import SECOND, act, count, day, money, party, pledge, quote

RULES = load_rules()
CANONICAL = Canonicaliser(RULES)
COMPARER = Comparer(RULES)


def aligned(gold: list[GoldCommitment], predicted: list[GoldCommitment]) -> Alignment:
    """Commitments against commitments."""
    return Aligner(RULES, "commitment", COMPARER).align(
        [CANONICAL.record(record) for record in gold],
        [CANONICAL.record(record) for record in predicted],
    )


def events_pair(gold: GoldEvent, predicted: GoldEvent) -> bool:
    """Whether two events are a pair."""
    aligner = Aligner(RULES, "policy_event", COMPARER)
    return bool(aligner.align([CANONICAL.record(gold)], [CANONICAL.record(predicted)]).pairs)


def places(alignment: Alignment) -> set[tuple[int, int]]:
    return {(pair.gold, pair.predicted) for pair in alignment.pairs}


@given(
    arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(0, 1))
)
def test_no_permutation_weighs_more_than_the_pairs_found(weights: NDArray[np.float64]) -> None:
    pairs = heaviest_pairs(weights)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    narrow = weights if weights.shape[0] <= weights.shape[1] else weights.T
    best = max(
        sum(narrow[row, column] for row, column in enumerate(columns))
        for columns in permutations(range(narrow.shape[1]), narrow.shape[0])
    )
    assert sum(weights[pair] for pair in pairs) == pytest.approx(best)


def test_gating_before_the_assignment_keeps_a_pair_that_gating_after_it_loses() -> None:
    similarity = np.array([[0.57, 0.99], [0.43, 0.84]])
    after = [pair for pair in heaviest_pairs(similarity) if similarity[pair] >= 0.5]
    before = heaviest_pairs(np.where(similarity >= 0.5, similarity, 0))
    assert (len(before), len(after)) == (2, 1)


def test_pairs_follow_content_and_not_position() -> None:
    first, second = pledge("a"), pledge("b", actors=[party("Zyx Quill")], amount=money(7e9))
    assert places(aligned([first, second], [second, first])) == {(0, 1), (1, 0)}


def test_a_repeated_prediction_is_paired_once() -> None:
    alignment = aligned([pledge()], [pledge(), pledge()])
    assert len(alignment.pairs) == 1
    assert len(alignment.spurious) == 1


def test_sharing_a_party_alone_is_no_pair() -> None:
    other = pledge(
        resource_kind="jobs", finance_role=None, recipients=[], amount=None, deadline=None
    )
    assert not aligned([pledge()], [other]).pairs


def test_sharing_the_figure_without_a_party_is_no_pair() -> None:
    others = {"actors": [party("Zyx Quill")], "recipients": [party("Chile", "CL")]}
    assert not aligned([pledge()], [pledge(**others)]).pairs


def test_a_record_that_names_no_party_pairs_by_two_other_contents() -> None:
    anonymous: dict[str, object] = {"actors": [], "recipients": [], "deadline": None}
    figure = pledge(**anonymous)
    assert aligned([figure], [figure]).pairs
    assert aligned([figure], [pledge(**{**anonymous, "actors": [party("The plant")]})]).pairs
    other = pledge(**anonymous, resource_kind="jobs")
    assert not aligned([other], [pledge(**anonymous, resource_kind="skills")]).pairs


def test_a_count_tells_commitments_without_money_apart() -> None:
    bare = {"amount": None, "finance_role": None, "resource_kind": "output", "deadline": None}
    buses, nurses = count(39, "bus"), count(500, "nurse")
    gold = [pledge("a", **bare, quantity=buses), pledge("b", **bare, quantity=nurses)]
    assert places(aligned(gold, gold[::-1])) == {(0, 1), (1, 0)}


def test_events_need_their_type_and_one_more_thing() -> None:
    assert events_pair(act(), act(date=None))
    assert not events_pair(act(), act(event_type="meeting"))
    elsewhere = act(actors=[party("Chile", "CL")], jurisdictions=["CL"], date=day("2031"))
    assert not events_pair(act(), elsewhere)


def test_between_equal_pairs_the_one_with_more_fields_right_wins() -> None:
    detailed = pledge("a", duration="P2Y")
    alignment = aligned([detailed], [pledge("x"), pledge("y", duration="P2Y")])
    assert places(alignment) == {(0, 1)}


def test_between_equal_pairs_the_one_with_the_same_quote_wins() -> None:
    second = {"evidence": [quote(SECOND)]}
    gold = [pledge("a"), pledge("b", **second)]
    assert places(aligned(gold, [pledge("x", **second), pledge("y")])) == {(0, 1), (1, 0)}


def test_what_is_found_does_not_depend_on_who_is_asked_first() -> None:
    near = [pledge(str(value), amount=money(value)) for value in (400, 410, 428, 500)]
    for order in permutations(range(4)):
        shuffled = aligned(near, [near[place] for place in order])
        assert {(row, order[column]) for row, column in places(shuffled)} == {
            (0, 0), (1, 1), (2, 2), (3, 3),
        }  # fmt: skip
