"""Names: tables over three languages, and properties over any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.mentions.parties.names import find_countries, resolve_actor, resolve_place
from extractor.records import ActorType, Language

ACTORS: list[tuple[Language, str, ActorType, str, str | None]] = [
    ("vi", "Mỹ", "government", "United States", "US"),
    ("vi", "Anh", "government", "United Kingdom", "GB"),
    ("vi", "nước Đức", "government", "Germany", "DE"),
    ("vi", "Chính phủ Việt Nam", "government", "Vietnam", "VN"),
    ("vi", "chính phủ Hàn Quốc", "government", "South Korea", "KR"),
    ("vi", "Chính phủ nước Cộng hòa xã hội chủ nghĩa Việt Nam", "government", "Vietnam", "VN"),
    ("vi", "chính phủ liên bang Đức", "government", "Germany", "DE"),
    ("vi", "Chính phủ Scotland", "government", "Chính phủ Scotland", "GB"),
    ("vi", "chính quyền bang Niger", "government", "chính quyền bang Niger", None),
    ("vi", "điện Matignon", "gov_agency", "Matignon", "FR"),
    ("vi", "Liên minh châu Âu (EU)", "government", "European Union", "EU"),
    ("vi", "Ủy ban châu Âu (EC)", "gov_agency", "European Commission", "EU"),
    ("vi", "Bộ Tài chính Ấn Độ", "gov_agency", "Bộ Tài chính Ấn Độ", "IN"),
    ("vi", "Bộ Ngoại giao Mỹ", "gov_agency", "Bộ Ngoại giao Mỹ", "US"),
    ("vi", "Quốc hội Việt Nam", "gov_agency", "Quốc hội Việt Nam", "VN"),
    ("vi", "UBND thành phố Hà Nội", "gov_agency", "UBND thành phố Hà Nội", None),
    ("vi", "Liên Hợp Quốc", "igo", "United Nations", None),
    ("vi", "Quỹ Tiền tệ Quốc tế", "igo", "International Monetary Fund", None),
    ("vi", "Tổ chức Thương mại Thế giới", "igo", "World Trade Organization", None),
    ("vi", "ASEAN", "igo", "ASEAN", None),
    ("vi", "Đại học Bách khoa Hà Nội", "university_research", "Đại học Bách khoa Hà Nội", None),
    ("vi", "Viện Hàn lâm Khoa học", "university_research", "Viện Hàn lâm Khoa học", None),
    ("vi", "Thủ tướng Đức Olaf Scholz", "person", "Olaf Scholz", None),
    ("vi", "bà Angela Merkel", "person", "Angela Merkel", None),
    ("vi", "Bộ trưởng Nguyễn Văn Nam", "person", "Nguyễn Văn Nam", None),
    ("vi", "liên doanh Rừng Xanh", "consortium", "liên doanh Rừng Xanh", None),
    ("vi", "Quỹ Khí hậu Xanh", "fund", "Quỹ Khí hậu Xanh", None),
    ("vi", "một nhóm các công ty Ấn Độ", "unspecified_group", "một nhóm các công ty Ấn Độ", None),
    ("vi", "các doanh nghiệp", "unspecified_group", "các doanh nghiệp", None),
    ("vi", "hai công ty", "unspecified_group", "hai công ty", None),
    ("vi", "Tập đoàn Viettel", "company", "Viettel", None),
    ("vi", "Công ty Cổ phần Sao Mai", "company", "Sao Mai", None),
    ("vi", "Hãng Samsung Electronics (SEC)", "company", "Samsung Electronics", None),
    ("fr", "les Pays-Bas", "government", "Netherlands", "NL"),
    ("fr", "Les États-Unis", "government", "United States", "US"),
    ("fr", "l'UE", "government", "European Union", "EU"),
    ("fr", "le gouvernement canadien", "government", "Canada", "CA"),
    ("fr", "l'État français", "government", "France", "FR"),
    ("fr", "gouvernement fédéral allemand", "government", "Germany", "DE"),
    ("fr", "gouvernement de la République de Corée", "government", "South Korea", "KR"),
    ("fr", "gouvernement écossais", "government", "gouvernement écossais", "GB"),
    ("fr", "gouvernement de la Colombie-Britannique", "government")
    + ("gouvernement de la Colombie-Britannique", None),
    ("fr", "autorités de la Mongolie-Intérieure", "government")
    + ("autorités de la Mongolie-Intérieure", None),
    ("fr", "Bercy", "gov_agency", "Bercy", "FR"),
    ("fr", "l'hôtel de Matignon", "gov_agency", "Matignon", "FR"),
    ("fr", "le Quai d'Orsay", "gov_agency", "Quai d'Orsay", "FR"),
    ("fr", "le Conseil européen", "gov_agency", "European Council", "EU"),
    ("fr", "la Commission européenne", "gov_agency", "European Commission", "EU"),
    ("fr", "ministère indien de l'Énergie", "gov_agency", "ministère indien de l'Énergie", "IN"),
    ("fr", "le Parlement européen", "gov_agency", "European Parliament", "EU"),
    ("fr", "Assemblée nationale", "gov_agency", "Assemblée nationale", None),
    ("fr", "l'ONU", "igo", "United Nations", None),
    ("fr", "Organisation mondiale du commerce", "igo", "World Trade Organization", None),
    ("fr", "la Banque mondiale", "igo", "World Bank", None),
    ("fr", "l'Université de Genève", "university_research", "Université de Genève", None),
    ("fr", "Laboratoire de physique", "university_research", "Laboratoire de physique", None),
    ("fr", "M. Dupont", "person", "Dupont", None),
    ("fr", "le président Emmanuel Macron", "person", "Emmanuel Macron", None),
    ("fr", "Premier ministre belge Charles Michel", "person", "Charles Michel", None),
    ("fr", "consortium Gaia-X", "consortium", "consortium Gaia-X", None),
    ("fr", "fonds souverain norvégien", "fund", "fonds souverain norvégien", None),
    ("fr", "un groupe de banques", "unspecified_group", "un groupe de banques", None),
    ("fr", "entreprises italiennes", "unspecified_group", "entreprises italiennes", None),
    ("fr", "Les Échos", "company", "Les Échos", None),
    ("fr", "Groupe Renault", "company", "Renault", None),
    ("fr", "Société Générale", "company", "Société Générale", None),
    ("fr", "BNP Paribas SA", "company", "BNP Paribas", None),
    ("en", "the United States", "government", "United States", "US"),
    ("en", "Britain", "government", "United Kingdom", "GB"),
    ("en", "the Indian government", "government", "India", "IN"),
    ("en", "Government of Canada", "government", "Canada", "CA"),
    ("en", "Japan's new government", "government", "Japan", "JP"),
    ("en", "the Scottish Government", "government", "Scottish Government", "GB"),
    ("en", "Northern Ireland", "government", "Northern Ireland", "GB"),
    ("en", "British Columbia government", "government", "British Columbia government", None),
    ("en", "the Swedish minority government", "government", "Swedish minority government", "SE"),
    ("fr", "le gouvernement belge sortant", "government", "gouvernement belge sortant", "BE"),
    ("en", "Georgia state government", "government", "Georgia state government", None),
    ("en", "Niger State Government", "government", "Niger State Government", None),
    ("en", "the Bundesrat", "gov_agency", "Bundesrat", "DE"),
    ("en", "the EU", "government", "European Union", "EU"),
    ("en", "European Commission", "gov_agency", "European Commission", "EU"),
    ("en", "U.S. Department of Commerce", "gov_agency", "U.S. Department of Commerce", "US"),
    ("en", "Ministry of Finance", "gov_agency", "Ministry of Finance", None),
    ("en", "UN", "igo", "United Nations", None),
    ("en", "the World Bank", "igo", "World Bank", None),
    ("en", "NATO", "igo", "NATO", None),
    ("en", "OECD", "igo", "OECD", None),
    ("en", "University of Oxford", "university_research", "University of Oxford", None),
    ("en", "Alan Turing Institute", "university_research", "Alan Turing Institute", None),
    ("en", "US President Abraham Lincoln", "person", "Abraham Lincoln", None),
    ("en", "CEO Jane Doe", "person", "Jane Doe", None),
    ("en", "Ms. Lagarde", "person", "Lagarde", None),
    ("en", "Northern Lights joint venture", "consortium", "Northern Lights joint venture", None),
    ("en", "Green Climate Fund", "fund", "Green Climate Fund", None),
    ("en", "a group of German companies", "unspecified_group", "a group of German companies", None),
    ("en", "Siemens AG", "company", "Siemens", None),
    ("en", "Foo Holdings Co., Ltd.", "company", "Foo Holdings", None),
    ("en", "Ford Motor Company", "company", "Ford Motor Company", None),
    ("en", "Bank of America", "company", "Bank of America", None),
]


@pytest.mark.parametrize(("language", "name", "kind", "canonical", "country"), ACTORS)
def test_an_actor_has_the_kind_canonical_name_and_country_of_its_name(
    language: Language, name: str, kind: ActorType, canonical: str, country: str | None
) -> None:
    actor = resolve_actor(name, language)
    assert actor.name == name
    assert (actor.type, actor.canonical, actor.country) == (kind, canonical, country)


COUNTRIES: list[tuple[Language, str, list[tuple[str, str]]]] = [
    ("vi", "ở Đức", [("Đức", "DE")]),
    ("vi", "tại nước Anh", [("Anh", "GB")]),
    ("vi", "Anh và Pháp", [("Anh", "GB"), ("Pháp", "FR")]),
    ("vi", "quan hệ Mỹ - Anh", [("Mỹ", "US"), ("Anh", "GB")]),
    ("vi", "Theo Mỹ, Nga", [("Mỹ", "US"), ("Nga", "RU")]),
    ("vi", "Thủ tướng Anh Tom Smith", [("Anh", "GB")]),
    ("vi", "Tổng thống Pháp Emmanuel Macron", [("Pháp", "FR")]),
    ("vi", "TẠI NHẬT BẢN", [("NHẬT BẢN", "JP")]),
    ("vi", "Liên minh Châu Âu và EU", [("Liên minh Châu Âu", "EU"), ("EU", "EU")]),
    ("vi", "Nguyễn Đức Anh cho biết", []),
    ("vi", "ca sĩ Mỹ Tâm gặp ông Đức", []),
    ("vi", "Anh cho biết", []),
    ("vi", "học tiếng Anh", []),
    ("vi", "Bắc Mỹ và Mỹ Latinh", []),
    ("vi", "Chủ Nhật tuần này", []),
    ("vi", "10 tỷ US$", []),
    (
        "fr",
        "l\N{RIGHT SINGLE QUOTATION MARK}UE et les États-Unis",
        [("UE", "EU")] + [("États-Unis", "US")],
    ),
    (
        "fr",
        "des usines japonaises et sud-coréennes",
        [("japonaises", "JP")] + [("sud-coréennes", "KR")],
    ),
    ("fr", "la politique américaine", [("américaine", "US")]),
    ("fr", "UNION EUROPÉENNE", [("UNION EUROPÉENNE", "EU")]),
    ("fr", "le marché nord-américain", []),
    ("fr", "Réunion du conseil avec Maurice", []),
    ("en", "US and U.K. firms", [("US", "US"), ("U.K.", "GB")]),
    ("en", "U.S.-based", [("U.S.", "US")]),
    ("en", "Japanese-American", [("Japanese", "JP"), ("American", "US")]),
    ("en", "South Korea, not Korea", [("South Korea", "KR"), ("Korea", "KR")]),
    ("en", "Equatorial Guinea", [("Equatorial Guinea", "GQ")]),
    ("en", "in Jordan today", [("Jordan", "JO")]),
    ("en", "coach Michael Jordan of the Bulls", []),
    ("en", "it told us to polish it for US$10", []),
    ("en", "Bank of America in North America", []),
]


@pytest.mark.parametrize(("language", "text", "expected"), COUNTRIES)
def test_countries_are_found_and_look_alikes_are_not(
    language: Language, text: str, expected: list[tuple[str, str]]
) -> None:
    found = [(text[m.start : m.end], m.code) for m in find_countries(text, language)]
    assert found == expected


def test_a_country_has_the_same_canonical_name_in_every_language() -> None:
    texts: list[tuple[Language, str]] = [
        ("vi", "tại Hoa Kỳ"),
        ("fr", "aux États-Unis"),
        ("en", "an American firm"),
    ]
    names = [find_countries(text, language)[0].canonical for language, text in texts]
    assert names == ["United States"] * 3


@pytest.mark.parametrize(
    ("language", "name", "country"),
    [
        ("vi", "Hà Nội, Việt Nam", "VN"),
        ("vi", "Bắc Carolina (Mỹ)", "US"),
        ("vi", "ngoại ô Tokyo", None),
        ("fr", "au Royaume-Uni", "GB"),
        ("fr", "Lyon", None),
        ("en", "Munich, Germany", "DE"),
        ("en", "France and Germany", None),
        ("en", "Georgia", "GE"),
    ],
)
def test_a_place_has_the_one_country_that_its_name_tells(
    language: Language, name: str, country: str | None
) -> None:
    place = resolve_place(name, language)
    assert (place.name, place.country, place.subdivision) == (name, country, None)


LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(["vi", "fr", "en"])
PIECES = st.sampled_from(
    [name for _, name, *_ in ACTORS]
    + [text for _, text, _ in COUNTRIES]
    + ["(", ")", ",", "Corp", "l'", "the", "Tập đoàn", "-", "$", "ông", "Inc."]
)
TEXTS = st.text(max_size=50) | st.lists(PIECES, max_size=6).map(" ".join)


@given(TEXTS, LANGUAGES)
@settings(max_examples=200)
def test_any_name_resolves_unchanged_and_with_a_country_code_or_none(
    name: str, language: Language
) -> None:
    actor, place = resolve_actor(name, language), resolve_place(name, language)
    assert actor.name == place.name == name
    for country in (actor.country, place.country):
        assert country is None or re.fullmatch("[A-Z]{2}", country)
    if actor.country is not None:
        assert actor.type in ("government", "gov_agency")
    assert actor.canonical or not name


@given(TEXTS, LANGUAGES)
@settings(max_examples=200)
def test_country_mentions_are_ordered_whole_words_of_the_text(
    text: str, language: Language
) -> None:
    end = 0
    for mention in find_countries(text, language):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        assert mention.start == 0 or not text[mention.start - 1].isalnum()
        assert end == len(text) or not text[end].isalnum()
        assert re.fullmatch("[A-Z]{2}", mention.code)
        assert mention.canonical
