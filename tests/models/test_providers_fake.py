"""The strict fake of the providers does to a request what its data says."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import openai
import pytest

from extractor.models.base import JsonValue
from tests.providers import profiles
from tests.providers.calling import SYSTEM, USER, answering, body_of, call, model_of, plain, said
from tests.providers.profiles import ParamRule
from tests.providers.samples import BROKEN, OVER, PORTABLE, TEXT, closed
from tests.providers.schemas import refusal
from tests.providers.server import BAD_KEY, KEY, StrictProvider

NAMES: Final = profiles.names()
STRICT: Final = [name for name in NAMES if not profiles.load(name).schema_rules.unsupported]


def _rules() -> list[tuple[str, str]]:
    fields = profiles.SchemaRules.model_fields
    return [
        (name, rule)
        for name in NAMES
        for rule in BROKEN
        if getattr(profiles.load(name).schema_rules, rule) != fields[rule].default
    ]


def _wires() -> list[tuple[str, str]]:
    return [(name, wire) for name in NAMES for wire in profiles.load(name).wires]


@pytest.mark.parametrize("name", STRICT)
def test_every_profile_that_knows_schemas_takes_the_portable_form(name: str) -> None:
    assert refusal(name, PORTABLE) is None


@pytest.mark.parametrize(("name", "rule"), _rules())
def test_a_schema_that_breaks_a_rule_is_refused_with_an_error_of_the_profile(
    name: str, rule: str
) -> None:
    refused = refusal(name, BROKEN[rule])
    assert refused is not None
    expected = "json_schema" if rule == "unsupported" else rule
    assert refused.rule == expected
    assert refused.error in profiles.load(name).all_errors


@pytest.mark.parametrize("name", STRICT)
def test_every_forbidden_keyword_is_refused(name: str) -> None:
    rules = profiles.load(name).schema_rules
    for keyword in (*rules.forbidden, *rules.also_forbidden):
        refused = refusal(name, closed(x={"type": "string", keyword: 1}))
        assert refused is not None
        assert (refused.rule, refused.details["keyword"]) == (f"forbidden.{keyword}", keyword)


@pytest.mark.parametrize("name", STRICT)
def test_a_schema_one_over_a_limit_is_refused_and_one_at_it_is_not(name: str) -> None:
    for limit, most in profiles.load(name).limits.model_dump(exclude_none=True).items():
        refused = refusal(name, OVER[limit](most))
        assert refused is not None, limit
        assert (refused.rule, refused.details["most"]) == (limit, most)
        at_most = refusal(name, OVER[limit](most - 1))
        assert at_most is None or limit == "enum_chars"


def test_openai_names_the_place_of_the_fault_and_checks_the_name() -> None:
    refused = refusal("openai-strict", BROKEN["typed"])
    assert refused is not None
    assert refused.details["context"] == "('properties', 'x')"
    bad_name = refusal("openai-strict", PORTABLE, name="two words")
    assert bad_name is not None
    assert bad_name.error == "name_pattern"


@pytest.mark.parametrize("name", [n for n in STRICT if profiles.load(n).schema_rules.errors])
def test_a_refused_schema_gets_the_status_and_the_words_of_the_provider(name: str) -> None:
    profile = profiles.load(name)
    rule = next(rule for owner, rule in _rules() if owner == name)
    for key, wire in profile.wires.items():
        with StrictProvider(name, answering) as server:
            body = body_of(wire.shape, model_of(profile), BROKEN[rule])
            answered = call(server, body, wire=key)
        (error,) = server.refusals
        assert answered.status_code == profile.all_errors[error].status
        assert isinstance(answered.json(), list) is wire.error_list
        assert not server.schemas


def test_an_openai_schema_without_strict_is_neither_judged_nor_enforced() -> None:
    body = body_of("openai-chat", "gpt-4o", None)
    _put(body, "response_format.type", "json_schema")
    _put(body, "response_format.json_schema", {"name": "reply", "schema": BROKEN["typed"]})
    with StrictProvider("openai-strict", lambda _: "no JSON") as server:
        assert said(call(server, body))[0] == "no JSON"


def _put(body: dict[str, JsonValue], name: str, value: JsonValue) -> None:
    *steps, last = name.split(".")
    for step in steps:
        inner = body.setdefault(step, {})
        assert isinstance(inner, dict)
        body = inner
    body[last] = value


def _refused_value(rule: ParamRule) -> JsonValue:
    if rule.below is not None:
        return "2023-05-15"
    return rule.refuses[0] if rule.refuses else "frobnicate"


def _param_rules() -> list[tuple[str, ParamRule]]:
    return [(name, rule) for name in NAMES for rule in profiles.load(name).params.refused]


@pytest.mark.parametrize(("name", "rule"), _param_rules())
def test_a_refused_parameter_gets_the_error_of_its_rule(name: str, rule: ParamRule) -> None:
    profile = profiles.load(name)
    own = rule.models != ("*",)
    glob = rule.models[0] if own else next(reversed(profile.models), "m")
    model = re.sub(r"\[(.).*?\]", r"\1", glob).replace("*", "")
    body = body_of(profile.main_wire.shape, model, None)
    query = ""
    for key, value in {**rule.when, rule.name: _refused_value(rule)}.items():
        if key.startswith("?"):
            query = f"{key}={value}"
        else:
            _put(body, key, value)
    with StrictProvider(name) as server:
        answered = call(server, body, model=model, query=query)
    assert server.refusals == [rule.error]
    assert answered.status_code == profile.all_errors[rule.error].status


@pytest.mark.parametrize("name", [n for n in NAMES if profiles.load(n).params.known])
def test_an_unknown_field_is_refused_by_name_where_the_provider_minds(name: str) -> None:
    profile = profiles.load(name)
    with StrictProvider(name) as server:
        body = plain(server)
        for key, value in profile.params.unknown_when.items():
            _put(body, key, value)
        answered = call(server, {**body, "frobnicate": 1})
    assert server.refusals == [profile.params.unknown_error]
    assert "frobnicate" in answered.text or name == "openrouter"


def test_what_is_required_and_missing_is_asked_for() -> None:
    body = body_of("anthropic-messages", "claude-sonnet-4-5", None)
    del body["max_tokens"]
    with StrictProvider("anthropic") as server:
        assert call(server, body).json()["error"]["message"] == "max_tokens: Field required"


@pytest.mark.parametrize("name", ["openai-strict", "json-object-only"])
def test_json_object_needs_the_word_json_in_the_prompt(name: str) -> None:
    body = body_of("openai-chat", "m", None) | {"response_format": {"type": "json_object"}}
    with StrictProvider(name, answering) as server:
        assert call(server, body).status_code == 200
        body["messages"] = [{"role": "user", "content": "Answer."}]
        assert call(server, body).status_code == 400
    assert server.refusals == ["no_json_word"]


@pytest.mark.parametrize(("name", "key"), _wires())
def test_a_missing_or_wrong_key_and_a_wrong_path_are_refused(name: str, key: str) -> None:
    profile = profiles.load(name)
    with StrictProvider(name, answering) as server:
        body = plain(server, key)
        answers = [
            call(server, body, wire=key, key=None),
            call(server, body, wire=key, key=BAD_KEY),
            call(server, body, wire=key, path="/v9/nowhere"),
        ]
    fault = profile.all_errors.get("key_invalid")
    refused = fault.status if fault else 200
    anonymous = refused if profile.wires[key].auth_required else 200
    statuses = [anonymous, refused, profile.errors["path"].status]
    assert [answer.status_code for answer in answers] == statuses


@pytest.mark.parametrize("name", NAMES)
def test_every_error_of_the_data_can_be_given_before_normal_work(name: str) -> None:
    profile = profiles.load(name)
    errors = profile.all_errors
    faults = [*errors, None]
    with StrictProvider(name, answering, faults=faults) as server:
        answers = [call(server, plain(server), model=model_of(profile)) for _ in faults]
    for fault, answered in zip(errors.values(), answers, strict=False):
        assert answered.status_code == fault.status
        assert not re.search(r"\{[a-z_]+\}", answered.text)
        assert fault.headers.items() <= dict(answered.headers).items()
    assert answers[-1].status_code == 200
    assert server.refusals == list(errors)


@pytest.mark.parametrize(("name", "key"), _wires())
def test_every_reply_of_the_data_can_be_given(name: str, key: str) -> None:
    for reply in profiles.load(name).wires[key].replies:
        with StrictProvider(name, answering, reply=reply) as server:
            answered = call(server, plain(server, key), wire=key, model=model_of(server.profile))
        assert answered.status_code == 200, reply
        assert isinstance(answered.json(), dict)
        if reply in ("ok", "fenced", "think", "bom", "chatty", "content_list", "null_content"):
            assert json.dumps(TEXT)[1:-1] in json.dumps(answered.json()), reply


@pytest.mark.parametrize(("name", "key"), _wires())
def test_a_request_is_read_the_same_way_from_every_wire(name: str, key: str) -> None:
    with StrictProvider(name, answering) as server:
        call(server, plain(server, key), wire=key, model=model_of(server.profile))
    (asked,) = server.requests
    assert (asked.system, asked.user, asked.wire) == (SYSTEM, USER, key)
    assert asked.schema == (None if server.profile.schema_rules.unsupported else PORTABLE)
    assert asked.model == model_of(server.profile)


def test_an_unknown_profile_error_or_reply_is_told_at_once() -> None:
    with pytest.raises(KeyError, match="no profile"):
        StrictProvider("nobody")
    with pytest.raises(ValueError, match="no error"):
        StrictProvider("mistral", faults=["thunder"])
    with pytest.raises(ValueError, match="no reply"):
        StrictProvider("mistral", reply="whitespace_loop")


def _ways() -> list[tuple[str, str]]:
    return [(name, way.model) for name in NAMES for way in profiles.load(name).litellm]


def _format(server: StrictProvider) -> dict[str, JsonValue]:
    if server.profile.schema_rules.unsupported:
        return {"type": "json_object"}
    inner: JsonValue = {"name": "reply", "schema": PORTABLE, "strict": True}
    return {"type": "json_schema", "json_schema": inner}


@pytest.mark.parametrize(("name", "model"), _ways())
def test_litellm_reaches_the_fake_and_gets_the_answer_back(
    name: str, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without these it would ask the network for prices and headers when imported or first used.
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    monkeypatch.setenv("LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS", "True")
    import litellm

    monkeypatch.setattr(litellm, "suppress_debug_info", True)
    with StrictProvider(name, answering) as server, ThreadPoolExecutor(1) as pool:
        way = next(way for way in server.profile.litellm if way.model == model)
        for key, value in way.env.items():
            monkeypatch.setenv(key, value)
        # In a thread, because litellm leaves an event loop behind in the main one.
        completion = pool.submit(
            litellm.completion,
            messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}],
            response_format=_format(server),
            max_tokens=200,
            max_retries=0,
            num_retries=0,
            timeout=20,
            **server.reach(way),
        ).result()
    assert json.loads(completion.choices[0].message.content) == json.loads(TEXT)
    (asked,) = server.requests
    # For some models litellm makes the system's turn one of the user's.
    assert (asked.prompt.strip(), asked.user, asked.limit) == (f"{SYSTEM}\n{USER}", USER, 200)
    assert server.refusals == []


@pytest.mark.parametrize("name", [n for n in NAMES if profiles.load(n).openai_adapter])
def test_the_openai_client_reaches_every_fake_of_its_shape(name: str) -> None:
    with (
        StrictProvider(name, answering) as server,
        openai.OpenAI(base_url=server.url, api_key=KEY, max_retries=0) as client,
    ):
        completion = client.chat.completions.create(
            model=model_of(server.profile),
            messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}],
            extra_body={"response_format": _format(server)},
        )
        assert completion.choices[0].message.content == TEXT
        with pytest.raises(openai.APIStatusError):
            client.with_options(api_key=BAD_KEY).post("/nowhere", body={}, cast_to=object)
    assert len(server.refusals) == 1
