"""Models in files of the user's own: a name that ends in .gguf is the path of one."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extractor.errors import WeightsCorrupt, WeightsMissing
from extractor.models.gguf import HEADER_BYTES, MAGIC, context_length
from extractor.models.weights import file_sha256

_SUFFIX: Final = ".gguf"
# A server may well call a model by the name of its file.
_PROVIDERS: Final = ("openai/", "litellm/")
_PART: Final = re.compile(r"-\d{5}-of-\d{5}\.gguf$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A GGUF file, and what an embedded model has to know of it."""

    path: Path
    name: str
    """The name of the file without its folders: results must not tell where it lies."""
    sha256: str
    context_tokens: int
    """Context that the model was trained for."""

    @property
    def remedy(self) -> str:
        """What to do if the file cannot be loaded."""
        return "Name the whole file of a language model; a new kind may need a newer xllamacpp."

    def digest_with(self, adapter: str | None) -> str:
        """The digest with the adapter of that sha256 on top, or with none."""
        return f"{self.sha256}+{adapter}" if adapter else self.sha256


def is_local_file(name: str) -> bool:
    """Tell whether the name of a model is the path of a file; nothing is looked for."""
    return name.lower().endswith(_SUFFIX) and not name.startswith(_PROVIDERS)


def shown_name(name: str) -> str:
    """The name of a model as results tell it: of a path only the file's."""
    return Path(name).name if is_local_file(name) else name


def find_local_file(name: str, context_tokens: int) -> LocalFile:
    """Give the file of that path, with `context_tokens` if it does not tell its own.

    The digest is computed once, then again only when the file has another size or time.

    Raises:
        WeightsMissing: there is no such file, or it cannot be read.
        WeightsCorrupt: it is not a whole GGUF file.
    """
    shown = shown_name(name)
    path = _existing(name)
    if path is None:
        raise WeightsMissing(
            f"there is no file {shown}",
            hint="A name that ends in .gguf is a path: check it, and the folder you are in. "
            "A server's model of such a name is named openai/NAME or litellm/PROVIDER/NAME.",
        )
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
        _check(shown, header)
        stat = path.stat()
        digest = _digest(path, stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        raise WeightsMissing(
            f"the file {shown} cannot be read ({error.strerror})",
            hint="Check who may read the file.",
        ) from None
    return LocalFile(path, shown, digest, context_length(header) or context_tokens)


def _existing(name: str) -> Path | None:
    try:
        path = Path(name).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):  # links in a circle, no such home, a null character
        return None
    return path if path.is_file() else None


def _check(shown: str, header: bytes) -> None:
    if not header.startswith(MAGIC):
        raise WeightsCorrupt(
            f"{shown} is not a GGUF file",
            hint="Models in other formats are converted by the scripts of llama.cpp.",
        )
    # llama.cpp would find the other parts, but the digest would say nothing of them.
    if _PART.search(shown):
        raise WeightsCorrupt(
            f"{shown} is one of several parts",
            hint="Make one file of them with `llama-gguf-split --merge`, and name that.",
        )


@functools.lru_cache(maxsize=64)
def _digest(path: Path, _size: int, _mtime_ns: int) -> str:
    return file_sha256(path)
