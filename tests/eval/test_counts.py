"""Counts add up, and every score and error class follows from what is right and what is not."""

from __future__ import annotations

import numpy as np
import pytest

from eval.errors import ScoringError
from eval.labels.gold import GoldCommitment, HardNegative
from eval.scoring.counts import (
    COLUMNS,
    error_counts_of,
    field_metrics_of,
    metric_named,
    metrics_of,
)
from eval.scoring.documents import Case, CorpusScore, score_document, score_documents
from eval.scoring.mistakes import Mistake
from eval.scoring.rules import load_rules
from eval.statistics.intervals import bootstrap_interval
from tests.eval.predictions import (
    SECOND,
    SIDEBAR,
    TEXT,
    act,
    case,
    count,
    day,
    label_file,
    money,
    party,
    pledge,
    predicted,
    quote,
)

RULES = load_rules()
OTHER = pledge("C2", actors=[party("Zyx Quill")], recipients=[], amount=money(7e9))
ALIEN = pledge(
    "C9",
    actors=[party("Umbra Works")],
    recipients=[],
    resource_kind="jobs",
    finance_role=None,
    amount=None,
    quantity=count(900, "nurse"),
    deadline=None,
    status="completed",
)


def scores(*cases: Case) -> dict[str, float]:
    """Scores of commitments."""
    return score_documents(cases, RULES).micro("commitment")


def mistakes(gold: list[GoldCommitment], guesses: list[GoldCommitment]) -> list[tuple[str, object]]:
    found = score_document(case(gold, guesses), RULES).commitment.mistakes
    return [(mistake.error, mistake.field) for mistake in found]


def column(corpus: CorpusScore, name: str) -> float:
    return float(corpus.rows("commitment").sum(axis=0)[COLUMNS.index(name)])


def test_a_reordered_list_costs_nothing() -> None:
    found = scores(case([pledge(), OTHER], [OTHER, pledge()]))
    assert {found[f"{name}_f1"] for name in ("slot", "detection", "strict", "soft")} == {1.0}


def test_a_hallucinated_item_costs_precision_in_every_score_down_to_the_fields() -> None:
    found = scores(case([pledge()], [pledge(), ALIEN]))
    for name in ("slot", "lenient_slot", "detection", "strict", "soft"):
        assert found[f"{name}_precision"] < 1 == found[f"{name}_recall"]
    assert found["slot_overgeneration"] > 0


def test_all_values_wrong_and_all_nulls_equal_scores_nothing() -> None:
    gold = pledge(certainty="hedged", finance_role="mobilise")
    found = scores(case([gold], [ALIEN]))
    assert all(found[f"{name}_f1"] == 0 for name in ("slot", "detection", "strict", "soft"))
    assert found["slot_error_per_fill"] == 1


def test_a_wrong_value_costs_both_precision_and_recall() -> None:
    found = scores(case([pledge()], [pledge(amount=money(400_000_000))]))
    assert found["slot_precision"] < 1
    assert found["slot_recall"] < 1
    assert found["detection_f1"] == 1
    assert found["strict_f1"] == 0
    assert found["slot_substitution"] > 0 == found["slot_overgeneration"]


@pytest.mark.parametrize("value", [400_000_000, 4_000_000, 4e15])
def test_ten_times_too_much_is_no_near_miss_but_an_error_of_magnitude(value: float) -> None:
    assert mistakes([pledge()], [pledge(amount=money(value))]) == [("MAGNITUDE", "amount")]


def test_five_is_not_five_billion() -> None:
    gold = pledge(amount=money(5e9, "VND", raw="5 tỷ đồng"))
    bare = pledge(amount=money(5, "VND", raw="5 tỷ đồng"))
    assert mistakes([gold], [bare]) == [("MAGNITUDE", "amount")]
    assert scores(case([gold], [bare]))["strict_f1"] == 0


