"""Rows: drafts about an article in as few tokens as can be, and the strategy that asks for them."""

from __future__ import annotations

import re
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import Extractor
from extractor.article import read_article
from extractor.drafts import DraftCommitment, DraftEvent
from extractor.drafts.rows import plain, read_rows, rows_grammar, write_rows
from extractor.models import ModelRequest, ScriptedModel
from extractor.models.base import Message
from extractor.models.opening import open_model
from extractor.prompting.passages import make_article_passage
from extractor.prompting.rendering import ROWS_ASKED
from extractor.records import CommitmentStatus, EventStatus, EventType, RecordType, ResourceKind
from extractor.selection import Candidates
from extractor.selection.base import Likely
from extractor.settings import Settings

ARTICLE: Final = (
    "Le Fonds Azur a été créé en 2011. Il versera d'ici 2027 une aide de 12 millions d'euros à la "
    "ville de Brisecol. La ville attend. Le ministère de Valdor a adopté vendredi le plan Rivage."
)
KINDS: Final[tuple[RecordType, ...]] = ("commitment", "policy_event")
NAMES = st.text(alphabet="aé B|;\n'", max_size=12).map(plain)
LISTS = st.lists(NAMES.filter(bool), max_size=3)
COMMITMENTS = st.builds(
    DraftCommitment,
    sentence=st.just(2),
    who=LISTS,
    to=LISTS,
    kind=st.sampled_from(get_args(ResourceKind)),
    money=st.sampled_from([None, "m1"]),
    count=st.none(),
    dates=st.lists(st.sampled_from(["d1", "d2"]), max_size=2),
    status=st.sampled_from(get_args(CommitmentStatus)),
    announced_by=NAMES.map(lambda name: name or None),
    place=NAMES.map(lambda name: name or None),
)
EVENTS = st.builds(
    DraftEvent,
    sentence=st.just(4),
    who=LISTS,
    targets=LISTS,
    type=st.sampled_from(get_args(EventType)),
    instrument=NAMES.map(lambda name: name or None),
    dates=st.lists(st.sampled_from(["d1", "d2"]), max_size=2),
    status=st.sampled_from(get_args(EventStatus)),
)


class Chosen:
    """A finder that chooses sentences 2 and 4."""

    name = "chosen"
    tells_kinds = True

    def find(self, article: object, numbers: object = None) -> Candidates:
        return {kind: {2: Likely(0.9), 4: Likely(0.9)} for kind in KINDS}


@given(st.lists(COMMITMENTS, max_size=3), st.lists(EVENTS, max_size=3))
def test_what_is_written_is_read(
    commitments: list[DraftCommitment], events: list[DraftEvent]
) -> None:
    found = read_rows(write_rows({2: commitments, 4: events}), (2, 4))
    assert found.drafts == (*commitments, *events)
    assert (found.unfit, found.complete) == ((), True)


def test_a_reply_that_was_cut_keeps_its_whole_rows() -> None:
    text = write_rows({2: [], 4: []}) + "e|ministère de Valdor||d2|law_or_reg"
    found = read_rows(text, (2, 4))
    assert (found.drafts, found.unfit, found.complete) == ((), (), False)
    assert not read_rows("[2]\n", (2, 4)).complete


@pytest.mark.parametrize("row", ["c|too|few", "x|a|b", "e|a||d1|no_such_act|adopted|", "[99]"])
def test_a_row_that_fits_no_form_is_told_with_its_sentence(row: str) -> None:
    found = read_rows(f"[2]\n{row}\nc||||||funding|announced||\n[4]\n", (2, 4))
    rest = () if row == "[99]" else ((2, row),)
    assert found.unfit == (rest or ((99, "c||||||funding|announced||"),))
    assert len(found.drafts) == (row != "[99]")


def test_an_article_is_asked_about_once_and_names_come_from_all_of_it() -> None:
    reply = (
        "[2]\nc|Fonds Azur|ville de Brisecol|m1||d2|funding|planned||\n"
        "[4]\ne|ministère de Valdor||d3|strategy_or_programme|adopted|plan Rivage\n"
    )
    model = ScriptedModel([reply])
    settings = Settings(strategy="article", policy="taught", store=None)
    with Extractor(model, settings=settings, finder=Chosen()) as extractor:
        extraction = extractor.extract(ARTICLE, language="fr")
    [request] = model.requests
    assert _asked(request) == "[2] [4]"
    *_, news, question = request.messages[-1].content.partition("</news>\nRows of\n")
    assert question.splitlines()[0] in request.messages[-1].content.partition("</news>")[0]
    assert request.grammar is not None
    [commitment] = extraction.commitments
    assert [actor.name for actor in commitment.actors] == ["Fonds Azur"]
    assert [item.sentence for item in commitment.evidence] == [2, 1]
    assert commitment.amount is not None
    assert (commitment.amount.value, commitment.status) == (12_000_000, "planned")
    [event] = extraction.policy_events
    assert event.instrument == "plan Rivage"
    assert extraction.provenance.strategy == "article"


