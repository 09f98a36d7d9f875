"""How `make docs` builds the pages: Markdown as it stands in the repository, offline."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_ROOT: Final = Path(__file__).parent.parent
_GROUPS: Final = {
    "Use": ("docs/use", "docs/batch", "docs/scale", "docs/models", "docs/service"),
    "Measure": ("docs/evaluation", "docs/labels", "docs/training", "docs/results"),
    "Change": (
        "ARCHITECTURE",
        "CONTRIBUTING",
        "docs/how-to/*",
        "docs/decisions",
        "docs/lab-notes",
        "CHANGELOG",
    ),
    "Labels and data": ("gold/*", "gold/injection/README", "training/README", "adapters/README"),
}

project = "Commitment extractor"
extensions = ["myst_parser"]
include_patterns = [
    "*.md",
    "docs/**.md",
    "gold/**.md",
    "training/README.md",
    "adapters/README.md",
]
exclude_patterns = [".*", "**/.*", "runs", "site", "eval", "extractor", "tests"]
root_doc = "README"
# A heading for each `#anchor` that the pages link to.
myst_heading_anchors = 4
# Pages that only say where another one went are in no table of contents.
suppress_warnings = ["toc.not_included"]
# Nothing that looks like code is highlighted as a language that it is not.
highlight_language = "text"

html_theme = "furo"
html_title = project
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"source_directory": None, "footer_icons": []}


def _unlink_folders(_: Sphinx, page: str, source: list[str]) -> None:
    """A folder of the repository has no page: of a link to one the words stay."""

    def words(link: re.Match[str]) -> str:
        folder = (_ROOT / page).parent / link[2]
        return link[1] if folder.is_dir() else link[0]

    source[0] = re.sub(r"\[([^\]\n]*)\]\(([^)\s#:]+)\)", words, source[0])


def _add_contents(_: Sphinx, page: str, source: list[str]) -> None:
    """The contents of the site stand in no file: the pages are read in the repository, too."""
    if page != root_doc:
        return
    for caption, pages in _GROUPS.items():
        listed = "\n".join(pages)
        options = f":caption: {caption}\n:hidden:\n:glob:\n:titlesonly:"
        source[0] += f"\n```{{toctree}}\n{options}\n\n{listed}\n```\n"


def _add_front_door(app: Sphinx, failure: Exception | None) -> None:
    if failure is None:
        door = '<!doctype html><meta http-equiv="refresh" content="0; url=README.html">\n'
        (Path(app.outdir) / "index.html").write_text(door, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Hook into the build."""
    app.connect("source-read", _unlink_folders)
    app.connect("source-read", _add_contents)
    app.connect("build-finished", _add_front_door)
