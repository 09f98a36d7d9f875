"""The probability of a record: more of what speaks for it, less of what speaks against it."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.checking.confidence import confidence_of
from extractor.kinds import KINDS, AnyRecord
from extractor.records import Doubt, DoubtRule, Evidence, PolicyName, RecordType


def record_of(kind: RecordType, doubts: int = 0) -> AnyRecord:
    rules = get_args(DoubtRule)[:doubts]
    evidence = Evidence(start=0, end=1, sentence=1, quote="x")
    told = [Doubt(rule=rule, field="record", words="", sentence=1) for rule in rules]
    make: Any = KINDS[kind].record.model_construct
    record: AnyRecord = make(evidence=[evidence], doubts=told)
    return record


@pytest.mark.parametrize("policy", get_args(PolicyName))
@pytest.mark.parametrize("kind", get_args(RecordType))
@given(one=st.floats(0, 1), other=st.floats(0, 1))
def test_it_never_falls_where_the_finder_is_surer(
    policy: PolicyName, kind: RecordType, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    record = record_of(kind)
    assert confidence_of(record, low, policy) <= confidence_of(record, high, policy)


@pytest.mark.parametrize("policy", ["strong", "taught"])
@pytest.mark.parametrize("kind", get_args(RecordType))
def test_every_doubt_lowers_it(policy: PolicyName, kind: RecordType) -> None:
    found = [confidence_of(record_of(kind, doubts), 0.8, policy) for doubts in range(4)]
    assert sorted(found, reverse=True) == found
    assert len(set(found)) == 4


@pytest.mark.parametrize("policy", get_args(PolicyName))
@pytest.mark.parametrize("kind", get_args(RecordType))
@pytest.mark.parametrize("likelihood", [0.0, 1.0])
def test_it_is_a_probability_even_of_what_the_finder_excludes_or_is_sure_of(
    policy: PolicyName, kind: RecordType, likelihood: float
) -> None:
    assert 0 <= confidence_of(record_of(kind, 12), likelihood, policy) <= 1
