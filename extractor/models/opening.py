"""From the name of a model to a client for it."""

from __future__ import annotations

import re
from typing import Final

from extractor.errors import ConfigurationError, UnknownModel
from extractor.models.adapters import find_adapter
from extractor.models.base import ModelClient
from extractor.models.catalogue import load_catalogue
from extractor.models.embedded import EmbeddedModel, require_llama
from extractor.models.litellm import LiteLLMWire
from extractor.models.local_files import find_local_file, is_local_file
from extractor.models.openai import OpenAIWire
from extractor.models.remote import RemoteModel, Wire, dialect_of
from extractor.models.weights import find_weights
from extractor.records import PolicyName, Strategy
from extractor.settings import Settings

_API_MODEL: Final = re.compile(r"[\w.-]+(/[\w.:@-]+)+")


def open_model(name: str, settings: Settings) -> ModelClient:
    """Make the client for a name of the catalogue, a .gguf path, openai/NAME, or PROVIDER/NAME.

    PROVIDER is one of litellm; litellm/PROVIDER/NAME takes it for openai too. Opening is cheap,
    but for the digest of a file of the user's own; yet what can be known to be missing, a package,
    the weights or the key, is an error here already.

    Raises:
        UnknownModel: it is no name of these kinds.
        MissingExtra: the packages that ask it are not installed.
        WeightsError: the file of an embedded model is missing, or is not the official one.
        ConfigurationError: openai/NAME has neither a key nor a server, or a file cannot be read.
    """
    if embedded := load_catalogue().find(name):
        require_llama(name)  # before the weights are missed, which it would be no use to fetch
        return EmbeddedModel(
            embedded,
            find_weights(embedded, settings.models_dir),
            threads=settings.threads,
            context_tokens=settings.context_tokens,
            adapter=find_adapter(embedded.adapter, settings.adapter_file)
            if embedded.adapter
            else None,
        )
    if is_local_file(name):
        local = find_local_file(name, settings.context_tokens)
        return EmbeddedModel(
            local, local.path, threads=settings.threads, context_tokens=settings.context_tokens
        )
    if not _API_MODEL.fullmatch(name):
        raise UnknownModel(f"no model is named {name!r}")
    return _remote(name, settings)


def digest_of(name: str, settings: Settings) -> str | None:
    """Give the digest of the weights that the model would be opened with; an API's has none."""
    if is_local_file(name):
        return find_local_file(name, settings.context_tokens).sha256
    embedded = load_catalogue().find(name)
    if embedded is None:
        return None
    if embedded.adapter and settings.adapter_file:
        own = find_adapter(embedded.adapter, settings.adapter_file)
        return embedded.digest_with(own.sha256)
    return embedded.digest


def strategy_of(name: str, settings: Settings) -> Strategy:
    """Tell how an article is put to the model: as set, else as the catalogue says, else whole.

    A file of the user's own is taken for a small model, unless it is said to be a strong one.
    """
    if settings.strategy is not None:
        return settings.strategy
    if is_local_file(name):
        return "document" if settings.policy == "strong" else "passage"
    embedded = load_catalogue().find(name)
    return embedded.strategy if embedded else "document"


def policy_of(name: str, settings: Settings) -> PolicyName:
    """Tell who judges what a record is: as set, else as the catalogue says, else the model."""
    if settings.policy is not None:
        return settings.policy
    if is_local_file(name):
        return "told"
    embedded = load_catalogue().find(name)
    if embedded is None:
        return "strong"
    return embedded.policy or ("taught" if embedded.adapter else "told")


def _remote(name: str, settings: Settings) -> RemoteModel:
    """The client of a provider's model; a server of openai/… may be anybody's."""
    to_openai = name.removeprefix("litellm/").startswith("openai/")
    base_url = settings.openai_base_url if to_openai else settings.litellm_base_url
    secret = settings.openai_api_key if to_openai else None
    api_key = secret.get_secret_value() if secret else None
    if name.startswith("openai/") and not (base_url or api_key):
        raise ConfigurationError(
            f"{name} has neither a key nor a server",
            hint="Set OPENAI_API_KEY, or EXTRACTOR_OPENAI_BASE_URL for a server of your own.",
        )
    wire: Wire = (
        OpenAIWire(name, base_url=base_url, api_key=api_key)
        if name.startswith("openai/")
        else LiteLLMWire(name, base_url=base_url, api_key=api_key or _no_key(to_openai, base_url))
    )
    return RemoteModel(
        name,
        wire,
        dialect_of(name, base_url, settings),
        place=base_url or "",
        thinking_tokens=settings.thinking_tokens,
        check_prompts=settings.prompt_check,
    )


def _no_key(to_openai: bool, base_url: str | None) -> str | None:
    """A server of one's own mostly wants no key, and litellm insists on one."""
    return "none" if to_openai and base_url else None
