"""From the name of a model to the batches of its provider, and to what replays articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from extractor.batch.provider_batches.replaying import RecordedModel, RecordedWire, Replayer
from extractor.errors import ConfigurationError
from extractor.extraction import Extractor
from extractor.models.hosted import Price, find_hosted
from extractor.models.remote import RemoteModel, dialect_of
from extractor.models.remote.wire import Known

if TYPE_CHECKING:
    from pydantic import SecretStr

    from extractor.batch.provider_batches.base import ProviderBatches
    from extractor.settings import Settings

SHARE_OF_PRICE: Final = 0.5
"""What a request in a batch costs, of its list price; so say both providers."""


@dataclass(frozen=True, slots=True)
class BatchModel:
    """A model that is asked in batches."""

    provider: ProviderBatches
    replayer: Replayer
    price: Price | None
    """What a token costs in a batch, in US dollars; None if it is not known."""


def open_batch_model(model: str | None, settings: Settings) -> BatchModel:
    """The model of that name, None for that of the settings; its provider is not asked yet.

    Raises:
        ConfigurationError: its provider has no batches that are known, or there is no key.
        MissingExtra: what asks it is not installed.
    """
    name = settings.model if model is None else model
    provider = _provider(name, settings)
    base_url = _base_url(name, settings)
    listed = find_hosted(name.removeprefix("litellm/")) if _is_listed(name, base_url) else None
    known = Known()
    if listed is not None:
        known = Known(
            thinks=listed.thinks,
            most_tokens=listed.output_tokens,
            price=half(listed.price) if listed.price else None,
        )
    return BatchModel(provider, replayer_of(name, base_url, known, settings), known.price)


def open_batched(model: str | None, settings: Settings) -> Extractor:
    """The extractor of a model that is asked in batches, to tell what decides its answers.

    Raises:
        ConfigurationError: as for `open_batch_model`.
        MissingExtra: what asks it is not installed.
    """
    opened = open_batch_model(model, settings)
    opened.provider.close()
    return opened.replayer.extractor


def replayer_of(name: str, base_url: str | None, known: Known, settings: Settings) -> Replayer:
    """What replays articles before what this model has answered.

    Args:
        name: the model.
        base_url: its server; None for the provider's own.
        known: what is known of it, its price that of a batch.
        settings: the configuration.
    """
    wire = RecordedWire(name, known, most_sends=settings.retries + 1)
    remote = RemoteModel(
        name,
        wire,
        dialect_of(name, base_url, settings),
        place=f"{base_url or ''} in batches",
        thinking_tokens=settings.thinking_tokens,
        check_prompts=settings.prompt_check,
    )
    # What failed goes into the next batch: nobody waits for it here.
    patient = settings.model_copy(update={"retries": 0})
    return Replayer(Extractor(RecordedModel(remote, wire), settings=patient), wire)


def half(price: Price) -> Price:
    """The price of a batch."""
    return replace(
        price,
        read=price.read * SHARE_OF_PRICE,
        cached=price.cached * SHARE_OF_PRICE,
        written=price.written * SHARE_OF_PRICE,
    )


def _provider(name: str, settings: Settings) -> ProviderBatches:
    from extractor.batch.provider_batches.anthropic import AnthropicBatches
    from extractor.batch.provider_batches.openai import OpenAIBatches

    base_url = _base_url(name, settings)
    if name.startswith("openai/"):
        key = _key(name, base_url, settings.openai_api_key, "OPENAI_API_KEY")
        return OpenAIBatches(name, base_url, key)
    if name.removeprefix("litellm/").startswith("anthropic/"):
        key = _key(name, base_url, settings.anthropic_api_key, "ANTHROPIC_API_KEY")
        return AnthropicBatches(name, base_url, key)
    raise ConfigurationError(
        f"{name} cannot be asked in batches",
        hint="Batches are known of openai/NAME and anthropic/NAME; leave --provider-batch out.",
    )


def _base_url(name: str, settings: Settings) -> str | None:
    of_openai = name.startswith("openai/")
    return settings.openai_base_url if of_openai else settings.litellm_base_url


def _key(name: str, base_url: str | None, secret: SecretStr | None, variable: str) -> str | None:
    if secret is None and base_url is None:
        raise ConfigurationError(f"{name} has no key", hint=f"Set {variable} in the environment.")
    return secret.get_secret_value() if secret else None


def _is_listed(name: str, base_url: str | None) -> bool:
    """A server of openai/NAME may be anybody's, at any price."""
    return base_url is None or not name.startswith("openai/")
