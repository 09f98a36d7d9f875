"""Where labels stand: a file and a line, or the address at which they can be corrected."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from eval.errors import EvaluationError
from eval.labels.dataset import Corpus, LabelledArticle

_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")
_NAMES: Final = ("corpus", "document", "id", "file", "line", "sha256")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class LabelLinkError(EvaluationError):
    """The template of links to labels cannot be used; the message says why."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Where a label can be corrected."""

    told: str
    """File and line."""
    link: str


@dataclass(frozen=True, slots=True)
class LabelPlaces:
    """Finds the places of labels.

    Args:
        template: what links lead to, with `{corpus}`, `{document}`, `{id}`, `{file}`, `{line}` and
            `{sha256}` of the article; empty for the file of the label itself.
        beside: the folder of the page, from which files are named.

    Raises:
        LabelLinkError: the template has another placeholder, or is no address of a page or file.
    """

    template: str = ""
    beside: Path = Path()
    _texts: dict[Path, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in _PLACEHOLDER.findall(self.template):
            if name not in _NAMES:
                known = ", ".join(f"{{{one}}}" for one in _NAMES)
                raise LabelLinkError(f"--label-link has {{{name}}}; there are {known}")
        scheme = _SCHEME.match(self.template)
        if scheme and scheme[0].lower() not in ("http:", "https:", "file:"):
            raise LabelLinkError("--label-link is an http, https or file address, or a path")

    def of(self, corpus: Corpus, item: LabelledArticle, label: str) -> LabelPlace:
        """The place of a label; without one that of the article's labels."""
        file = corpus.gold_path
        if file.is_dir():
            file = self._file_in(file, item.name)
        line = self._line(file, item.name, label)
        path = os.path.relpath(str(file), str(self.beside)).replace(os.sep, "/")
        values: Mapping[str, str] = {
            "corpus": corpus.name,
            "document": item.name,
            "id": label,
            "file": path,
            "line": str(line),
            "sha256": item.gold.document.sha256,
        }
        template = self.template or "{file}#L{line}"
        link = _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe="/."), template)
        return LabelPlace(f"{file.as_posix()}:{line}", link)

    def _file_in(self, folder: Path, name: str) -> Path:
        alone = folder / f"{name}.json"
        if alone.is_file():
            return alone
        # In one of the files of many.
        marked = f'"name": "{name}"'
        for file in sorted(folder.glob("*.json")):
            if marked in self._text(file):
                return file
        return alone

    def _line(self, file: Path, name: str, label: str) -> int:
        text = self._text(file)
        start = max(text.find(f'"name": "{name}"'), 0)
        found = re.compile(rf'"id":\s*"{re.escape(label)}"').search(text, start) if label else None
        return text.count("\n", 0, found.start() if found else start) + 1

    def _text(self, file: Path) -> str:
        if file not in self._texts:
            try:
                self._texts[file] = file.read_text(encoding="utf-8")
            except OSError:
                self._texts[file] = ""
        return self._texts[file]