def test_a_reply_that_was_cut_is_asked_for_in_halves() -> None:
    def answer(request: ModelRequest) -> str:
        asked = _asked(request)
        return "[2]\n" if asked == "[2] [4]" else f"{asked}\n"

    model = ScriptedModel(answer)
    settings = Settings(strategy="article", policy="taught", store=None)
    with Extractor(model, settings=settings, finder=Chosen()) as extractor:
        extraction = extractor.extract(ARTICLE, language="fr")
    asked = [_asked(request) for request in model.requests]
    assert asked == ["[2] [4]", "[2]", "[4]"]
    assert "passage_unread" not in {notice.code for notice in extraction.notices}


def test_an_unlikely_sentence_is_asked_about_where_that_costs_a_few_tokens() -> None:
    class Doubtful(Chosen):
        def find(self, article: object, numbers: object = None) -> Candidates:
            return {kind: {1: Likely(0.05), 2: Likely(0.9), 4: Likely(0.2)} for kind in KINDS}

    for least, expected in ((0.4, "[2] [4]"), (0.01, "[1] [2] [4]")):
        model = ScriptedModel(lambda request: f"{_asked(request)}\n".replace(" ", "\n"))
        settings = Settings(strategy="article", policy="taught", store=None, min_confidence=least)
        with Extractor(model, settings=settings, finder=Doubtful()) as extractor:
            extractor.extract(ARTICLE, language="fr")
        assert [_asked(request) for request in model.requests] == [expected]


def test_questions_about_one_stretch_begin_alike_so_that_it_is_read_once() -> None:
    text = "\n".join(f"Sentence {n} of the council of Askel is about nothing." for n in range(30))

    class All(Chosen):
        def find(self, article: object, numbers: object = None) -> Candidates:
            return {kind: {n: Likely(0.9) for n in range(1, 31)} for kind in KINDS}

    model = ScriptedModel(lambda request: f"{_asked(request)}\n".replace(" ", "\n"))
    settings = Settings(strategy="article", policy="taught", store=None)
    with Extractor(model, settings=settings, finder=All()) as extractor:
        extractor.extract(text)
    beginnings = {one.messages[-1].content.partition(ROWS_ASKED)[0] for one in model.requests}
    assert len(beginnings) == 1
    asked = [number for request in model.requests for number in _asked(request).split()]
    assert asked == [f"[{number}]" for number in range(1, 31)]
    assert max(len(_asked(request).split()) for request in model.requests) <= 4


def test_a_long_article_is_asked_about_in_windows_behind_its_beginning() -> None:
    text = "\n".join(f"Sentence {n} of the council of Askel is about nothing." for n in range(400))

    class All(Chosen):
        def find(self, article: object, numbers: object = None) -> Candidates:
            return {kind: {n: Likely(0.9) for n in range(1, 400, 40)} for kind in KINDS}

    def answer(request: ModelRequest) -> str:
        asked = _asked(request)
        return "".join(f"{number}\n" for number in asked.split())

    model = ScriptedModel(answer)
    settings = Settings(strategy="article", policy="taught", store=None)
    with Extractor(model, settings=settings, finder=All()) as extractor:
        extractor.extract(text)
    assert len(model.requests) > 3
    for request in model.requests:
        assert request.messages[-1].content.startswith("<news>\n[1] Sentence 0 of")
        assert len(request.messages[-1].content) < 9_000


def _asked(request: ModelRequest) -> str:
    """The numbers of the sentences below the question, in brackets."""
    question = request.messages[-1].content.rpartition(f"{ROWS_ASKED}\n")[2]
    return " ".join(re.findall(r"^\[\d+\]", question, re.MULTILINE))


@pytest.mark.embedded
def test_the_real_engine_is_kept_to_rows_and_to_words_of_the_article() -> None:
    article = read_article(ARTICLE, language="fr")
    passage = make_article_passage(article, [2, 4], range(1, 5), KINDS)
    near = {number: passage.near(number) for number in passage.numbers}
    words = " ".join(sentence.text for sentence in passage.shown)
    model = open_model("smollm2-135m", Settings())
    request = ModelRequest(
        messages=(Message("user", words),),
        json_schema={},
        schema_name="rows",
        max_tokens=160,
        grammar=rows_grammar(near, passage.offers, words),
    )
    reply = model.complete(request)
    found = read_rows(reply.text.rpartition("\n")[0] + "\n", (2, 4))
    assert reply.text.startswith("[2]\n")
    assert found.unfit == ()
    for draft in found.drafts:
        assert all(name in words for name in draft.who)
