"""One open extractor per model, shared by all requests."""

from __future__ import annotations

import threading

from extractor.errors import InputError
from extractor.extraction import Extractor
from extractor.settings import Settings

MAX_MODELS = 16


class ExtractorPool:
    """Extractors by model name, opened on first use and kept until `close`.

    An extractor that was handed in serves requests that name no model; its owner closes it.
    """

    def __init__(self, settings: Settings, extractor: Extractor | None = None) -> None:
        self.default_model = extractor.model_name if extractor is not None else settings.model
        self._settings = settings
        self._opened: dict[str, Extractor] = {}
        self._shared = {self.default_model: extractor} if extractor is not None else {}
        self._lock = threading.Lock()

    def get(self, model: str | None = None) -> Extractor:
        """The extractor of this model, None for the default; raises what opening it raises."""
        name = model or self.default_model
        with self._lock:
            found = self._shared.get(name) or self._opened.get(name)
            if found is None:
                # Any provider/name opens, so callers could otherwise fill the memory with names.
                if len(self._opened) >= MAX_MODELS:
                    raise InputError(
                        f"This service already has {MAX_MODELS} models open.",
                        hint="Use one of them, or start another service.",
                    )
                found = self._opened[name] = Extractor(name, settings=self._settings)
        return found

    def close(self) -> None:
        """Close the extractors that the pool has opened."""
        with self._lock:
            for extractor in self._opened.values():
                extractor.close()
            self._opened.clear()
