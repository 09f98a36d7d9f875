"""From the name of a model to a client for it."""

from __future__ import annotations

import re
from typing import Final, Literal

from extractor.errors import ConfigurationError, UnknownModel
from extractor.models.adapters import find_adapter
from extractor.models.base import ModelClient
from extractor.models.catalogue import load_catalogue
from extractor.models.embedded import EmbeddedModel
from extractor.models.litellm import LiteLLMModel
from extractor.models.openai import OpenAIModel
from extractor.models.weights import find_weights
from extractor.records import PolicyName
from extractor.settings import Settings

_API_MODEL: Final = re.compile(r"[\w.-]+(/[\w.:@-]+)+")


def open_model(name: str, settings: Settings) -> ModelClient:
    """Make the client for a name of the catalogue, openai/NAME, or PROVIDER/NAME of litellm.

    litellm/PROVIDER/NAME takes litellm for every provider, openai included. Opening is cheap; yet
    what can be known to be missing, the weights or the key, is an error here already.
    """
    if embedded := load_catalogue().find(name):
        return EmbeddedModel(
            embedded,
            find_weights(embedded, settings.models_dir),
            threads=settings.threads,
            context_tokens=settings.context_tokens,
            adapter=find_adapter(embedded.adapter, settings.adapter_file)
            if embedded.adapter
            else None,
        )
    if not _API_MODEL.fullmatch(name):
        raise UnknownModel(f"no model is named {name!r}")
    base_url = settings.openai_base_url
    secret = settings.openai_api_key
    api_key = secret.get_secret_value() if secret else None
    if name.startswith("openai/"):
        if not (base_url or api_key):
            raise ConfigurationError(
                f"{name} has neither a key nor a server",
                hint="Set OPENAI_API_KEY, or EXTRACTOR_OPENAI_BASE_URL for a server of your own.",
            )
        return OpenAIModel(name, base_url=base_url, api_key=api_key)
    if name.startswith("litellm/openai/"):
        return LiteLLMModel(name, base_url=base_url, api_key=api_key)
    return LiteLLMModel(name)


def digest_of(name: str, settings: Settings) -> str | None:
    """Give the digest of the weights that the model would be opened with; an API's has none."""
    embedded = load_catalogue().find(name)
    if embedded is None:
        return None
    if embedded.adapter and settings.adapter_file:
        own = find_adapter(embedded.adapter, settings.adapter_file)
        return embedded.digest_with(own.sha256)
    return embedded.digest


def strategy_of(name: str, settings: Settings) -> Literal["document", "passage"]:
    """Tell how an article is put to the model: as set, else as the catalogue says, else whole."""
    if settings.strategy is not None:
        return "document" if settings.strategy == "document" else "passage"
    embedded = load_catalogue().find(name)
    return embedded.strategy if embedded else "document"


def policy_of(name: str, settings: Settings) -> PolicyName:
    """Tell who judges what a record is: as set, else as the catalogue says, else the model."""
    if settings.policy is not None:
        return settings.policy
    embedded = load_catalogue().find(name)
    if embedded is None:
        return "strong"
    return embedded.policy or ("taught" if embedded.adapter else "told")
