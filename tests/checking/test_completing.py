"""What a draft leaves open: the sentence, its own words or the finder settle it."""

from __future__ import annotations

import pytest

from extractor.checking.completing import CompleteCommitment, CompleteDraft, CompleteEvent, complete
from extractor.drafts import DraftCommitment, DraftEvent
from extractor.selection import Kind
from tests.articles import passage_of

TEXT = "Alderon ordered cranes for $41 million and will retrain 370 dockers."


def commitment(
    money: str | None = None, count: str | None = None, what: str = "x"
) -> DraftCommitment:
    return DraftCommitment(
        sentence=1,
        what=what,
        who=[],
        to=[],
        money=money,
        count=count,
        announced_by=None,
        place=None,
    )


def event() -> DraftEvent:
    return DraftEvent(sentence=1, what="x", who=[], targets=[], instrument=None)


def completed_by(
    draft: DraftCommitment | DraftEvent,
    text: str,
    likely: tuple[Kind, ...] = (),
    *,
    alone: bool = False,
) -> CompleteDraft | None:
    article, passage = passage_of(text)
    return complete(draft, passage.offers, article, likely, alone=alone)


def completed(
    draft: DraftCommitment | DraftEvent,
    text: str = TEXT,
    likely: tuple[Kind, ...] = ("output",),
    *,
    alone: bool = False,
) -> CompleteCommitment:
    found = completed_by(draft, text, likely, alone=alone)
    assert isinstance(found, CompleteCommitment)
    return found


@pytest.mark.parametrize(
    ("money", "count", "likely", "kind"),
    [
        (None, None, ("facility", "funding"), "facility"),
        ("m1", None, ("facility", "jobs", "purchase", "funding"), "purchase"),
        ("m1", "n1", ("jobs", "skills"), "funding"),
        (None, "n1", ("funding", "equity", "jobs"), "jobs"),
        (None, "n1", ("purchase", "jobs"), "purchase"),
    ],
)
def test_the_likeliest_resource_that_fits_the_figures_is_taken(
    money: str | None, count: str | None, likely: tuple[Kind, ...], kind: Kind
) -> None:
    assert completed(commitment(money, count), likely=likely).kind == kind


@pytest.mark.parametrize(
    ("what", "count", "kind"),
    [
        ("retrain 370 dockers", "n1", "skills"),
        ("hire 370 dockers", "n1", "jobs"),
        ("open a school", None, "facility"),
        ("ask for a school", None, "purchase"),
    ],
)
def test_the_verb_settles_what_is_done_with_counted_people_and_without_a_figure(
    what: str, count: str | None, kind: Kind
) -> None:
    draft = commitment(count=count, what=what)
    assert completed(draft, likely=("purchase", "facility")).kind == kind


def test_the_likeliest_act_is_taken() -> None:
    draft = completed_by(event(), TEXT, ("trade_restriction", "law_or_regulation"))
    assert isinstance(draft, CompleteEvent)
    assert draft.type == "trade_restriction"


def test_the_kind_that_the_model_was_asked_for_stands() -> None:
    asked = commitment("m1").model_copy(update={"kind": "compute"})
    assert completed(asked, likely=("funding",)).kind == "compute"
    said = event().model_copy(update={"type": "meeting"})
    draft = completed_by(said, TEXT, ("agreement",))
    assert isinstance(draft, CompleteEvent)
    assert draft.type == "meeting"


def test_a_draft_whose_kind_nobody_tells_is_none() -> None:
    assert completed_by(commitment(), TEXT) is None
    assert completed_by(event(), TEXT) is None


@pytest.mark.parametrize(
    ("what", "money", "count"),
    [
        ("retrain 370 dockers", None, "n1"),
        ("order cranes for $41 million", "m1", None),
        ("370 dockers and $41 million", "m1", "n1"),
        ("order 37 cranes", None, None),
        ("retrain dockers", None, None),
    ],
)
def test_the_figures_that_its_own_words_name_belong_to_a_draft(
    what: str, money: str | None, count: str | None
) -> None:
    draft = completed(commitment(what=what))
    assert (draft.money, draft.count) == (money, count)


def test_a_figure_that_the_model_chose_stands() -> None:
    chosen = commitment(count="n2", what="370 dockers")
    text = "Alderon will retrain 370 dockers and hire 20 pilots."
    assert completed(chosen, text).count == "n2"


def test_how_many_parties_there_are_is_no_quantity() -> None:
    text = "Two companies will pay $3 million to the 28 fishing villages on the coast."
    assert completed(commitment("m1", "n1"), text).count is None
    assert completed(commitment("m1", "n2"), text).count == "n2"
    villages = commitment("m1", "n2").model_copy(update={"to": ["28 fishing villages"]})
    assert completed(villages, text).count is None


def test_the_sources_of_a_rumour_are_no_quantity() -> None:
    text = "Alderon may pay $3 million, two people said, for 40 people."
    assert completed(commitment("m1", "n1"), text).count is None
    assert completed(commitment("m1", "n2"), text).count == "n2"


def test_things_that_are_counted_are_no_party() -> None:
    text = "Four stations will be built on the coast."
    draft = commitment(count="n1").model_copy(update={"who": ["Four stations"]})
    found = completed(draft, text)
    assert (found.who, found.count) == ([], "n1")


def test_all_dates_of_a_sentence_belong_to_its_only_draft() -> None:
    text = "On Tuesday Alderon said that it would retrain 370 dockers by 2031."
    assert completed(commitment(), text, alone=True).dates == ["d1", "d2"]
    assert completed(commitment(), text).dates == []
    chosen = commitment().model_copy(update={"dates": ["d2"]})
    assert completed(chosen, text, alone=True).dates == ["d2", "d1"]


def test_a_draft_without_words_gets_the_clause_of_its_figure() -> None:
    text = TEXT.replace(" and", ", and")
    first = completed(commitment(money="m1", what=""), text)
    second = completed(commitment(count="n1", what=""), text)
    assert first.what == "Alderon ordered cranes for $41 million"
    assert second.what == "and will retrain 370 dockers."


def test_without_a_figure_it_gets_the_clause_of_what_it_names() -> None:
    text = "Lenders cheered, and Ovida will open a school in Brask."
    draft = commitment(what="").model_copy(update={"who": ["Ovida"], "place": "Brask"})
    assert completed(draft, text).what == "and Ovida will open a school in Brask."
    told = event().model_copy(update={"what": " ", "instrument": "School Act"})
    found = completed_by(told, "Rates fell, but Ovida passed the School Act.", ("agreement",))
    assert found is not None
    assert found.what == "but Ovida passed the School Act."


def test_the_words_settle_the_resource_though_the_model_was_not_asked_for_them() -> None:
    assert completed(commitment(count="n1", what=""), likely=("jobs", "output")).kind == "skills"
