"""From the name of a system to the system."""

from __future__ import annotations

from eval.errors import SystemUnavailable
from eval.systems.base import System
from eval.systems.names import SYSTEMS
from extractor.errors import require
from extractor.settings import Settings


def open_system(name: str, settings: Settings) -> System:
    """The system of that name.

    Raises:
        SystemUnavailable: there is none, or what it needs is not installed.
        MissingExtra: one of ours needs what is not installed.
    """
    # Each brings libraries of its own, so only what is asked for is imported.
    if name == "pipeline":
        from eval.systems.pipeline import Pipeline

        return Pipeline(settings)
    if name == "single-shot":
        require("instructor", extra="eval", wanted=name)
        from eval.systems.single_shot import SingleShot

        return SingleShot(settings)
    if name == "langextract":
        from eval.systems.langextract import LangExtract

        return LangExtract(settings)
    raise SystemUnavailable(f"no system is named {name!r}; there are {', '.join(SYSTEMS)}")
