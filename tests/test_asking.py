"""What happens to good, cut, empty, looping and invalid replies, and to failing providers."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from extractor.asking.budget import CallLimits, Ledger
from extractor.asking.deadline import Deadline
from extractor.asking.pacing import PacedModel
from extractor.asking.questions import Asked, ask, ask_all
from extractor.drafts import DraftCommitment, answer_schema, read_answer, sentences_of
from extractor.errors import (
    ConfigurationError,
    ModelError,
    ModelPromptTooLong,
    ModelRateLimited,
    ModelRefusedKey,
    ModelUnavailable,
)
from extractor.models import ModelReply, ModelRequest, ScriptedModel, TokenUsage
from extractor.models.scripted import Answer
from extractor.models.waiting import finished
from extractor.prompting import Prompt, load_prompts
from extractor.prompting.passages import Passage
from tests.articles import answer, commitment, passage_of

LIMITS = CallLimits(
    max_calls=20, max_tokens=256, retries=2, timeout_seconds=5, temperature=0.0, seed=0
)
TWO_SENTENCES = "Alderon will pay $5 million to Briar. Cobalt will hire 30 engineers."


def put(
    model: ScriptedModel, passage: Passage, limits: CallLimits = LIMITS
) -> tuple[Asked, Ledger]:
    ledger = Ledger(limits)
    prompt = load_prompts()["commitments"]
    return finished(ask(PacedModel(model, 1), prompt, passage, ledger)), ledger


def cut(text: str) -> ModelReply:
    return ModelReply(text, "length", TokenUsage(prompt_tokens=10, output_tokens=256))


def test_a_good_reply_gives_its_drafts_in_one_call() -> None:
    _, passage = passage_of(TWO_SENTENCES)
    asked, ledger = put(ScriptedModel([answer([commitment(1), commitment(2)])]), passage)
    assert [sentences_of(d.draft)[0] for d in asked.drafts] == [1, 2]
    assert (ledger.calls, ledger.repairs, asked.notices) == (1, 0, ())


@pytest.mark.parametrize(
    "bad",
    [cut(answer([commitment(1)])[:-20]), "", "   ", "I cannot help with that.", "[]", "{}"],
    ids=["cut", "empty", "blank", "prose", "a list", "no key"],
)
def test_a_bad_reply_about_two_sentences_is_asked_again_one_sentence_at_a_time(
    bad: str | ModelReply,
) -> None:
    _, passage = passage_of(TWO_SENTENCES)
    model = ScriptedModel([bad, answer([commitment(1)]), answer([commitment(2)])])
    asked, ledger = put(model, passage)
    assert [sentences_of(d.draft)[0] for d in asked.drafts] == [1, 2]
    assert (ledger.calls, ledger.repairs, asked.notices) == (3, 1, ())


def test_one_sentence_is_asked_once_more_in_other_words() -> None:
    _, passage = passage_of("Alderon will pay $5 million to Briar.")
    model = ScriptedModel(["", answer([commitment(1)])])
    asked, _ = put(model, passage)
    assert len(asked.drafts) == 1
    first, second = (request.messages[-1].content for request in model.requests)
    assert second.startswith(first)
    assert second != first
    assert model.requests[0].messages[:-1] == model.requests[1].messages[:-1]


def test_a_sentence_that_stays_unreadable_is_reported_and_its_whole_items_are_kept() -> None:
    _, passage = passage_of("Alderon will pay $5 million to Briar.")
    text = answer([commitment(1), commitment(1, what="another thing")])[:-30]
    asked, ledger = put(ScriptedModel([cut(text), cut("")]), passage)
    assert [d.draft.what for d in asked.drafts] == ["a new plant"]
    assert [(n.code, n.sentences) for n in asked.notices] == [("passage_unread", [1])]
    assert ledger.calls == 2


def test_a_looping_reply_counts_each_item_once() -> None:
    _, passage = passage_of("Alderon will pay $5 million to Briar.")
    asked, _ = put(ScriptedModel([answer([commitment(1)] * 6)]), passage)
    assert len(asked.drafts) == 1


def test_one_invalid_item_does_not_cost_the_others() -> None:
    _, passage = passage_of(TWO_SENTENCES)
    reply = answer([commitment(1), {"sentence": 2, "what": 5}, commitment(2, money="m9")])
    asked, _ = put(ScriptedModel([reply]), passage)
    assert [sentences_of(d.draft)[0] for d in asked.drafts] == [1, 2]
    assert [item.sentences for item in asked.invalid] == [(2,)]


def test_an_id_that_was_not_offered_is_not_kept_and_costs_no_record() -> None:
    _, passage = passage_of("Alderon will pay $5 million to Briar by 2027.")
    reply = answer([commitment(1, money="m9", count="n1", dates=["d1", "d9"])])
    asked, _ = put(ScriptedModel([reply]), passage)
    (draft,) = (d.draft for d in asked.drafts)
    assert isinstance(draft, DraftCommitment)
    assert (draft.money, draft.count, draft.dates) == (None, None, ["d1"])


@pytest.mark.parametrize(
    "habit",
    [
        "```json\n{}\n```",
        '<think>The bank {lends}: is it one? {{"commitments": []}}</think>\n{}',
        "Let me see.</think>{}",
        "\ufeff{}",
        "Here are the records (as JSON):\n\n{}\n\nTell me if you need {{more}}.",
    ],
)
def test_the_json_of_a_reply_is_found_between_what_models_put_around_it(habit: str) -> None:
    _, passage = passage_of("Alderon will pay $5 million to Briar.")
    around = habit.replace("{{", "\0").replace("}}", "\1").replace("{}", answer([commitment(1)]))
    reply = around.replace("\0", "{").replace("\1", "}")
    asked, ledger = put(ScriptedModel([reply]), passage)
    assert (len(asked.drafts), ledger.calls) == (1, 1)


def test_of_thoughts_that_never_end_nothing_is_read() -> None:
    _, passage = passage_of("Alderon will pay $5 million to Briar.")
    thought = f"<think>Perhaps {answer([commitment(1)])}"
    asked, _ = put(ScriptedModel([cut(thought), cut(thought)]), passage)
    assert asked.drafts == ()
    assert [notice.code for notice in asked.notices] == ["passage_unread"]


def test_the_budget_stops_the_calls_and_names_what_was_not_read() -> None:
    _, passage = passage_of(TWO_SENTENCES)
    limits = CallLimits(2, 256, 2, 5, 0.0, 0)
    asked, ledger = put(ScriptedModel([cut(""), answer([commitment(1)])]), passage, limits)
    assert ledger.calls == 2
    assert [(n.code, n.sentences) for n in asked.notices] == [("budget_spent", [2])]
    assert [sentences_of(d.draft)[0] for d in asked.drafts] == [1]


def test_a_passing_failure_is_tried_again_and_counted() -> None:
    _, passage = passage_of(TWO_SENTENCES)
    failure = ModelUnavailable("down")
    asked, ledger = put(ScriptedModel([failure, answer([commitment(1)])]), passage)
    assert len(asked.drafts) == 1
    assert ledger.calls == 2


def test_a_lasting_failure_is_raised_after_the_allowed_tries() -> None:
    _, passage = passage_of(TWO_SENTENCES)
    model = ScriptedModel(lambda _: ModelUnavailable("down"))
    with pytest.raises(ModelUnavailable):
        put(model, passage)
    assert len(model.requests) == 3


@pytest.mark.parametrize("seconds", [None, 60])
def test_a_wait_that_the_caller_has_no_time_for_is_not_begun(seconds: float | None) -> None:
    _, passage = passage_of(TWO_SENTENCES)
    failure = ModelUnavailable("down")
    failure.retry_after = 3_600
    model = ScriptedModel(lambda _: failure)
    began = time.monotonic()
    prompt = load_prompts()["commitments"]
    ledger = Ledger(replace(LIMITS, timeout_seconds=300), Deadline(seconds))
    with pytest.raises(ModelUnavailable) as caught:
        finished(ask(PacedModel(model, 1), prompt, passage, ledger))
    assert time.monotonic() - began < 5
    assert (len(model.requests), caught.value.retry_after) == (1, 3_600)


def test_a_refusal_for_the_rate_spends_neither_a_call_nor_a_retry() -> None:
    _, passage = passage_of(TWO_SENTENCES)
    refusals: list[Answer] = [ModelRateLimited("slow down", retry_after=0.0)] * 5
    model = ScriptedModel([*refusals, answer([commitment(1)])])
    asked, ledger = put(model, passage, CallLimits(1, 256, 0, 5, 0.0, 0))
    assert len(asked.drafts) == 1
    assert (ledger.calls, len(model.requests)) == (1, 6)


@pytest.mark.parametrize(
    "limits",
    [replace(LIMITS, max_article_tokens=250), replace(LIMITS, max_article_cost_usd=0.015)],
    ids=["tokens", "money"],
)
def test_no_call_is_begun_once_the_tokens_or_the_money_are_spent(limits: CallLimits) -> None:
    usage = TokenUsage(prompt_tokens=80, output_tokens=50, cost_usd=0.01)
    model = ScriptedModel(lambda _: ModelReply(answer([commitment(1)]), "stop", usage))
    asked = finished(ask_all(PacedModel(model, 1), questions(4), Ledger(limits)))
    assert len(model.requests) == 2
    assert [notice.code for notice in asked.notices] == ["budget_spent"] * 2


def test_a_limit_on_costs_is_not_ignored_where_the_price_is_not_known() -> None:
    reply = ModelReply(answer([]), "stop", TokenUsage(1, 0, 1, cost_usd=None))
    _, passage = passage_of(TWO_SENTENCES)
    with pytest.raises(ConfigurationError, match="price"):
        put(ScriptedModel([reply]), passage, replace(LIMITS, max_article_cost_usd=1.0))


def test_a_sentence_too_long_for_the_model_costs_no_other_of_its_passage() -> None:
    long = "Alderon will pay $5 million to " + "Briar and " * 900 + "Corve."
    _, passage = passage_of(f"{TWO_SENTENCES} {long} Snow fell. Dunmere will build 3 quays.")

    def small_context(request: ModelRequest) -> Answer:
        if sum(len(message.content) for message in request.messages) > 8_000:
            return ModelPromptTooLong("the prompt does not fit")
        shown = request.messages[-1].content
        return answer([commitment(number) for number in (1, 5) if f"[{number}]" in shown])

    asked, _ = put(ScriptedModel(small_context), passage)
    assert [sentences_of(d.draft)[0] for d in asked.drafts] == [1, 5]
    # The sentence before is shown with each, so the one behind is not read either.
    assert [(n.code, n.sentences) for n in asked.notices] == [
        ("passage_unread", [3]),
        ("passage_unread", [4]),
    ]


def test_a_context_too_small_for_any_sentence_is_an_error() -> None:
    _, passage = passage_of(TWO_SENTENCES)
    with pytest.raises(ModelPromptTooLong):
        put(ScriptedModel(lambda _: ModelPromptTooLong("the prompt does not fit")), passage)


def questions(count: int) -> list[tuple[Prompt, Passage]]:
    _, passage = passage_of(TWO_SENTENCES)
    return [(load_prompts()["commitments"], passage)] * count


ONE_TRY = CallLimits(20, 256, 0, 5, 0.0, 0)
DOWN = ModelUnavailable("down")


def test_a_passing_failure_on_one_passage_costs_that_passage_and_is_reported() -> None:
    model = ScriptedModel([answer([commitment(1)]), DOWN, answer([commitment(2)])])
    seen: list[tuple[int, int]] = []
    told = finished(
        ask_all(
            PacedModel(model, 1),
            questions(3),
            Ledger(ONE_TRY),
            lambda now: seen.append((now.answered, now.questions)),
        )
    )
    assert [sentences_of(d.draft)[0] for d in told.drafts] == [1, 2]
    assert [(n.code, n.sentences) for n in told.notices] == [("passage_unread", [1, 2])]
    assert seen == [(0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize(
    "script",
    [[DOWN], [answer([]), DOWN, DOWN, DOWN], [answer([]), ModelRefusedKey("no")]],
    ids=["before any answer", "again and again", "final"],
)
def test_a_failure_that_will_not_pass_ends_the_article(script: list[Answer]) -> None:
    model = ScriptedModel(script)
    with pytest.raises(ModelError):
        finished(ask_all(PacedModel(model, 1), questions(6), Ledger(ONE_TRY)))
    assert len(model.requests) == len(script)


@pytest.mark.parametrize("failure", [ModelRefusedKey("no"), ModelUnavailable("down")])
def test_only_what_can_get_better_is_tried_again(failure: ModelRefusedKey) -> None:
    _, passage = passage_of(TWO_SENTENCES)
    model = ScriptedModel(lambda _: failure)
    with pytest.raises(type(failure)):
        put(model, passage, CallLimits(20, 256, 1, 5, 0.0, 0))
    assert len(model.requests) == (2 if failure.retryable else 1)


def test_the_schema_limits_every_id_to_what_is_shown() -> None:
    _, passage = passage_of("Alderon will pay $5 million by 2031. Cobalt will hire 30 engineers.")
    schema = json.dumps(answer_schema("short", ["commitment"], passage.offers))
    assert '"sentence": {"enum": [1, 2]}' in schema
    assert '"money": {"enum": ["m1", null]}' in schema
    assert '"count": {"enum": ["n1", null]}' in schema
    assert '"items": {"enum": ["d1"]}' in schema


def test_the_schema_lies_in_the_strict_subset() -> None:
    _, passage = passage_of(TWO_SENTENCES)

    def objects(node: object) -> list[dict[str, object]]:
        if isinstance(node, dict):
            own = [node] if node.get("type") == "object" else []
            return own + [found for value in node.values() for found in objects(value)]
        return [f for item in node for f in objects(item)] if isinstance(node, list) else []

    schema = answer_schema("short", ["commitment", "policy_event"], passage.offers)
    assert len(objects(schema)) == 3
    for node in objects(schema):
        properties = node["properties"]
        assert isinstance(properties, dict)
        assert node["required"] == list(properties)
        assert node["additionalProperties"] is False


def test_who_rewrites_a_schema_rewrites_no_other() -> None:
    _, passage = passage_of(TWO_SENTENCES)
    schema, untouched = (answer_schema("short", ["policy_event"], passage.offers) for _ in range(2))

    def spoil(node: object) -> None:
        if isinstance(node, dict):
            for value in node.values():
                spoil(value)
            node.clear()

    spoil(schema)
    assert answer_schema("short", ["policy_event"], passage.offers) == untouched


def test_text_after_a_cut_is_not_taken_for_a_whole_answer() -> None:
    _, passage = passage_of(TWO_SENTENCES)
    whole = answer([commitment(1), commitment(2)])
    for end in range(len(whole)):
        assert not read_answer(whole[:end], "short", ["commitment"], passage.offers).complete
    assert read_answer(whole, "short", ["commitment"], passage.offers).complete


def test_where_a_record_is_expected_an_empty_answer_is_one_of_a_taught_model_only() -> None:
    _, passage = passage_of("Alderon will pay $5 million to Briar.")
    for tuned, expected, least in ((False, True, 1), (False, False, 0), (True, True, 0)):
        prompt = load_prompts(tuned=tuned)["commitments"]
        model = ScriptedModel([answer(commitments=[commitment(who=["Alderon"])])])
        likely = replace(passage, expected=expected)
        finished(ask(PacedModel(model, 1), prompt, likely, Ledger(LIMITS)))
        (request,) = model.requests
        schema = json.dumps(request.json_schema)
        assert schema.count('"minItems": 1') == least


def test_a_sentence_need_not_be_numbered_where_it_is_the_only_one() -> None:
    _, passage = passage_of("Alderon will pay $5 million to Briar.")
    draft = commitment(who=["Alderon"], money="m1")
    del draft["sentence"]
    found = read_answer(answer(commitments=[draft]), "short", ["commitment"], passage.offers)
    assert [sentences_of(item.draft)[0] for item in found.items] == [1]
    _, two = passage_of("Alderon will pay $5 million to Briar. Cobalt will pay too.")
    assert read_answer(answer(commitments=[draft]), "short", ["commitment"], two.offers).items == ()
