"""The labelled corpus, the checks that guard it, and the sample that a finder has not seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.labels.dataset import load_corpus
from eval.labels.passages import CorpusPassage, WrittenEvent, load_passages
from training.checks import faults
from training.corpora import ARTICLES, DATA, SECOND, fold_of, passages_in
from training.held_out import main, sample

CHALLENGE = Path("gold/challenge")
BUILDS = Path("training/builds.jsonl")
# Where the labels are right and our own reader of amounts has something to learn.
UNREAD_AMOUNT = "does not read as"
TRAM = CorpusPassage(
    id="en-transport-001",
    about=("agreement",),
    date="2026-03-02",
    text=(
        "The council of Alder Bay adopted a tramway plan on Monday after two evenings of debate.",
        "Shopkeepers along the route had asked for wider pavements and slower cars.",
    ),
    events=(
        WrittenEvent(
            label="Tramway plan",
            quotes=(1,),
            type="strategy_or_programme",
            who=("council of Alder Bay|government",),
            jurisdictions=(),
            status="adopted",
        ),
    ),
)


def told(*passages: CorpusPassage) -> str:
    return "\n".join(f"{fault.passage}: {fault.told}" for fault in faults(passages))


def texts(passages: Sequence[CorpusPassage]) -> dict[str, object]:
    return {passage.id: (passage.date, passage.article) for passage in passages}


def test_nothing_is_wrong_with_the_corpus_but_amounts_that_our_reader_cannot_resolve() -> None:
    found = list(faults(passages_in(DATA)))
    assert [fault for fault in found if UNREAD_AMOUNT not in fault.told] == []


def test_nothing_is_wrong_with_the_articles_but_amounts_that_our_reader_cannot_resolve() -> None:
    articles = passages_in(ARTICLES)
    assert [fault for fault in faults(articles) if UNREAD_AMOUNT not in fault.told] == []
    builds = BUILDS.read_text(encoding="utf-8").splitlines()
    assert {article.build for article in articles} <= {json.loads(line)["id"] for line in builds}


def test_the_second_labels_fit_their_passages() -> None:
    found = list(faults(passages_in(SECOND)))
    assert [fault for fault in found if UNREAD_AMOUNT not in fault.told] == []


@pytest.mark.parametrize(
    "file",
    sorted((*DATA.glob("*.jsonl"), *ARTICLES.glob("*.jsonl"))),
    ids=lambda file: f"{file.parent.name}/{file.name}",
)
def test_a_tenth_of_each_file_is_labelled_twice(file: Path) -> None:
    first = texts(load_passages([file]))
    assert len(first.keys() & texts(passages_in(SECOND)).keys()) >= len(first) // 10


def test_what_is_labelled_twice_is_the_same_text() -> None:
    for file in SECOND.glob("*.jsonl"):
        second = texts(load_passages([file]))
        first = (passages_in(folder, f"{file.stem}*.jsonl") for folder in (DATA, ARTICLES))
        assert second.items() <= texts([one for found in first for one in found]).items()


def test_a_sound_passage_has_no_fault() -> None:
    assert told(TRAM) == ""


def test_an_altered_quote_is_a_fault() -> None:
    event = TRAM.events[0].model_copy(update={"quotes": ("adopted a tramway law",)})
    assert "adopted a tramway law" in told(TRAM.model_copy(update={"events": (event,)}))


def test_a_party_that_is_not_in_the_passage_is_a_fault() -> None:
    event = TRAM.events[0].model_copy(update={"who": ("council of Elder Bay|government",)})
    assert "'council of Elder Bay'" in told(TRAM.model_copy(update={"events": (event,)}))


def test_an_id_used_twice_is_a_fault() -> None:
    assert "used 2 times" in told(TRAM, TRAM)


def test_words_of_the_challenge_set_are_a_fault() -> None:
    borrowed = load_corpus(CHALLENGE).items[0].text.strip()
    passage = TRAM.model_copy(update={"text": (*TRAM.text, borrowed)})
    assert "shares" in told(passage)


def test_a_passage_with_other_names_and_numbers_is_the_same_passage() -> None:
    twin = TRAM.model_copy(
        update={
            "id": "en-transport-002",
            "text": tuple(line.replace("Alder Bay", "Cold Harbour") for line in TRAM.text),
            "events": (),
        }
    )
    assert "is en-transport-001 with other names" in told(TRAM, twin)


def test_the_same_passages_of_one_fold_come_out_every_time() -> None:
    names = [item.name for item in sample(30)]
    assert names == [item.name for item in sample(30)]
    assert len({fold_of(name) for name in names}) == 1
    assert names[:10] == [item.name for item in sample(10)]


def test_they_hold_every_language_and_passages_with_nothing_to_find() -> None:
    items = sample(80)
    assert {item.gold.document.language for item in items} == {"vi", "fr", "en"}
    assert any(not item.gold.commitments and not item.gold.policy_events for item in items)
    assert any(item.gold.commitments for item in items)


def test_what_is_written_is_a_corpus_of_the_harness(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(main, [str(tmp_path), "--count", "5"])
    assert outcome.exit_code == 0, outcome.output
    written = load_corpus(tmp_path)
    assert {item.name for item in written.items} == {item.name for item in sample(5)}
    assert [item.gold for item in sorted(written.items, key=lambda item: item.name)] == [
        item.gold for item in sorted(sample(5), key=lambda item: item.name)
    ]


def test_a_sentence_may_begin_a_line_or_a_paragraph() -> None:
    article = CorpusPassage(
        id="en-transport-002",
        about=("list",),
        date=None,
        title="Tramway",
        text=("The council pays:", "\n- for rails", "\n- for trees", "\n\nIt said so.", "Twice."),
        events=(
            WrittenEvent(
                label="Tramway plan",
                quotes=(1, 3, 4, 5),
                type="strategy_or_programme",
                who=("council|government",),
                jurisdictions=(),
                status="adopted",
            ),
        ),
    )
    body = "Tramway\n\nThe council pays:\n- for rails\n- for trees\n\nIt said so. Twice."
    assert article.body == body
    [event] = article.gold("test").policy_events
    quotes = ["The council pays:", "- for trees", "It said so.", "Twice."]
    assert [item.quote for item in event.evidence] == quotes
    assert [body[item.start : item.end] for item in event.evidence] == quotes
