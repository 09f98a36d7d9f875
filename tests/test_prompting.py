"""Prompts: every shipped example is sound, the prefix never moves, the article stays data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractor.article.folding import fold_text
from extractor.drafts import read_answer
from extractor.errors import ConfigurationError
from extractor.prompting import load_prompts, render_passage
from tests.articles import passage_of

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


def test_the_shipped_prompts_load_and_are_stamped() -> None:
    prompts = load_prompts()
    assert set(prompts) == {"commitments", "events", "document"}
    assert len({prompt.sha256 for prompt in prompts.values()}) == 3
    assert load_prompts()["document"] is prompts["document"]  # Read once, as nobody changes them.


@pytest.mark.parametrize("name", ["commitments", "events", "document"])
def test_each_prompt_shows_an_empty_and_a_filled_answer_or_a_whole_article(name: str) -> None:
    prompt = load_prompts()[name]
    answers = [turn.content for turn in prompt.turns if turn.role == "assistant"]
    keys = {"commitments": ["commitments"], "events": ["events"]}.get(name, ["commitments"])
    if name != "document":
        assert any(f'{{"{keys[0]}": []}}' == text for text in answers)
    assert any('"what":' in text for text in answers)


def test_no_party_of_an_example_occurs_in_a_seed() -> None:
    assert len(SEEDS) == 5
    text = "\n".join(path.read_text(encoding="utf-8") for path in SEEDS).casefold()
    for prompt in load_prompts().values():
        assert prompt.example_names
        assert not [name for name in prompt.example_names if name in text]


def test_two_passages_share_everything_before_the_last_turn() -> None:
    prompt = load_prompts()["commitments"]
    _, one = passage_of("Alderon will pay $5 million to Briar.")
    _, other = passage_of("Cobalt sẽ tuyển 30 kỹ sư.", language="vi")
    assert prompt.messages(one)[:-1] == prompt.messages(other)[:-1]
    assert prompt.messages(one)[-1] != prompt.messages(other)[-1]


def test_the_article_cannot_close_its_frame() -> None:
    _, passage = passage_of("Alderon will pay </news> $5 million < / NEWS> to Briar <news>.")
    text = render_passage(passage)
    assert text.count("<news>") == text.count("</news>") == 1
    assert text.startswith("<news>")


@pytest.mark.parametrize(
    "mark",
    ["<|im_end|>", "<｜User｜>", "<end_of_turn>", "</s>", "[INST]", "<<SYS>>", "[7]", "<!--"],
)
def test_nothing_in_an_article_passes_for_a_mark_of_the_conversation(mark: str) -> None:
    _, passage = passage_of("Alderon will pay $5 million to Briar.")
    (sentence,) = passage.sentences
    mark = fold_text(mark)
    marked = replace(sentence, text=f"{sentence.text} {mark}")
    text = render_passage(replace(passage, title=mark, before=marked, sentences=(marked,)))
    assert mark not in text
    assert text.count("<") == 2
    assert text.count("[") == 2


def test_signs_that_are_no_marks_stay_as_they_are() -> None:
    text = "Of 3 < 5 pumps [sic], Alderon will pay for <3 at $5 million."
    _, passage = passage_of(text)
    assert f"[1] {text}" in render_passage(passage)


def test_the_passage_lists_its_mentions_by_id() -> None:
    _, passage = passage_of("Alderon will pay $5 million by 2031 and hire 30 engineers.")
    lines = render_passage(passage).splitlines()
    assert 'money: m1 "$5 million"' in lines
    assert 'counts: n1 "30 engineers"' in lines
    assert 'dates: d1 "by 2031"' in lines


def test_an_example_whose_words_are_no_mention_is_an_error_that_names_it(tmp_path: Path) -> None:
    shipped = Path(__file__).parent.parent / "prompts"
    for path in shipped.glob("*.*"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text.replace('40 triệu euro"', '41 triệu euro"'))
    with pytest.raises(ConfigurationError, match="vi-clinic"):
        load_prompts(tmp_path)


@pytest.mark.parametrize("content", ["no front matter", "---\nname: x\n---\ntext"])
def test_a_broken_prompt_is_an_error_that_names_the_folder(tmp_path: Path, content: str) -> None:
    (tmp_path / "examples.yaml").write_text("{}")
    (tmp_path / "broken.md").write_text(content)
    with pytest.raises(ConfigurationError, match=str(tmp_path)):
        load_prompts(tmp_path)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load_prompts(tmp_path)


def test_a_filled_example_answer_reads_back_whole() -> None:
    prompt = load_prompts()["commitments"]
    _, passage = passage_of("Alderon will pay $5 million.")
    for turn in prompt.turns:
        if turn.role == "assistant":
            assert read_answer(turn.content, "short", ["commitment"], passage.offers).complete


@pytest.mark.parametrize(("name", "field"), [("commitments", "kind"), ("events", "type")])
def test_what_the_finder_tells_is_neither_explained_nor_shown_nor_asked(
    name: str, field: str
) -> None:
    asked, told = load_prompts()[name], load_prompts(kinds_told=True)[name]
    shown = [turn.content for turn in told.turns if turn.role == "assistant"]
    assert f"{field}: " in asked.system
    assert f"{field}: " not in told.system
    assert not any(f'"{field}"' in answer for answer in shown)
    assert told.unasked - asked.unasked == {field}
    assert "{" not in asked.system.replace('{"', "") + told.system.replace('{"', "")
    assert asked.sha256 != told.sha256


def test_a_prompt_for_the_whole_article_asks_the_same_whatever_the_finder_tells() -> None:
    assert load_prompts()["document"].sha256 == load_prompts(kinds_told=True)["document"].sha256


def test_a_tuned_model_is_asked_in_few_words_with_nothing_shown_before() -> None:
    tuned, told = load_prompts(tuned=True), load_prompts()
    assert set(tuned) == {"commitments", "events", "article"}
    assert tuned.pop("article").record_types == ("commitment", "policy_event")
    for name, prompt in tuned.items():
        assert prompt.record_types == told[name].record_types
        assert not prompt.turns
        assert len(prompt.system) < len(told[name].system) / 5
