"""Ways: each provider's profile with the clients and models by which it is reached."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final, Literal

import pytest

from extractor.models.litellm import LiteLLMWire
from extractor.models.openai import OpenAIWire
from extractor.models.remote import RemoteModel, Wire, dialect_of
from extractor.settings import Settings
from tests.providers import profiles
from tests.providers.server import KEY, StrictProvider

_PLAIN: Final = Settings()

# Where the openai client finds each provider in the world; servers of one's own are anywhere.
_PLACES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "openai-strict": ("https://api.openai.com/v1", ("gpt-4o-mini",)),
    "openai-reasoning": ("https://api.openai.com/v1", ("gpt-5-mini", "o4-mini", "gpt-5.6")),
    "azure-openai": ("https://x.openai.azure.com/openai/v1", ("gpt-4o", "gpt-5-mini")),
    "gemini": (
        "https://generativelanguage.googleapis.com/v1beta/openai",
        ("gemini-3-flash-preview",),
    ),
    "mistral": ("https://api.mistral.ai/v1", ("mistral-large-latest",)),
    "groq-strict": ("https://api.groq.com/openai/v1", ("openai/gpt-oss-120b",)),
    "json-object-only": ("https://api.deepseek.com", ("deepseek-flash",)),
    "openrouter": ("https://openrouter.ai/api/v1", ("openai/gpt-4o-mini",)),
    "ollama": ("http://127.0.0.1:11434/v1", ("llama3.1",)),
    "vllm": ("http://127.0.0.1:8000/v1", ("x",)),
    "llamacpp": ("http://127.0.0.1:8080/v1", ("x",)),
    "lmstudio": ("http://127.0.0.1:1234/v1", ("x",)),
    "tgi": ("http://127.0.0.1:3000/v1", ("tgi",)),
}


@dataclass(frozen=True)
class Way:
    """One client reaching one model of one provider."""

    profile: str
    client: Literal["openai", "litellm"]
    model: str
    place: str | None = None
    """The URL that the table is asked with; None for that of the fake, a stranger's."""

    def __str__(self) -> str:
        known = "" if self.place or self.client == "litellm" else "-unknown"
        return f"{self.profile}-{self.client}-{self.model.replace('/', ':')}{known}"


def _ways() -> Iterator[Way]:
    for name, (place, models) in _PLACES.items():
        for model in models:
            yield Way(name, "openai", f"openai/{model}", place)
        yield Way(name, "openai", f"openai/{models[0]}")
    for name in profiles.names():
        for way in profiles.load(name).litellm:
            yield Way(name, "litellm", way.model)


WAYS: Final = tuple(_ways())


@contextmanager
def reached(
    way: Way,
    server: StrictProvider,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings = _PLAIN,
) -> Iterator[RemoteModel]:
    """The model of a way, as `open_model` would make it, but for where it lies."""
    # Another server may have had this port before.
    monkeypatch.setattr("extractor.models.remote.client._LEARNT", {})
    wire: Wire
    if way.client == "openai":
        wire = OpenAIWire(way.model, base_url=server.url, api_key=KEY)
        place: str | None = way.place or server.url
    else:
        found = next(one for one in server.profile.litellm if one.model == way.model)
        for variable, value in found.env.items():
            monkeypatch.setenv(variable, value)
        if version := found.extra.get("api_version"):
            monkeypatch.setenv("AZURE_API_VERSION", version)
        wire = LiteLLMWire(way.model, base_url=server.root + found.base, api_key=KEY)
        place = None if way.model.startswith("openai/") else server.root
    model = RemoteModel(
        way.model,
        wire,
        dialect_of(way.model, place, settings),
        place=server.url,
        thinking_tokens=settings.thinking_tokens,
        check_prompts=settings.prompt_check,
    )
    with closing(model):
        yield model
    if way.client == "litellm":
        close_clients_of_litellm()


def close_clients_of_litellm() -> None:
    """Close what litellm keeps open, or a later collection does and warns in another test."""
    # Imported here it would come without the adapter's settings, and ask the network for prices.
    if (litellm := sys.modules.get("litellm")) is None:
        return
    kept = litellm.in_memory_llm_clients_cache
    for client in [litellm.module_level_client, *kept.cache_dict.values()]:
        # The asynchronous ones, which it also makes, were never connected.
        if not type(client).__name__.startswith("Async"):
            client.close()
    kept.cache_dict.clear()
    kept.ttl_dict.clear()
    vars(litellm)["module_level_client"] = type(litellm.module_level_client)()
