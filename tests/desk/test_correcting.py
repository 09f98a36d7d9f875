"""What a person chooses becomes a value that a sentence bears, or is refused with the reason."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.article import Article, read_article
from extractor.desk.correcting import corrected, created
from extractor.desk.corrections import Correction, NewRecord, NotBorne
from extractor.desk.words import numbers_of, stretch_of, words_of
from extractor.errors import InputError
from extractor.kinds import AnyRecord
from extractor.records import Commitment, PolicyEvent
from tests.desk.desks import ARTICLE


def _article(text: str = ARTICLE, language: str = "en") -> Article:
    return read_article(text, language=language, published_at=date(2026, 3, 31))


def _pledge(article: Article, sentence: int = 3, **chosen: str) -> AnyRecord:
    fields = {"actors": ["Nordlys Compute"], "label": "funding", "status": "announced", **chosen}
    return created(
        NewRecord(kind="commitment", sentence=sentence, title="a data centre", **fields),  # type: ignore[arg-type]
        article,
    )


def _verdict(record: AnyRecord, field: str) -> tuple[str, int | None]:
    return next((v.verdict, v.sentence) for v in record.verdicts if v.field == field)


def test_a_mention_becomes_the_value_and_its_sentence_is_cited() -> None:
    article = _article()
    record = _pledge(article)

    changed = corrected(record, Correction("amount", sentence=5, reference="m1"), article)

    assert isinstance(changed, Commitment)
    assert changed.amount is not None
    assert (changed.amount.value, changed.amount.currency) == (2_500_000, "EUR")
    assert [item.sentence for item in changed.evidence] == [3, 5]
    assert _verdict(changed, "amount") == ("normalised", 5)


def test_words_become_the_value_that_they_mean() -> None:
    article = _article()
    chosen = Correction("deadline", sentence=3, reference="by 2027")

    changed = corrected(_pledge(article), chosen, article)

    assert isinstance(changed, Commitment)
    assert changed.deadline is not None
    assert changed.deadline.edtf == "2027"


def test_a_place_is_named_by_words_and_its_code_by_who_knows_it() -> None:
    article = _article()
    chosen = Correction("places", sentence=3, reference="Tromsø")

    changed = corrected(_pledge(article), chosen, article)
    coded = corrected(
        changed,
        Correction("places", sentence=3, reference="Tromsø", place=0, judged={"code": "no-55"}),
        article,
    )

    assert isinstance(changed, Commitment)
    assert isinstance(coded, Commitment)
    assert [place.name for place in changed.places] == ["Tromsø"]
    assert [(p.name, p.country, p.subdivision) for p in coded.places] == [("Tromsø", "NO", "NO-55")]
    with pytest.raises(InputError, match="is no code of a country"):
        corrected(
            changed,
            Correction("places", sentence=3, reference="Tromsø", judged={"code": "XX"}),
            article,
        )


@pytest.mark.parametrize(
    ("field", "reference", "told"),
    [
        ("amount", "data centre", "is no amount of money"),
        ("amount", "120 engineers", "is no amount of money"),
        ("quantity", "at the site", "is no quantity"),
        ("deadline", "data centre", "is no date"),
        ("duration", "by 2027", "is no duration"),
    ],
)
def test_words_that_mean_no_such_value_are_refused(field: str, reference: str, told: str) -> None:
    article = _article()
    sentence = 4 if field == "quantity" or "engineers" in reference else 3

    with pytest.raises(NotBorne, match=told):
        corrected(_pledge(article), Correction(field, sentence, reference), article)


def test_words_of_another_sentence_are_refused() -> None:
    article = _article()

    with pytest.raises(NotBorne, match="no cited sentence says it"):
        corrected(_pledge(article), Correction("recipients", 3, "Norwegian Parliament"), article)


def test_a_sentence_that_bears_a_value_cannot_be_taken_away_alone() -> None:
    article = _article()
    record = corrected(_pledge(article), Correction("amount", 5, "m1"), article)

    with pytest.raises(NotBorne, match="amount “2.5 million euros”: no cited sentence says it"):
        corrected(record, Correction("evidence", place=1, is_removal=True), article)
    without = corrected(record, Correction("amount", is_removal=True), article)
    left = corrected(without, Correction("evidence", place=1, is_removal=True), article)

    assert [item.sentence for item in left.evidence] == [3]


def test_a_party_is_added_replaced_and_removed() -> None:
    article = _article()
    record = _pledge(article)

    two = corrected(record, Correction("actors", 5, "Ministry of Trade"), article)
    other = corrected(two, Correction("actors", 5, "Ministry of Trade", place=0), article)
    one = corrected(two, Correction("actors", place=0, is_removal=True), article)

    assert [actor.name for actor in two.actors] == ["Nordlys Compute", "Ministry of Trade"]
    assert [actor.name for actor in other.actors] == ["Ministry of Trade", "Ministry of Trade"]
    assert [actor.name for actor in one.actors] == ["Ministry of Trade"]
    assert two.actors[1].type == "gov_agency"


def test_a_label_is_of_its_list_or_refused() -> None:
    article = _article()
    record = _pledge(article)

    changed = corrected(record, Correction("status", text="agreed"), article)

    assert changed.status == "agreed"
    with pytest.raises(InputError, match="not a choice of the list"):
        corrected(record, Correction("status", text="adopted"), article)


def test_money_gives_a_record_its_role_and_takes_it_away_again() -> None:
    article = _article()
    record = _pledge(article, label="jobs")
    assert isinstance(record, Commitment)
    assert record.finance_role is None

    paid = corrected(record, Correction("amount", 3, "m1"), article)
    unpaid = corrected(paid, Correction("amount", is_removal=True), article)

    assert isinstance(paid, Commitment)
    assert isinstance(unpaid, Commitment)
    assert (paid.finance_role, unpaid.finance_role) == ("provide", None)


def test_a_new_act_is_built_and_proved() -> None:
    article = _article()
    wanted = NewRecord(
        kind="policy_event",
        sentence=6,
        title="Parliament adopts an act",
        actors=["Norwegian Parliament"],
        label="law_or_regulation",
        status="adopted",
        dates=["d1"],
    )

    record = created(wanted, article)

    assert isinstance(record, PolicyEvent)
    # After the day of the article: rules of words take it for the day of effect.
    assert record.deadline is not None
    assert record.deadline.edtf == "2026-05-03"
    assert record.jurisdictions == ["NO"]


@pytest.mark.parametrize(
    ("sentence", "actors", "told"),
    [(3, ["Ministry of Trade"], None), (2, [], "nothing in it can be checked|whole record")],
)
def test_a_new_record_that_its_sentence_does_not_bear_is_refused(
    sentence: int, actors: list[str], told: str | None
) -> None:
    article = _article()
    wanted = NewRecord("commitment", sentence, "a plan", actors, "funding", "announced")

    if told is None:
        # The sentence that names the party is cited too, as for a strong model.
        assert 5 in [item.sentence for item in created(wanted, article).evidence]
        return
    with pytest.raises(NotBorne):
        created(wanted, article)


def test_words_are_chosen_in_code_points_whatever_stands_before_them() -> None:
    ministry = unicodedata.normalize("NFD", "Bộ Khoa học và Công nghệ")
    text = (
        f"\N{ROCKET}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL} {ministry} sẽ chi 5 tỷ đồng.\n"
        "أعلنت شركة النور أنها ستستثمر 7 ملايين دولار في مركز بيانات.\n"
    )
    article = _article(text, "vi")
    sentence = article.sentences[0]
    words = words_of(article, sentence)

    numbers = numbers_of(article, sentence, words, "Bộ Khoa học và Công nghệ")

    assert stretch_of(article, words, [min(numbers), max(numbers)]) == ministry
    for word in words:
        assert text[word.start : word.end] == word.text
    arabic = words_of(article, article.sentences[1])
    assert stretch_of(article, arabic, [2, 3]) == "شركة النور"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])))
def test_words_of_any_sentence_stand_in_it_in_order(text: str) -> None:
    article = _article("A first sentence stands here for sure. " + text + " And a last one here.")
    for sentence in article.sentences:
        words = words_of(article, sentence)
        places = [(word.start, word.end) for word in words]
        assert all(sentence.start <= a < b <= sentence.end for a, b in places)
        assert places == sorted(places)
        assert all(b <= c for (_, b), (c, _) in zip(places, places[1:], strict=False))


def test_elided_and_joined_words_can_be_chosen_apart_and_figures_stay_whole() -> None:
    text = "Le 10/4, l’Agence franco-allemande donne 2,5 millions d'euros (soit 3 M$)."
    article = _article(text, "fr")

    words = [word.text for word in words_of(article, article.sentences[0])]

    assert words == [
        *("Le", "10/4", "l", "Agence", "franco", "allemande", "donne", "2,5", "millions"),
        *("d", "euros", "soit", "3", "M$"),
    ]