@pytest.mark.parametrize(
    ("gold", "guesses", "expected"),
    [
        ([pledge(), OTHER], [pledge()], ("MISSED_ITEM", None)),
        ([pledge()], [pledge(), ALIEN], ("SPURIOUS_ITEM", None)),
        ([pledge()], [pledge(), pledge()], ("DUPLICATE", None)),
        (
            [pledge("a"), pledge("b", actors=[party("Zyx Quill")])],
            [pledge(actors=[party("Alderon"), party("Zyx Quill")])],
            ("MERGED", "actors"),
        ),
        (
            [pledge(actors=[party("Alderon"), party("Zyx Quill")])],
            [pledge("a"), pledge("b", actors=[party("Zyx Quill")])],
            ("SPLIT", "actors"),
        ),
        (
            [pledge(actors=[party("Alderon")], recipients=[party("Zyx Quill")])],
            [pledge(actors=[party("Zyx Quill")], recipients=[party("Alderon")])],
            ("WRONG_ROLE", "actors"),
        ),
        (
            [pledge(recipients=[party("Zyx Quill")])],
            [pledge(actors=[party("Alderon"), party("Zyx Quill")], recipients=[])],
            ("WRONG_ROLE", "actors"),
        ),
        (
            [pledge(), OTHER],
            [pledge(amount=money(7e9)), OTHER],
            ("VALUE_IN_WRONG_ITEM", "amount"),
        ),
        (
            [pledge(quantity=count(39, "bus"))],
            [pledge(quantity=count(390, "bus"))],
            ("MAGNITUDE", "quantity"),
        ),
        ([pledge()], [pledge(amount=money(40e6, "EUR"))], ("CURRENCY", "currency")),
        ([pledge()], [pledge(deadline=day("2027-03"))], ("DATE_PRECISION", "deadline")),
        ([pledge()], [pledge(deadline=day("2029"))], ("DATE_WRONG", "deadline")),
        ([pledge()], [pledge(status="planned")], ("STATUS", "status")),
        ([pledge()], [pledge(actors=[party("Alderon Mining Trust")])], ("PARTIAL_NAME", "actors")),
        ([pledge()], [pledge(evidence=[quote(SIDEBAR)])], ("UNGROUNDED_EVIDENCE", None)),
    ],
)
def test_each_error_has_its_class(
    gold: list[GoldCommitment],
    guesses: list[GoldCommitment],
    expected: tuple[str, str | None],
) -> None:
    found = mistakes(gold, guesses)
    assert expected in found
    # A value that belongs elsewhere is told of twice; a label whose roles are crossed is missed.
    assert {name for name, _ in found} <= {expected[0], "VALUE_IN_WRONG_ITEM", "MISSED_ITEM"}


def test_no_usable_prediction_scores_like_an_empty_one_and_is_counted() -> None:
    corpus = score_documents(
        [case([pledge()], None, name="a"), case([pledge()], [pledge()], name="b")], RULES
    )
    found = corpus.micro("commitment")
    assert found["validity_rate"] == 0.5
    assert found["detection_recall"] == 0.5
    assert found["detection_precision"] == 1
    assert Mistake("INVALID_OUTPUT") in corpus.documents[0].commitment.mistakes
    assert error_counts_of(corpus.rows("commitment")[0])["INVALID_OUTPUT"] == 1


def test_nothing_to_find_is_perfect_only_if_nothing_is_found() -> None:
    right, wrong = case([], [], name="a"), case([], [pledge()], name="b")
    assert scores(right)["slot_f1"] == scores(right)["detection_f1"] == 1
    assert scores(wrong)["slot_f1"] == scores(wrong)["detection_precision"] == 0
    assert scores(wrong)["detection_recall"] == 1
    assert scores(right, wrong)["no_item_specificity"] == 0.5
    assert scores(case([pledge()], []))["detection_precision"] == 1
    assert scores(case([pledge()], []))["detection_f1"] == 0
    assert scores(case([], None))["no_item_specificity"] == 0


def test_empty_documents_add_nothing_to_a_sum() -> None:
    one = case([pledge()], [pledge(), ALIEN], name="a")
    alone, beside = scores(one), scores(one, case([], [], name="b"))
    assert alone == beside | {"no_item_specificity": alone["no_item_specificity"]}


def test_an_optional_label_is_no_miss_and_finding_it_is_no_false_alarm() -> None:
    optional = OTHER.model_copy(update={"tier": "optional"})
    missed = scores(case([pledge(), optional], [pledge()]))
    found = scores(case([pledge(), optional], [pledge(), OTHER]))
    assert missed["slot_f1"] == found["slot_f1"] == found["detection_f1"] == 1
    wrong = scores(case([pledge(), optional], [pledge(), OTHER, ALIEN]))
    assert wrong["detection_precision"] == pytest.approx(2 / 3)


