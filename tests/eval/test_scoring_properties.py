"""What must hold of any labels and any predictions."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from eval.labels.gold import GoldCommitment
from eval.scoring.counts import COLUMNS, metrics_of
from eval.scoring.documents import CorpusScore, score_documents
from eval.scoring.rules import RecordRules, load_rules
from tests.eval.predictions import SECOND, case, count, day, money, party, pledge, quote

RULES = load_rules()
SCORES = ("slot", "lenient_slot", "detection", "strict", "soft")
# Similarities are rounded when pairs are weighed, so that sums may differ by that much.
ROUNDING = 1e-4

# Whole documents are scored, on machines that may be busy.
some_examples = settings(max_examples=40, deadline=None)

COMPANIES = [party(name) for name in ("Alderon", "Alderon Energy", "Briar", "Zyx Quill")]
STATES = [party("Norway", "NO"), party("Sweden", "SE")]
_amounts = st.one_of(
    st.none(),
    st.builds(
        money,
        st.sampled_from([40e6, 41e6, 400e6, 7e9]),
        st.sampled_from(["USD", "EUR"]),
    ),
)
_quantities = st.one_of(st.none(), st.builds(count, st.sampled_from([39, 40, 500]), st.just("bus")))
_dates = st.one_of(st.none(), st.builds(day, st.sampled_from(["2027", "2027-03", "2031"])))


@st.composite
def pledges(draw: st.DrawFn) -> GoldCommitment:
    """Commitments that often resemble each other."""
    return pledge(
        actors=draw(st.lists(st.sampled_from(COMPANIES), max_size=2)),
        recipients=draw(st.lists(st.sampled_from(STATES), max_size=1)),
        resource_kind=draw(st.sampled_from(["funding", "facility", "equity"])),
        amount=draw(_amounts),
        quantity=draw(_quantities),
        status=draw(st.sampled_from(["planned", "announced", "agreed"])),
        deadline=draw(_dates),
        evidence=[quote()] if draw(st.booleans()) else [quote(), quote(SECOND)],
    )


lists = st.lists(pledges(), max_size=5)
NOTHING_LIKE_IT = pledge(
    actors=[party("Umbra Works")],
    recipients=[],
    resource_kind="jobs",
    finance_role=None,
    amount=None,
    quantity=count(90_000, "nurse"),
    deadline=None,
    status="completed",
)


def corpus(gold: list[GoldCommitment], guesses: list[GoldCommitment] | None) -> CorpusScore:
    return score_documents([case(gold, guesses)], RULES)


def row(gold: list[GoldCommitment], guesses: list[GoldCommitment] | None) -> dict[str, float]:
    counts = corpus(gold, guesses).rows("commitment")[0]
    return dict(zip(COLUMNS, counts.tolist(), strict=True))


def scores(gold: list[GoldCommitment], guesses: list[GoldCommitment] | None) -> dict[str, float]:
    return corpus(gold, guesses).micro("commitment")


@some_examples
@given(lists, lists, st.randoms())
def test_the_order_of_records_changes_nothing(
    gold: list[GoldCommitment], guesses: list[GoldCommitment], dice: Random
) -> None:
    before = row(gold, guesses)
    shuffled = [sorted(records, key=lambda _: dice.random()) for records in (gold, guesses)]
    assert row(*shuffled) == pytest.approx(before)


@some_examples
@given(lists)
def test_labels_as_their_own_prediction_are_perfect(gold: list[GoldCommitment]) -> None:
    assume(all(record.actors or record.recipients for record in gold))
    found = scores(gold, gold)
    for name in SCORES:
        assert [found[f"{name}_{part}"] for part in ("precision", "recall", "f1")] == [1, 1, 1]


@some_examples
@given(lists, lists)
def test_swapping_the_sides_swaps_precision_and_recall(
    gold: list[GoldCommitment], guesses: list[GoldCommitment]
) -> None:
    one, other = scores(gold, guesses), scores(guesses, gold)
    assert one["soft_precision"] == pytest.approx(other["soft_recall"], abs=ROUNDING)
    assert one["soft_recall"] == pytest.approx(other["soft_precision"], abs=ROUNDING)
    assert one["soft_f1"] == pytest.approx(other["soft_f1"], abs=ROUNDING)


@some_examples
@given(lists, lists, pledges())
def test_one_more_prediction_never_lowers_the_sum_of_similarities(
    gold: list[GoldCommitment], guesses: list[GoldCommitment], more: GoldCommitment
) -> None:
    assert row(gold, [*guesses, more])["similarity"] >= row(gold, guesses)["similarity"] - ROUNDING


@some_examples
@given(lists, lists)
def test_a_prediction_like_no_label_lowers_every_precision_and_leaves_every_recall(
    gold: list[GoldCommitment], guesses: list[GoldCommitment]
) -> None:
    before, after = scores(gold, guesses), scores(gold, [*guesses, NOTHING_LIKE_IT])
    for name in SCORES:
        assert after[f"{name}_recall"] == before[f"{name}_recall"]
        precision = before[f"{name}_precision"]
        assert after[f"{name}_precision"] < precision or precision == 0


@some_examples
@given(lists, lists)
def test_fields_that_are_null_on_both_sides_change_no_score(
    gold: list[GoldCommitment], guesses: list[GoldCommitment]
) -> None:
    empty = {"start", "duration", "announced_on", "places", "amount_per", "amount_scope"}
    weights = {name: 1.0 for name in RULES.commitment.weights if name not in empty}
    with_empty = {**weights, **dict.fromkeys(empty, 1.0)}
    found = []
    for table in (weights, with_empty):
        record_rules = RULES.commitment.model_copy(update={"weights": table})
        rules = RULES.model_copy(update={"commitment": record_rules})
        assert isinstance(rules.commitment, RecordRules)
        found.append(score_documents([case(gold, guesses)], rules).micro("commitment"))
    assert found[0] == pytest.approx(found[1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "cancelled"},
        {"amount": money(120e6)},
        {"amount": money(40e6, "EUR")},
        {"deadline": day("1999")},
        {"recipients": [party("Chile", "CL")]},
        {"resource_kind": "jobs"},
        {"certainty": "hedged"},
    ],
    ids=lambda change: next(iter(change)),
)
@some_examples
@given(lists)
def test_one_right_value_made_wrong_lowers_precision_and_recall(
    wrong: dict[str, object], others: list[GoldCommitment]
) -> None:
    apart = [
        record.model_copy(update={"actors": [party("Far Away Mills")], "recipients": []})
        for record in others
    ]
    right = scores([pledge(), *apart], [pledge(), *apart])
    found = scores([pledge(), *apart], [pledge(**wrong), *apart])
    assert found["detection_f1"] == right["detection_f1"] == 1
    assert found["slot_precision"] < right["slot_precision"]
    assert found["slot_recall"] < right["slot_recall"]


@some_examples
@given(lists, lists)
def test_no_score_is_above_detection_and_all_lie_between_zero_and_one(
    gold: list[GoldCommitment], guesses: list[GoldCommitment]
) -> None:
    found = scores(gold, guesses)
    for part in ("precision", "recall", "f1"):
        assert found[f"strict_{part}"] <= found[f"detection_{part}"]
        assert found[f"soft_{part}"] <= found[f"detection_{part}"] + ROUNDING
    rates = {name: value for name, value in found.items() if name != "inflation_ratio"}
    assert all(0 <= value <= 1 for value in rates.values())


@some_examples
@given(lists, lists)
def test_the_micro_score_of_one_document_is_its_score(
    gold: list[GoldCommitment], guesses: list[GoldCommitment]
) -> None:
    one = corpus(gold, guesses)
    assert one.micro("commitment") == metrics_of(one.documents[0].commitment.counts)
    assert one.macro("commitment") == one.micro("commitment")


@some_examples
@given(lists, lists, lists)
def test_counts_of_documents_add_up(
    first: list[GoldCommitment], second: list[GoldCommitment], guesses: list[GoldCommitment]
) -> None:
    both = score_documents([case(first, guesses, name="a"), case(second, guesses, name="b")], RULES)
    alone = [corpus(gold, guesses).rows("commitment")[0] for gold in (first, second)]
    assert np.allclose(both.rows("commitment").sum(axis=0), np.sum(alone, axis=0))


@some_examples
@given(lists)
def test_a_missing_prediction_scores_like_an_empty_one(gold: list[GoldCommitment]) -> None:
    missing, empty = scores(gold, None), scores(gold, [])
    assert missing["validity_rate"] == 0
    for name in SCORES:
        assert missing[f"{name}_f1"] == empty[f"{name}_f1"]


@some_examples
@given(lists, lists)
def test_every_label_and_prediction_is_counted_once(
    gold: list[GoldCommitment], guesses: list[GoldCommitment]
) -> None:
    counts = row(gold, guesses)
    assert (counts["gold"], counts["predicted"]) == (len(gold), len(guesses))
    for field in ("status", "resource_kind", "certainty"):
        paired = sum(counts[f"{field}.{name}"] for name in ("COR", "PAR", "INC"))
        assert paired + counts[f"{field}.MIS"] == len(gold)
        assert paired + counts[f"{field}.SPU"] == len(guesses)


@some_examples
@given(lists)
def test_copies_stay_copies(gold: list[GoldCommitment]) -> None:
    assume(gold)
    assume(all(record.actors or record.recipients for record in gold))
    found = scores(gold, [*gold, *gold])
    assert found["detection_precision"] == 0.5
    assert found["detection_recall"] == 1
