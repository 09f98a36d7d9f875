"""Who "the company" is, and whose policy an act is."""

from __future__ import annotations

import pytest

from extractor.article import read_article
from extractor.checking.jurisdictions import jurisdictions_of
from extractor.checking.resolving import givers_by_sentence, with_giver
from extractor.drafts import DraftCommitment, DraftEvent
from extractor.mentions.parties.names import resolve_actor
from extractor.records import Language

TEXT = (
    "Alderon Group will open a school in Briar. {second} Nobody objected to it. "
    "It will also train 40 nurses."
)


def draft(sentence: int, *who: str) -> DraftCommitment:
    return DraftCommitment(
        sentence=sentence, what="x", who=list(who), to=[], announced_by=None, place=None
    )


def giver_of(second: str, sentence: int, *who: str) -> list[str]:
    article = read_article(TEXT.format(second=second), language="en")
    drafts = (draft(1, "Alderon Group"), draft(sentence, *who))
    found = with_giver(drafts[1], givers_by_sentence(drafts, article), article)
    return found.who


@pytest.mark.parametrize(
    ("second", "who"),
    [
        ("The company will hire 20 cooks.", ()),
        ("The company will hire 20 cooks.", ("The company",)),
        ("Later on it will hire 20 cooks.", ()),
    ],
)
def test_a_giver_told_by_a_pronoun_or_noun_is_the_one_named_before(
    second: str, who: tuple[str, ...]
) -> None:
    assert giver_of(second, 2, *who) == ["Alderon Group"]


def test_a_giver_that_the_sentence_names_stands() -> None:
    assert giver_of("The company Cobalt will hire 20 cooks.", 2, "Cobalt") == ["Cobalt"]


def test_a_sentence_that_does_not_refer_back_gets_no_giver() -> None:
    assert giver_of("Twenty cooks will be hired.", 2) == []


def test_a_party_too_far_back_is_not_meant() -> None:
    assert giver_of("The company will hire 20 cooks.", 4) == []


def test_an_event_keeps_its_actors() -> None:
    article = read_article(TEXT.format(second="It rained."), language="en")
    event = DraftEvent(sentence=2, what="x", who=[], targets=[], instrument=None)
    assert with_giver(event, {1: ("Alderon Group",)}, article) == event


@pytest.mark.parametrize(
    ("language", "text", "actor", "codes"),
    [
        ("en", "Kenya's energy ministry will ban plastic bags.", "Kenya's energy ministry", ["KE"]),
        ("en", "Ottawa will tax imported cars from Chile.", "Ottawa", ["CA"]),
        ("fr", "Le gouvernement sénégalais a voté.", "Le gouvernement sénégalais", ["SN"]),
        ("en", "Norway's prime minister, Ann Example, spoke in Chile.", "Ann Example", ["NO"]),
        ("en", "The ministry will fine shops in Norway.", "The ministry", ["NO"]),
        ("en", "The ministry will fine shops. Norway is cold.", "The ministry", ["NO"]),
        ("en", "The ministry will fine shops in Norway and Chile.", "The ministry", []),
        ("en", "Alderon Ltd will open a shop in Norway.", "Alderon Ltd", []),
    ],
)
def test_the_jurisdiction_is_told_by_name_by_office_or_by_the_only_country(
    language: Language, text: str, actor: str, codes: list[str]
) -> None:
    article = read_article(text, language=language)
    found = jurisdictions_of([resolve_actor(actor, language)], article.sentences[:1], article)
    assert found == codes
