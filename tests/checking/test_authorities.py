"""Who is a public authority, which one a sentence names, and whose codes are jurisdictions."""

from __future__ import annotations

import pytest

from extractor.article import read_article
from extractor.checking.authorities import authority_named, is_authority
from extractor.checking.jurisdictions import known_codes
from extractor.mentions.parties.names import resolve_actor
from extractor.records import Language


def public(name: str, text: str, language: Language) -> bool:
    article = read_article(text, language=language)
    return is_authority(resolve_actor(name, language), article.sentences, article)


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("en", "Ann Merrow", "The energy minister, Ann Merrow, called for calm."),
        ("en", "Ann Merrow", "Ann Merrow, the minister for energy, called for calm."),
        ("fr", "Aubin Lestrade", "Le ministre des Ports, Aubin Lestrade, a signé le décret."),
        ("fr", "Aubin Lestrade", "Aubin Lestrade, ministre des Ports, a signé le décret."),
        ("vi", "Hạ Vy", "Bộ trưởng Y tế Hạ Vy kêu gọi tiết kiệm."),
        ("vi", "Hạ Vy", "Hạ Vy, Bộ trưởng Y tế, kêu gọi tiết kiệm."),
        ("en", "Norway's cabinet", "Norway's cabinet approved the plan on Monday."),
        ("en", "governors of Alder and Briar", "The governors of Alder and Briar signed a pact."),
    ],
)
def test_an_office_beside_the_name_makes_an_authority(
    language: Language, name: str, text: str
) -> None:
    assert public(name, text, language)


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("en", "Alderon", "Alderon will open a plant, the minister said."),
        ("en", "Alderon", "The minister praised the town of Briar, where Alderon builds a plant."),
        ("fr", "Vasteau", "Vasteau ouvrira une usine, selon le ministre."),
        ("vi", "Mỏ Vàng", "Mỏ Vàng sẽ mở nhà máy, theo Bộ Công Thương."),
    ],
)
def test_an_office_elsewhere_in_the_sentence_makes_none(
    language: Language, name: str, text: str
) -> None:
    assert not public(name, text, language)


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("en", "The measures were drawn up by the Ministry of Health.", "Ministry of Health"),
        ("en", "Under the scheme, the Education Ministry pays for it.", "Education Ministry"),
        ("fr", "Ces mesures du ministère de la Santé visent le sel.", "ministère de la Santé"),
        ("vi", "Các biện pháp này do Bộ Y tế đưa ra.", "Bộ Y tế"),
        ("en", "The Server Water Act of Singapore binds all plants.", "Singapore"),
        ("fr", "La loi est en vigueur au Portugal depuis mars.", "Portugal"),
    ],
)
def test_a_sentence_names_its_authority_by_office_or_else_by_country(
    language: Language, text: str, named: str
) -> None:
    article = read_article(text, language=language)
    assert authority_named(article.sentences[0], article) == named


@pytest.mark.parametrize(
    "text",
    [
        "The plan pleased everybody.",
        "Portugal and Norway differ on fish.",
        "The minister smiled.",
        "A Norwegian yard signed the contract.",
    ],
)
def test_a_sentence_with_no_name_or_two_countries_names_none(text: str) -> None:
    article = read_article(text, language="en")
    assert authority_named(article.sentences[0], article) is None


@pytest.mark.parametrize(
    ("language", "text", "name", "expected"),
    [
        ("en", "President Ann Example spoke.", "Ann Example", True),
        ("en", "The president of Alderon Ann Example spoke.", "Alderon", False),
        ("vi", "Tiến bộ của Alderon được khuyến khích.", "Alderon", False),
    ],
)
def test_an_office_belongs_to_the_whole_name_beside_it(
    language: Language, text: str, name: str, expected: bool
) -> None:
    assert public(name, text, language) is expected


@pytest.mark.parametrize("code", ["ZZ", "XA", "QO", "UN", "US-", "ZZ-CA", "France", "", "F"])
def test_a_code_that_no_country_has_is_no_jurisdiction(code: str) -> None:
    assert known_codes([code]) == []


def test_codes_are_upper_case_sorted_and_told_once() -> None:
    assert known_codes(["vn", "EU", " us-ca ", "VN"]) == ["EU", "US-CA", "VN"]
