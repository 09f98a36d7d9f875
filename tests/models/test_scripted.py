from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from extractor.errors import ModelReplyInvalid, ModelTimeout
from extractor.models import ModelClient, ModelReply, ModelRequest, ScriptedModel, TokenUsage
from tests.models.remote import request


def test_strings_are_whole_replies_in_turn_with_counted_words() -> None:
    model: ModelClient = ScriptedModel(["one two", "three"])
    first, second = model.complete(request()), model.complete(request())
    assert (first.text, first.finish) == ("one two", "stop")
    assert first.usage == TokenUsage(prompt_tokens=10, output_tokens=2, cost_usd=0.0)
    assert second.text == "three"


def test_a_reply_is_given_as_it_is_so_that_a_cut_can_be_scripted() -> None:
    cut = ModelReply(text='{"a', finish="length", usage=TokenUsage(output_tokens=40))
    assert ScriptedModel([cut]).complete(request()) is cut


def test_an_error_is_raised_and_the_script_goes_on_after_it() -> None:
    model = ScriptedModel([ModelTimeout("late"), "now"])
    with pytest.raises(ModelTimeout):
        model.complete(request())
    assert model.complete(request()).text == "now"


def test_a_function_answers_from_the_request() -> None:
    model = ScriptedModel(lambda asked: asked.schema_name)
    assert model.complete(request()).text == "draft"


def test_a_list_that_runs_out_is_an_invalid_reply() -> None:
    with pytest.raises(ModelReplyInvalid):
        ScriptedModel([]).complete(request())


def test_every_request_is_kept_even_those_that_fail() -> None:
    model = ScriptedModel([ModelTimeout("late")], name="tape")
    with pytest.raises(ModelTimeout):
        model.complete(request())
    model.close()
    assert model.requests == [request()]
    assert (model.name, model.digest) == ("tape", None)


def test_threads_share_one_script_without_repeats() -> None:
    answers = [str(number) for number in range(200)]
    model = ScriptedModel(answers)

    def call(asked: ModelRequest) -> str:
        return model.complete(asked).text

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(call, [request()] * 200))
    assert sorted(given, key=int) == answers
