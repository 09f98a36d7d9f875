"""What a draft left out and its own words or the finder tell: figures, resource or act."""

from __future__ import annotations

import pytest

from extractor.building import with_kind, with_own_figures
from extractor.drafts import DraftCommitment, DraftEvent
from extractor.finding import Kind
from tests.articles import passage_of


def commitment(money: str | None = None, count: str | None = None) -> DraftCommitment:
    return DraftCommitment(
        sentence=1, what="x", who=[], to=[], money=money, count=count, announced_by=None, place=None
    )


def event() -> DraftEvent:
    return DraftEvent(sentence=1, what="x", who=[], targets=[], instrument=None)


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
    draft = with_kind(commitment(money, count), likely)
    assert isinstance(draft, DraftCommitment)
    assert draft.kind == kind


def test_the_likeliest_act_is_taken() -> None:
    draft = with_kind(event(), ("trade_restriction", "law_or_regulation"))
    assert isinstance(draft, DraftEvent)
    assert draft.type == "trade_restriction"


def test_what_the_model_was_asked_for_stands() -> None:
    asked = commitment("m1").model_copy(update={"kind": "compute"})
    assert with_kind(asked, ("funding",)) == asked
    said = event().model_copy(update={"type": "meeting"})
    assert with_kind(said, ("agreement",)) == said


def test_a_draft_whose_kind_nobody_tells_is_none() -> None:
    assert with_kind(commitment(), ()) is None
    assert with_kind(event(), ()) is None


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
    text = "Alderon ordered cranes for $41 million and will retrain 370 dockers."
    _, passage = passage_of(text)
    draft = with_own_figures(commitment().model_copy(update={"what": what}), passage.offers)
    assert isinstance(draft, DraftCommitment)
    assert (draft.money, draft.count) == (money, count)


def test_a_figure_that_the_model_chose_stands() -> None:
    _, passage = passage_of("Alderon will retrain 370 dockers and hire 20 pilots.")
    chosen = commitment(count="n2").model_copy(update={"what": "370 dockers"})
    assert with_own_figures(chosen, passage.offers) == chosen
