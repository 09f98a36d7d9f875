"""Adapters: small weights on top of a model's own that teach it the task; they are shipped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extractor.errors import ConfigurationError, WeightsCorrupt, WeightsMissing
from extractor.models.catalogue import AdapterFile
from extractor.models.weights import file_sha256

_PACKAGED: Final = Path(__file__).parent.parent / "_adapters"
_CHECKOUT: Final = Path(__file__).parent.parent.parent / "adapters"


@dataclass(frozen=True, slots=True)
class Adapter:
    """A file of adapter weights, and its digest."""

    path: Path
    sha256: str


def find_adapter(wanted: AdapterFile, own: Path | None = None) -> Adapter:
    """The adapter that the catalogue names, or one of the user's own in its place.

    Raises:
        WeightsMissing: the package came without the file.
        WeightsCorrupt: the file is not the one that the catalogue names.
        ConfigurationError: the user's own cannot be read.
    """
    if own is not None:
        return _own(own)
    path = (_PACKAGED if _PACKAGED.is_dir() else _CHECKOUT) / wanted.file
    try:
        found = Adapter(path, file_sha256(path))
    except OSError:
        raise WeightsMissing(
            f"the adapter {wanted.file} did not come with this installation",
            hint="Install the package again, or choose a model without an adapter.",
        ) from None
    if found.sha256 != wanted.sha256:
        raise WeightsCorrupt(
            f"{wanted.file} has not the digest that the catalogue names",
            hint="Install the package again, or name a file of your own in EXTRACTOR_ADAPTER_FILE.",
        )
    return found


def _own(path: Path) -> Adapter:
    try:
        return Adapter(path, file_sha256(path))
    except OSError:
        raise ConfigurationError(
            "EXTRACTOR_ADAPTER_FILE names no readable file; make one with `make train`,"
            " or unset it for the adapter that is shipped."
        ) from None
