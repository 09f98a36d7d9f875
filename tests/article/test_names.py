from __future__ import annotations

import pytest

from extractor.article import find_name, find_names, read_article


@pytest.mark.parametrize(
    ("name", "text", "stands"),
    [
        ("WHO", "Those who signed will pay 5 million euros to the fund this year.", False),
        ("WHO", "Those who signed will pay the WHO 5 million euros this year.", True),
        ("ministry of energy", "The Ministry of Energy will pay 5 million euros this year.", True),
        ("…", "The Ministry of Energy will pay 5 million euros … this year.", False),
    ],
)
def test_a_name_of_capitals_stands_only_where_it_is_so_written(
    name: str, text: str, stands: bool
) -> None:
    (sentence,) = read_article(text).sentences
    assert (find_name(name, sentence) is not None) == stands


def test_a_name_is_found_everywhere_that_it_stands() -> None:
    (sentence,) = read_article("Kenya will pay, and Kenya will build 20 schools.").sentences
    assert [sentence.text[a:b] for a, b in find_names("Kenya", sentence)] == ["Kenya", "Kenya"]
