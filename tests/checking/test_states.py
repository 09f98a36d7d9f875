"""States that the text names by another word than the reader: by an adjective, or in short."""

from __future__ import annotations

import pytest

from extractor.article import read_article
from extractor.asking.questions import Drafted
from extractor.checking import STRONG, Checked, Checks, check_drafts
from extractor.drafts import WholeCommitment, WholeEvent
from extractor.prompting.passages import offer_mentions
from extractor.records import Language
from tests.articles import act, pledge


def checked(text: str, *items: dict[str, object], language: Language = "en") -> Checked:
    """The records of a strong model's drafts of a whole article."""
    article = read_article(text, language=language)
    offers = offer_mentions(article.sentences, article.mentions)
    drafts = [
        Drafted((WholeEvent if "type" in item else WholeCommitment).model_validate(item), offers, 1)
        for item in items
    ]
    return check_drafts(drafts, [], article, Checks(STRONG))


SIGNED = {
    "fr": "Le président français et son homologue italien ont signé lundi un pacte sur l'énergie.",
    "en": "The French president and his Italian counterpart signed a pact on energy on Monday.",
    "vi": "Hôm thứ Hai, Tổng thống Pháp và người đồng cấp Ý đã ký hiệp ước về năng lượng.",
}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("fr", ["France", "Italie"]),
        ("fr", ["France", "Italy"]),
        ("en", ["France", "Italy"]),
        ("en", ["the French government", "Italy"]),
        ("vi", ["Pháp", "Ý"]),
        ("vi", ["Cộng hòa Pháp", "Italia"]),
    ],
)
def test_the_states_of_leaders_are_parties_however_the_sentence_names_them(
    language: Language, names: list[str]
) -> None:
    found = checked(SIGNED[language], act(who=names, type="agreement"), language=language)
    (pact,) = found.policy_events
    assert [(a.canonical, a.country) for a in pact.actors] == [("France", "FR"), ("Italy", "IT")]
    assert pact.jurisdictions == ["FR", "IT"]
    assert not found.rejected
    assert "party_elsewhere" not in {doubt.rule for doubt in pact.doubts}


def test_giver_and_receiver_told_by_the_adjectives_of_their_leaders_are_kept() -> None:
    found = checked(
        "Indian Prime Minister Arun Mehta and Japanese counterpart Kenji Oda on Monday signed a "
        "memorandum on railways worth 3 billion yen.",
        pledge(who=["Japan"], to=["India"], money="3 billion yen"),
    )
    (loan,) = found.commitments
    assert [actor.country for actor in (*loan.actors, *loan.recipients)] == ["JP", "IN"]
    verdicts = {item.field: (item.verdict, item.sentence) for item in loan.verdicts}
    assert verdicts["actors[0]"] == verdicts["recipients[0]"] == ("inferred", 1)


def test_a_sentence_that_has_the_adjective_is_cited_where_none_has_the_name() -> None:
    found = checked(
        "They signed a pact on energy. The harbour was full. The French president smiled.",
        act(1, who=["France"], type="agreement"),
    )
    (pact,) = found.policy_events
    assert [item.sentence for item in pact.evidence] == [1, 3]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "The British minister will give $5 million.", "Scotland"),
        ("en", "The Scottish minister will give $5 million.", "United Kingdom"),
        ("en", "The Italian minister will give $5 million.", "France"),
        ("en", "The Italian minister will give $5 million.", "Ministry of Ports of Italy"),
        ("fr", "Le ministre écossais versera 5 millions de dollars.", "Royaume-Uni"),
        ("vi", "Chính phủ Scotland sẽ chi 5 triệu USD.", "Vương quốc Anh"),
    ],
)
def test_a_part_a_body_and_another_state_are_not_the_state_of_the_adjective(
    language: Language, text: str, name: str
) -> None:
    found = checked(text, pledge(who=[name], money="m1"), language=language)
    assert [record.actors for record in found.commitments] == [[]]
    assert [item.value for item in found.rejected] == [name]


def test_a_state_that_only_the_adjective_of_a_company_brings_in_is_doubted() -> None:
    found = checked(
        "The French bank Alderon will lend $5 million.", pledge(who=["France"], money="m1")
    )
    (loan,) = found.commitments
    assert "party_elsewhere" in {doubt.rule for doubt in loan.doubts}
