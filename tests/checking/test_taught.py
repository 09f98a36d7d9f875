"""What is taken from a model that was taught by labels, and not from one that was only told."""

from __future__ import annotations

from extractor.asking.questions import Drafted
from extractor.checking import TAUGHT, TOLD, Checked, Checks, check_drafts
from extractor.drafts import AnyDraft, DraftCommitment, DraftEvent
from extractor.selection import Candidates, Likely
from tests.articles import passage_of

GROWERS = "Norvane has put up a cold store for growers in Brask."
BEFORE = "Norvane Foods sells vegetables. Each year 40 farms will be given seed."


def commitment(**fields: object) -> DraftCommitment:
    blank = {"sentence": 1, "who": ["Norvane"], "to": [], "announced_by": None, "place": None}
    return DraftCommitment.model_validate({**blank, **fields})


def event(**fields: object) -> DraftEvent:
    blank = {"sentence": 1, "who": [], "targets": [], "instrument": None, "type": "agreement"}
    return DraftEvent.model_validate({**blank, **fields})


def checked(text: str, draft: AnyDraft, *, tuned: bool, probability: float = 0.9) -> Checked:
    article, passage = passage_of(text)
    likely = {sentence.id: Likely(probability) for sentence in article.sentences}
    candidates: Candidates = {"commitment": likely, "policy_event": likely}
    drafted = [Drafted(draft, passage.offers)]
    checks = Checks(TAUGHT if tuned else TOLD)
    return check_drafts(drafted, [], article, checks, candidates)


def test_receivers_without_a_name_are_a_group() -> None:
    draft = commitment(to=["growers"], kind="facility", place="Brask")
    (told,) = checked(GROWERS, draft, tuned=False).commitments
    (tuned,) = checked(GROWERS, draft, tuned=True).commitments
    assert told.recipients == []
    assert [(party.name, party.type) for party in tuned.recipients] == [
        ("growers", "unspecified_group")
    ]


def test_a_giver_that_only_an_earlier_sentence_names_is_proved_by_it() -> None:
    draft = commitment(sentence=2, who=["Norvane Foods"], kind="output", count="n1")
    (told,) = checked(BEFORE, draft, tuned=False).commitments
    (tuned,) = checked(BEFORE, draft, tuned=True).commitments
    assert told.actors == []
    assert [actor.name for actor in tuned.actors] == ["Norvane Foods"]
    assert [item.sentence for item in tuned.evidence] == [2, 1]


def test_a_giver_that_no_sentence_names_is_refused_all_the_same() -> None:
    draft = commitment(sentence=2, who=["Ovida"], kind="output", count="n1")
    found = checked(BEFORE, draft, tuned=True)
    assert [item.value for item in found.rejected] == ["Ovida"]


def test_an_act_without_a_word_of_ours_for_the_authority_is_doubted() -> None:
    text = "Zagreb and the two lending libraries signed a pact on rare books."
    draft = event(who=["the two lending libraries"], status="adopted")
    assert checked(text, draft, tuned=False).policy_events == []
    (tuned,) = checked(text, draft, tuned=True).policy_events
    assert tuned.actors[0].name == "the two lending libraries"
    assert tuned.doubts[0].rule == "no_authority"


def test_a_status_stands_and_words_that_speak_against_it_raise_a_doubt() -> None:
    torn = "Norvane tore up its promise of 40 cranes for Port Brask."
    (found,) = checked(
        torn, commitment(kind="output", count="n1", status="cancelled"), tuned=True
    ).commitments
    assert found.status == "cancelled"
    talks = "Norvane is in talks to buy 40 cranes for Port Brask."
    (found,) = checked(
        talks, commitment(kind="output", count="n1", status="completed"), tuned=True
    ).commitments
    assert found.status == "completed"
    assert [doubt.rule for doubt in found.doubts] == ["status_disagrees"]