def test_a_tolerated_value_counts_in_the_lenient_score_only() -> None:
    gold = pledge(accept_also={"status": ["completed"], "deadline": [None]})
    found = scores(case([gold], [pledge(status="completed", deadline=None)]))
    assert found["lenient_slot_f1"] == 1
    assert found["slot_f1"] < 1
    worse = scores(case([gold], [pledge(status="cancelled", deadline=None)]))
    assert worse["slot_f1"] < worse["lenient_slot_f1"] < 1


def test_a_tolerated_party_makes_a_pair_in_the_lenient_score() -> None:
    gold = pledge(recipients=[], accept_also={"actors": [[party("Zyx Quill").model_dump()]]})
    found = scores(case([gold], [pledge(recipients=[], actors=[party("Zyx Quill")])]))
    assert found["lenient_slot_f1"] == 1
    assert found["detection_f1"] == found["slot_f1"] == 0


def test_a_quote_counts_only_where_it_stands_in_the_body() -> None:
    sidebar = pledge("b", evidence=[quote(SIDEBAR)])
    shifted = predicted(label_file([pledge()]))
    evidence = shifted.commitments[0].evidence[0].model_copy(update={"start": 1, "end": 32})
    moved = shifted.commitments[0].model_copy(update={"evidence": [evidence]})
    assert scores(case([pledge()], [sidebar]))["grounding_rate"] == 0
    reply = shifted.model_copy(update={"commitments": [moved]})
    assert scores(Case(label_file([pledge()]), reply, TEXT))["grounding_rate"] == 0
    both = scores(case([pledge()], [pledge(evidence=[quote(), quote(SIDEBAR)])]))
    assert both["grounding_rate"] == 0.5


def test_overlap_with_the_gold_quotes_is_another_number() -> None:
    other = scores(case([pledge()], [pledge(evidence=[quote(SECOND)])]))
    assert (other["grounding_rate"], other["evidence_f1"], other["evidence_hit_rate"]) == (1, 0, 0)
    half = scores(case([pledge()], [pledge(evidence=[quote((0, 18))])]))
    assert half["evidence_hit_rate"] == 1
    assert half["evidence_f1"] == pytest.approx(2 * 3 / (3 + 5))
    less = scores(case([pledge()], [pledge(evidence=[quote((0, 9))])]))
    assert less["evidence_hit_rate"] == 0


def test_values_are_supported_if_their_words_stand_in_a_quote() -> None:
    record = pledge(
        actors=[party("sentence")], recipients=[], amount=money(1, raw="$1"), deadline=None
    )
    assert scores(case([record], [record]))["support_rate"] == 0.5


def test_traps_are_unmatched_predictions_that_quote_or_state_what_is_none() -> None:
    trap = HardNegative(**quote(SECOND).model_dump(), why="", trap_value=900)
    quoting = ALIEN.model_copy(update={"evidence": [quote(SECOND)], "quantity": None})
    plain = ALIEN.model_copy(update={"quantity": count(901, "nurse")})
    label = pledge(evidence=[quote(SECOND)])
    expected = ((ALIEN, 0.5), (quoting, 0.5), (plain, 0))
    for guess, rate in expected:
        found = scores(case([label], [label, guess], traps=[trap]))
        assert found["trap_rate"] == rate


def test_a_sum_must_be_that_of_its_parts() -> None:
    whole = pledge("C1", amount=money(17.9e9), aggregation="sum")
    parts = [pledge("C2", amount=money(2.9e9), part_of="C1"), pledge("C3", part_of="C1")]
    right = pledge("C3", amount=money(15e9), part_of="C1")
    assert scores(case([whole], [whole, parts[0], right]))["sum_check_rate"] == 1
    assert scores(case([whole], [whole, *parts]))["sum_check_rate"] == 0
    assert scores(case([whole], [whole]))["sum_check_rate"] == 0


