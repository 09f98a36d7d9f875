"""The catalogue of embedded models: the official file of each, its licence and its sources."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic.types import PositiveInt

from extractor.errors import ConfigurationError, UnknownModel
from extractor.records import PolicyName, Strategy

_Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Plain = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class HubSource(_Entry):
    """Where the hub keeps the file, under the catalogue's file name."""

    repository: Annotated[str, StringConstraints(pattern=r"^[\w.-]+/[\w.-]+$")]
    revision: _Plain


class PartsSource(_Entry):
    """Packages that carry the file in pieces, in order."""

    package: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\{n\})?$")]
    """Name of a package, where {n} is the number of the part, from 1."""
    version: _Plain
    count: PositiveInt
    bytes: PositiveInt
    """Size of every part but the last."""
    member: str
    """Pattern of the one file of the package that holds the part."""

    def requirement(self, number: int) -> str:
        """Name and version of the package that carries part `number`, from 1."""
        return f"{self.package.format(n=number)}=={self.version}"


class AdapterFile(_Entry):
    """Weights that teach a model our own task; the file comes with this package."""

    file: _Plain
    sha256: _Digest


class CatalogueModel(_Entry):
    """One embedded model."""

    name: _Plain
    title: str
    licence: str
    licence_note: str = ""
    opt_in: bool = False
    """Whether the licence must be accepted by name before the file is fetched."""
    file: _Plain
    bytes: PositiveInt
    sha256: _Digest
    context_tokens: PositiveInt
    """Context that the model was trained for."""
    strategy: Strategy
    policy: PolicyName | None = None
    """Who judges what a record is; without it the model if it has an adapter, else words too."""
    adapter: AdapterFile | None = None
    """What is put on it when it is loaded; it is then asked with the prompts it was trained on."""
    hub: HubSource | None = None
    parts: PartsSource | None = None

    @model_validator(mode="after")
    def _parts_make_the_file(self) -> Self:
        if (
            self.parts
            and not 0 <= self.parts.count * self.parts.bytes - self.bytes < self.parts.bytes
        ):
            raise ValueError("the parts do not add up to the file")
        return self

    @property
    def digest(self) -> str:
        """The sha256 of the file; with an adapter both, joined by a plus."""
        return self.digest_with(self.adapter.sha256 if self.adapter else None)

    @property
    def remedy(self) -> str:
        """What to do if the file cannot be loaded."""
        return f"Run `extractor models pull {self.name} --force` to fetch it again."

    def digest_with(self, adapter: str | None) -> str:
        """The digest with the adapter of that sha256 on top, or with none."""
        return f"{self.sha256}+{adapter}" if adapter else self.sha256

    def part_bytes(self, number: int) -> int:
        """Bytes of part `number`, from 1.

        Raises:
            ConfigurationError: the model has no parts.
        """
        if self.parts is None:
            raise ConfigurationError(f"{self.name} has no package parts")
        return min(self.parts.bytes, self.bytes - (number - 1) * self.parts.bytes)


class Catalogue(_Entry):
    """Every embedded model, the default one first."""

    models: tuple[CatalogueModel, ...]

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        if len({model.name for model in self.models}) != len(self.models):
            raise ValueError("two models have the same name")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order of the catalogue."""
        return tuple(model.name for model in self.models)

    def find(self, name: str) -> CatalogueModel | None:
        """Give the model of that name, None if there is none."""
        return next((model for model in self.models if model.name == name), None)

    def get(self, name: str) -> CatalogueModel:
        """Give the model of that name.

        Raises:
            UnknownModel: there is none; the error names those that there are.
        """
        model = self.find(name)
        if model is None:
            raise UnknownModel(f"no embedded model {name!r}; there are {', '.join(self.names)}")
        return model


@functools.cache
def load_catalogue() -> Catalogue:
    """Read the catalogue that is shipped, once."""
    text = resources.files("extractor.models").joinpath("catalogue.toml").read_text("utf-8")
    return read_catalogue(text)


def read_catalogue(text: str) -> Catalogue:
    """Read a catalogue; an entry with `base` says only what differs from the entry of that name."""
    entries = tomllib.loads(text)["models"]
    named = {entry["name"]: entry for entry in entries}
    whole = [{**named.get(entry.get("base"), {}), **entry} for entry in entries]
    said = [{key: value for key, value in entry.items() if key != "base"} for entry in whole]
    return Catalogue.model_validate({"models": said})
