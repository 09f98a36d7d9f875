"""The names of the systems, for whoever must not import the systems themselves."""

from __future__ import annotations

from typing import Final

SYSTEMS: Final = ("pipeline", "single-shot", "langextract")
