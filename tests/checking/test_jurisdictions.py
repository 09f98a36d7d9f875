from __future__ import annotations

import pytest

from extractor.checking.jurisdictions import known_codes


@pytest.mark.parametrize("code", ["ZZ", "XA", "QO", "UN", "US-", "ZZ-CA", "France", "", "F"])
def test_a_code_that_no_country_has_is_no_jurisdiction(code: str) -> None:
    assert known_codes([code]) == []


def test_codes_are_upper_case_sorted_and_told_once() -> None:
    assert known_codes(["vn", "EU", " us-ca ", "VN"]) == ["EU", "US-CA", "VN"]
