"""The schemas that are sent, whatever is offered, against the rules of every provider."""

from __future__ import annotations

from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from extractor.drafts import Form, Offer, Offers, answer_schema, portable_schema
from extractor.mentions import find_mentions
from extractor.models.remote.forms import typed
from extractor.prompting import load_prompts
from extractor.records import RecordType
from tests.providers import profiles
from tests.providers.samples import BROKEN, closed
from tests.providers.schemas import refusal

_FOUND: Final = find_mentions("Alderon will pay $5 million for 60 jobs by 2027.", "en", None)
_UNASKED: Final = tuple({prompt.unasked for prompt in load_prompts().values()})
_WITH_SCHEMAS: Final = tuple(
    name for name in profiles.names() if profiles.load(name).schema_rules.unsupported is None
)
# Those that keep to bounds and ids, as the table says.
_LOCAL: Final = ("ollama", "vllm", "llamacpp", "lmstudio", "tgi")


@st.composite
def _offers(draw: st.DrawFn) -> Offers:
    count = draw(st.integers(1, 400))
    money, counts, dates = (draw(st.integers(0, 200)) for _ in range(3))
    return Offers(
        sentences=tuple(range(1, count + 1)),
        money=tuple(Offer(f"m{n}", 1, "x", _FOUND.money[0]) for n in range(1, money + 1)),
        counts=tuple(Offer(f"n{n}", 1, "x", _FOUND.counts[0]) for n in range(1, counts + 1)),
        dates=tuple(Offer(f"d{n}", 1, "x", _FOUND.dates[0]) for n in range(1, dates + 1)),
    )


_KINDS: Final = st.sampled_from(
    [("commitment",), ("policy_event",), ("commitment", "policy_event")]
)


@given(form=st.sampled_from(["short", "whole"]), kinds=_KINDS, unasked=st.sampled_from(_UNASKED))
def test_the_portable_schema_passes_every_provider_that_takes_one(
    form: Form, kinds: tuple[RecordType, ...], unasked: frozenset[str]
) -> None:
    schema = portable_schema(form, kinds, unasked)
    assert {name: refusal(name, schema) for name in _WITH_SCHEMAS} == dict.fromkeys(_WITH_SCHEMAS)


@given(
    offers=_offers(),
    form=st.sampled_from(["short", "whole"]),
    kinds=_KINDS,
    unasked=st.sampled_from(_UNASKED),
    least=st.integers(0, 1),
)
def test_whatever_is_offered_the_bounded_schema_passes_every_server_that_is_sent_it(
    offers: Offers, form: Form, kinds: tuple[RecordType, ...], unasked: frozenset[str], least: int
) -> None:
    schema = typed(answer_schema(form, kinds, offers, unasked, least))
    assert {name: refusal(name, schema) for name in _LOCAL} == dict.fromkeys(_LOCAL)


@given(offers=_offers(), kinds=_KINDS)
def test_typing_an_enumeration_changes_nothing_that_it_allows(
    offers: Offers, kinds: tuple[RecordType, ...]
) -> None:
    once = typed(answer_schema("short", kinds, offers))
    assert typed(once) == once


def test_the_schema_that_was_sent_before_would_be_refused() -> None:
    bare = closed(sentence={"enum": [1, 2]})
    assert refusal("openai-strict", bare) is not None
    assert refusal("openai-strict", typed(bare)) is None


def test_the_rules_refuse_something() -> None:
    # Of these two no rule is known: Mistral tells none, OpenRouter has those of whom it asks.
    lenient = {"mistral", "openrouter"}
    refusing = {
        name for name in _WITH_SCHEMAS if any(refusal(name, each) for each in BROKEN.values())
    }
    assert refusing == {*_WITH_SCHEMAS} - lenient
