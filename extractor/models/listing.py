"""The models of the catalogue as the command line and the service list them."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from extractor.errors import WeightsError
from extractor.models.catalogue import CatalogueModel, load_catalogue
from extractor.models.weights import find_weights
from extractor.settings import Settings


class ListedModel(BaseModel):
    """A model of the catalogue, on this machine."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    """What `model` takes."""
    title: str
    """The name its makers gave it."""
    licence: str
    """The licence of its file."""
    bytes: int
    """Size of its file."""
    sha256: str
    """Digest of its file."""
    adapter_sha256: str | None
    """Digest of the adapter that is put on it; provenance gives both, joined by a plus."""
    strategy: str
    """How an article is put to it, unless the settings say otherwise."""
    available: bool
    """Whether its file is on this machine."""
    default: bool
    """Whether it is used where no model is named."""


def list_models(settings: Settings, default_model: str | None = None) -> list[ListedModel]:
    """All models of the catalogue, in its order; the default one is that of the settings."""
    default = default_model or settings.model
    return [_listed(model, settings.models_dir, default) for model in load_catalogue().models]


def _listed(model: CatalogueModel, models_dir: Path, default: str) -> ListedModel:
    return ListedModel(
        name=model.name,
        title=model.title,
        licence=model.licence,
        bytes=model.bytes,
        sha256=model.sha256,
        adapter_sha256=model.adapter.sha256 if model.adapter else None,
        strategy=model.strategy,
        available=_is_available(model, models_dir),
        default=model.name == default,
    )


def _is_available(model: CatalogueModel, models_dir: Path) -> bool:
    try:
        find_weights(model, models_dir)
    except WeightsError:
        return False
    return True
