"""Pages: an extraction in its article, for people; every offset is resolved here, in code points.

The templates hold macros, one for each part of a page, so that a server can put them into pages of
its own; `open_templates` gives them, `assets` the one style sheet and the one script.
"""

from __future__ import annotations

from extractor.pages.rendering import (
    ArticleSection,
    Shown,
    asset,
    open_templates,
    read_again,
    render_extractions,
    section_of,
)

__all__ = [
    "ArticleSection",
    "Shown",
    "asset",
    "open_templates",
    "read_again",
    "render_extractions",
    "section_of",
]
