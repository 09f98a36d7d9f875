"""The measure of the queue: frozen, between 0 and 1, and told in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.pledges.worth import ReviewSigns, worth_of


@pytest.mark.parametrize(
    ("signs", "gain", "reasons"),
    [
        (ReviewSigns(), 0, ()),
        (ReviewSigns(confidence=0.9, threshold=0.4), 0, ()),
        (
            ReviewSigns(confidence=0.4, threshold=0.4),
            0.5,
            ("confidence 40 %, the threshold is 40 %",),
        ),
        (ReviewSigns(doubts=["negated"]), 0.3, ("1 doubt: negated",)),
        (
            ReviewSigns(doubts=["negated", "hedge_disagrees"]),
            0.51,
            ("2 doubts: negated, hedge disagrees",),
        ),
        (ReviewSigns(models=[("big", "does not find it")]), 0.4, ("big does not find it",)),
        (
            ReviewSigns(conflicts=[("amount", ["1 billion", "2 billion"])]),
            0.5,
            ("sources differ on the amount: 1 billion / 2 billion",),
        ),
        (ReviewSigns(likeness=0.5), 0.6, ("may be one pledge, 50 % by rule",)),
        (ReviewSigns(likeness=1.0), 0, ("may be one pledge, 100 % by rule",)),
        (
            ReviewSigns(confidence=0.55, threshold=0.4, doubts=["negated"]),
            0.475,
            ("1 doubt: negated", "confidence 55 %, the threshold is 40 %"),
        ),
    ],
)
def test_each_sign_has_its_weight_and_its_words(
    signs: ReviewSigns, gain: float, reasons: tuple[str, ...]
) -> None:
    worth = worth_of(signs)
    assert worth.gain == pytest.approx(gain)
    assert worth.reasons == reasons


@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.lists(st.sampled_from(["negated", "untold"]), max_size=9),
    st.floats(0, 1),
)
def test_one_more_sign_never_makes_it_worth_less(
    confidence: float, threshold: float, doubts: list[str], likeness: float
) -> None:
    without = ReviewSigns(confidence, threshold, doubts)  # type: ignore[arg-type]
    with_one = ReviewSigns(confidence, threshold, doubts, likeness=likeness)  # type: ignore[arg-type]
    assert 0 <= worth_of(without).gain <= worth_of(with_one).gain <= 1
