"""Models of providers and their prices, as the installed litellm lists them: nobody is asked.

The list is a file of litellm, read without importing litellm, which would take seconds.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, distribution
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import ConfigurationError, MissingExtra
from extractor.models.base import TokenUsage

_FILE: Final = "litellm/model_prices_and_context_window_backup.json"
# Listed without a filter: here a key is all that a model needs. Others are too many, or their
# names say too little: Bedrock's come once for each region, Azure's are the user's deployments.
_FIRST: Final = ("openai", "anthropic", "gemini", "mistral", "deepseek", "groq")
# litellm knows prices of these, but no way to them, or none by a key.
_UNREACHABLE: Final = frozenset(
    {
        "anyscale",
        "coralbricks",
        "github_copilot",
        "inferenceapis",
        "microsoft_365_copilot",
        "openinfer",
        "scaledown",
    }
)
# Else it is a pattern, not a name.
_NAME: Final = re.compile(r"[\w.-]+(/[\w.:@-]+)+")
_TUNED_BY_SOMEBODY: Final = "/ft:"
_SNAPSHOT: Final = re.compile(r"[-@](\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$")


@dataclass(frozen=True, slots=True)
class Price:
    """List price of a token, in USD."""

    read: float
    cached: float
    written: float

    def of(self, usage: TokenUsage) -> float:
        """What a call cost."""
        fresh = usage.prompt_tokens - usage.cached_tokens
        paid = fresh * self.read + usage.cached_tokens * self.cached
        return paid + usage.output_tokens * self.written


class HostedModel(BaseModel):
    """A chat model of a provider, as litellm lists it."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    name: str
    """What `model` takes."""
    input_usd: float | None
    """Price of a million tokens read, in USD; null if it is not a single one."""
    cached_usd: float | None
    """Price of a million tokens read from the provider's cache, in USD; null if it names none."""
    output_usd: float | None
    """Price of a million tokens written, in USD; null if it is not a single one."""
    context_tokens: int | None
    """Longest prompt."""
    output_tokens: int | None
    """Longest reply."""
    takes_schema: bool
    """Whether a JSON Schema can bind its replies."""
    thinks: bool
    """Whether it may think before it replies; thoughts are paid for like replies."""

    @property
    def price(self) -> Price | None:
        """What a token costs, None if that is not a single figure."""
        if self.input_usd is None or self.output_usd is None:
            return None
        cached = self.input_usd if self.cached_usd is None else self.cached_usd
        return Price(self.input_usd / 1e6, cached / 1e6, self.output_usd / 1e6)

    @property
    def provider(self) -> str:
        """The first part of the name."""
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class HostedModels:
    """Models of the list, those of the best known providers first."""

    models: tuple[HostedModel, ...]
    left_out: int
    """How many others the list has."""
    source: str
    """Whose list it is, with its version."""


class _Entry(BaseModel):
    """What is read of an entry of the list; what is not of this form is no chat model."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    mode: Literal["chat"]
    litellm_provider: str
    input_cost_per_token: float | None = None
    cache_read_input_token_cost: float | None = None
    output_cost_per_token: float | None = None
    input_cost_per_second: float | None = None
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    supports_response_schema: bool = False
    supports_reasoning: bool = False
    deprecation_date: date = date.max


def list_hosted(wanted: str | None = None, *, today: date | None = None) -> HostedModels:
    """List the models with `wanted` in their names, in any case; None for a readable choice.

    The choice: what takes a JSON Schema, of a few providers, without the dated snapshots of what is
    listed anyway. What its provider has withdrawn by `today` is never listed.

    Raises:
        MissingExtra: there is no litellm.
        ConfigurationError: it has no list.
    """
    source, entries = _read_list()
    listed = dict(_models(entries, today or datetime.now(UTC).date()))
    if wanted is None:
        found = [model for model in listed.values() if _is_chosen(model, listed)]
    else:
        found = [model for name, model in listed.items() if wanted.lower() in name.lower()]
    return HostedModels(tuple(sorted(found, key=_rank)), len(listed) - len(found), source)


@functools.cache
def find_hosted(name: str) -> HostedModel | None:
    """Give the model of that name, None if it is not listed; reading the list takes .3 s, once."""
    try:
        _, entries = _read_list()
    except ConfigurationError:
        return None
    models = dict(_models(entries, date.min))
    return models.get(name)


def _read_list() -> tuple[str, dict[str, object]]:
    try:
        litellm = distribution("litellm")
        with open(str(litellm.locate_file(_FILE)), encoding="utf-8") as file:
            return f"litellm {litellm.version}", json.load(file)
    except PackageNotFoundError:
        raise MissingExtra("The list of providers' models", "litellm") from None
    except (OSError, ValueError):
        raise ConfigurationError(
            "litellm's list of models cannot be read",
            hint="Install it again: pip install --force-reinstall litellm",
        ) from None


def _models(entries: dict[str, object], today: date) -> Iterator[tuple[str, HostedModel]]:
    """The models by the names that litellm takes."""
    # The same model may be listed with its provider and without: the former is then its own.
    for listed_as in sorted(entries, key=lambda name: "/" in name):
        entry = _entry(entries[listed_as])
        if entry is None or entry.deprecation_date <= today or not _is_for_sale(entry):
            continue
        name = _name(listed_as, entry.litellm_provider)
        if _NAME.fullmatch(name) and _TUNED_BY_SOMEBODY not in name:
            yield name, _model(name, entry)


def _entry(raw: object) -> _Entry | None:
    try:
        return _Entry.model_validate(raw)
    except ValidationError:
        return None


def _is_for_sale(entry: _Entry) -> bool:
    """Whether anybody can have it by the token; the list also prices tools and rented machines."""
    by_token = entry.input_cost_per_token is not None or entry.max_input_tokens is not None
    return (
        by_token
        and entry.input_cost_per_second is None
        and entry.litellm_provider not in _UNREACHABLE
    )


def _name(listed_as: str, provider: str) -> str:
    if provider.startswith("vertex_ai"):  # vertex_ai-anthropic_models and the like
        provider = "vertex_ai"
    elif provider == "bedrock_converse":
        provider = "bedrock"
    return listed_as if listed_as.startswith(f"{provider}/") else f"{provider}/{listed_as}"


def _model(name: str, entry: _Entry) -> HostedModel:
    return HostedModel(
        name=name,
        input_usd=_per_million(entry.input_cost_per_token),
        cached_usd=_per_million(entry.cache_read_input_token_cost),
        output_usd=_per_million(entry.output_cost_per_token),
        context_tokens=entry.max_input_tokens,
        output_tokens=entry.max_output_tokens,
        takes_schema=entry.supports_response_schema,
        thinks=entry.supports_reasoning,
    )


def _per_million(price: float | None) -> float | None:
    return None if price is None else round(price * 1_000_000, 6)


def _is_chosen(model: HostedModel, listed: dict[str, HostedModel]) -> bool:
    lasting = _SNAPSHOT.sub("", model.name)
    is_snapshot = lasting != model.name and (lasting in listed or f"{lasting}-latest" in listed)
    return model.provider in _FIRST and model.takes_schema and not is_snapshot


def _rank(model: HostedModel) -> tuple[int, str]:
    first = _FIRST.index(model.provider) if model.provider in _FIRST else len(_FIRST)
    return first, model.name.lower()
