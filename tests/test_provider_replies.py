"""Every shape of reply that providers give: read, asked again, or told as what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from extractor.errors import (
    ModelError,
    ModelFiltered,
    ModelOutOfRoom,
    ModelReplyInvalid,
    ModelUnavailable,
)
from extractor.extraction import Extractor
from extractor.records import Extraction
from extractor.settings import Settings
from tests import articles
from tests.providers import profiles
from tests.providers.asked import Asked
from tests.providers.server import StrictProvider
from tests.ways import WAYS, Way, reached

_TEXT: Final = (
    "Nordlys Compute will spend $40 million on a data centre with 60 jobs by 2027. Its neighbours "
    "have nothing to say about it."
)
_READ: Final = "read"
_UNREAD: Final = "unread"
# What becomes of each shape of reply, if the model gives it whenever it is asked.
_OUTCOMES: Final[dict[str, str | type[ModelError]]] = {
    "ok": _READ,
    "fenced": _READ,
    "format_ignored": _READ,
    "think": _READ,
    "thinking_then_text": _READ,
    "bom": _READ,
    "chatty": _READ,
    "content_list": _READ,
    "null_content": _READ,
    "unknown_finish": _READ,
    "tool": _READ,
    "length": _UNREAD,
    "tool_length": _UNREAD,
    "length_empty": ModelOutOfRoom,
    "length_no_content": ModelOutOfRoom,
    "context_full": _UNREAD,
    "whitespace_loop": _UNREAD,
    "thought_only": ModelOutOfRoom,
    "blank": _UNREAD,
    "refusal": ModelFiltered,
    "content_filter": ModelFiltered,
    "recitation": ModelFiltered,
    "prompt_blocked": ModelFiltered,
    "choice_error": ModelUnavailable,
    "error_in_200": ModelUnavailable,
    "no_choices": ModelReplyInvalid,
    "no_candidates": ModelReplyInvalid,
}

# Of a tool's arguments that were cut, these ways have nothing left.
_NOTHING_LEFT: Final = {("gemini", "litellm"), ("ollama", "litellm")}
# litellm makes another thing of these.
_BY_LITELLM: Final[dict[str, str | type[ModelError]]] = {
    "choice_error": _UNREAD,
    "error_in_200": ModelReplyInvalid,
}


def _cases() -> Iterator[tuple[Way, str]]:
    """Each reply of the wire that a way goes over."""
    for way in WAYS:
        if way.place is None and way.client == "openai":
            continue
        profile = profiles.load(way.profile)
        wire = _wire_of(way)
        yield from ((way, reply) for reply in profile.wires[wire].replies)


def _wire_of(way: Way) -> str:
    wires = list(profiles.load(way.profile).wires)
    by_client = {
        ("azure-openai", "openai"): "v1",
        ("gemini", "openai"): "chat",
        ("ollama", "litellm"): "native",
    }
    return by_client.get((way.profile, way.client), wires[0])


def _answer(_: Asked) -> str:
    return articles.answer([articles.pledge(who=["Nordlys Compute"], money="m1")], [])


def _extract(way: Way, server: StrictProvider, monkeypatch: pytest.MonkeyPatch) -> Extraction:
    settings = Settings(strategy="document", policy="strong", finder="none", retries=1)
    with (
        reached(way, server, monkeypatch, settings) as model,
        Extractor(model, settings=settings) as extractor,
    ):
        return extractor.extract(_TEXT)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractor.asking.budget._FIRST_PAUSE", 0.01)


@pytest.mark.parametrize(("way", "reply"), tuple(_cases()), ids=str)
def test_a_shape_of_reply_is_read_or_told_as_what_it_is(
    way: Way, reply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    litellm = _BY_LITELLM if way.client == "litellm" else {}
    wanted = litellm.get(reply, _OUTCOMES[reply])
    if reply == "tool_length" and (way.profile, way.client) in _NOTHING_LEFT:
        wanted = ModelOutOfRoom
    with StrictProvider(way.profile, _answer, reply=reply) as server:
        if isinstance(wanted, type):
            with pytest.raises(ModelError) as caught:
                _extract(way, server, monkeypatch)
            assert type(caught.value) is wanted
            assert "Nordlys" not in str(caught.value)
            return
        found = _extract(way, server, monkeypatch)
    codes = [notice.code for notice in found.notices]
    if wanted == _READ:
        assert [c.amount.value for c in found.commitments if c.amount] == [40_000_000]
        assert "passage_unread" not in codes
    else:
        assert "passage_unread" in codes