def test_money_counted_twice_shows_at_once() -> None:
    whole = pledge("C1", amount=money(100), aggregation="includes")
    part = pledge("C2", amount=money(50), part_of="C1")
    assert scores(case([whole, part], [whole, part]))["inflation_ratio"] == 1
    unmarked = pledge("C1", amount=money(100))
    assert scores(case([whole, part], [unmarked, part]))["inflation_ratio"] == 3
    rumour = pledge("C3", amount=money(50), certainty="hedged")
    assert scores(case([part], [part, rumour]))["inflation_ratio"] == 1
    corpus = score_documents([case([part], [part, pledge(amount=money(9, "EUR"))])], RULES)
    assert column(corpus, "money_beyond") == 1


def test_fields_have_scores_of_their_own() -> None:
    corpus = score_documents([case([pledge()], [pledge(status="planned", deadline=None)])], RULES)
    fields = field_metrics_of(corpus.rows("commitment").sum(axis=0))
    assert fields["status"] == {
        **dict.fromkeys(("COR", "INC", "MIS", "SPU", "NON"), 0.0),
        "PAR": 1.0,
        **dict.fromkeys(("precision", "recall", "f1"), 0.5),
    }
    assert (fields["deadline"]["precision"], fields["deadline"]["recall"]) == (1, 0)
    assert "quantity" not in fields


def test_the_two_kinds_of_record_are_scored_apart() -> None:
    gold = label_file([pledge()], [act()])
    found = score_documents([Case(gold, predicted(gold, events=[]), TEXT)], RULES)
    assert found.micro("commitment")["slot_f1"] == 1
    assert found.micro("policy_event")["slot_f1"] == 0


def test_slices_add_up_and_languages_weigh_the_same() -> None:
    corpus = score_documents(
        [
            case([pledge()], [pledge()], name="a", language="en"),
            case([pledge()], [], name="b", language="fr"),
            case([pledge()], [pledge()], name="c", language="en"),
        ],
        RULES,
    )
    assert corpus.micro("commitment")["detection_recall"] == pytest.approx(2 / 3)
    assert corpus.macro("commitment")["detection_recall"] == 0.5
    assert corpus.by_language("commitment")["fr"]["detection_recall"] == 0
    slices = corpus.by_slice("commitment", {"two": {"a", "b"}, "none": set()})
    assert slices["two"]["detection_recall"] == 0.5
    assert "none" not in slices


def test_statuses_take_pairs_under_their_label_and_add_up() -> None:
    gold = [pledge(), pledge("b", actors=[party("Briar")], recipients=[], status="cancelled")]
    corpus = score_documents([case(gold, [pledge(status="planned"), ALIEN])], RULES)
    found = corpus.by_status("commitment")
    assert found["announced"]["detection_recall"] == 1
    assert found["cancelled"]["detection_recall"] == 0
    assert found["completed"]["detection_precision"] == 0
    assert "planned" not in found
    parts = sum(corpus.documents[0].commitment.by_status.values())
    for name in ("gold", "predicted", "found", "status.PAR", "status.MIS", "status.SPU"):
        assert np.asarray(parts)[COLUMNS.index(name)] == column(corpus, name)


def test_every_score_can_be_resampled_and_is_that_of_the_documents() -> None:
    cases = [
        case([pledge(), OTHER], [pledge(), ALIEN], name="a"),
        case([pledge()], None, name="b"),
        case([pledge()], [pledge(status="planned")], name="c"),
    ]
    corpus = score_documents(cases, RULES)
    rows = corpus.rows("commitment")
    assert rows.shape == (3, len(COLUMNS))
    for name, value in corpus.micro("commitment").items():
        interval = bootstrap_interval(rows, metric_named(name), resamples=50)
        assert interval.point == pytest.approx(value)
        assert metrics_of(rows[2])[name] == pytest.approx(metric_named(name)(rows)[2])


def test_what_cannot_be_scored_is_refused() -> None:
    with pytest.raises(ScoringError, match="no document"):
        score_documents([], RULES)
    with pytest.raises(ValueError, match="no metric 'accuracy'"):
        metric_named("accuracy")
    with pytest.raises(ScoringError, match="twice"):
        score_documents([case([], []), case([], [])], RULES)
    gold = label_file([pledge()])
    reply = predicted(gold)
    astray = reply.article.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(ScoringError, match="another text"):
        score_document(Case(gold, reply.model_copy(update={"article": astray}), TEXT), RULES)
