"""One open extractor per model, shared by all requests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeAlias

from extractor.errors import ConfigurationError, InputError, UnknownModel
from extractor.extraction import Extractor
from extractor.models import ModelClient, open_model
from extractor.models.local_files import is_local_file, shown_name
from extractor.pipeline import ModelPipeline
from extractor.settings import Settings

MAX_MODELS = 16
ModelOpener: TypeAlias = Callable[[str, Settings], ModelClient]


class ExtractorPool:
    """Extractors by model name; a model is opened on first use and kept until `close`.

    An extractor that was handed in serves the default model; its owner closes it. Only the default
    model falls back to others: who names another one is answered by it. A path is opened only if
    it is the service's own; callers name it by the file's name, as results do.
    """

    def __init__(
        self,
        settings: Settings,
        extractor: Extractor | None = None,
        opener: ModelOpener = open_model,
    ) -> None:
        self._open_model = opener
        self._own = {shown_name(name): name for name in settings.fallbacks}
        if extractor is None:
            self._own[shown_name(settings.model)] = settings.model
        self.default_model = extractor.model_name if extractor else shown_name(settings.model)
        self._settings = settings
        self._extractors = {self.default_model: extractor} if extractor is not None else {}
        shared = extractor.readers if extractor is not None else ()
        self._readers = {reader.name: reader for reader in shared}
        self._opened: list[ModelPipeline] = []
        self._lock = threading.Lock()

    def opened(self, model: str | None = None) -> Extractor | None:
        """The extractor of this model if it is open, without waiting for one that is opening."""
        return self._extractors.get(model or self.default_model)

    def get(self, model: str | None = None) -> Extractor:
        """The extractor of this model, None for the default.

        Raises:
            UnknownModel: the service offers a caller no model of that name.
            InputError: it has as many models open as it may.
            ExtractorError: a model of its own cannot be opened.
        """
        name = model or self.default_model
        with self._lock:
            if name not in self._extractors:
                fallbacks = self._settings.fallbacks if name == self.default_model else ()
                self._extractors[name] = Extractor(
                    self._reader(name),
                    settings=self._settings,
                    fallbacks=[self._reader(shown_name(other)) for other in fallbacks],
                )
            return self._extractors[name]

    async def forget(self, model: str | None) -> None:
        """Close a caller's model that its provider does not know: its name takes no place."""
        with self._lock:
            if model is None or model == self.default_model or model in self._own:
                return
            self._extractors.pop(model, None)
            reader = self._readers.pop(model, None)
            if reader is not None:
                self._opened.remove(reader)
        if reader is not None:
            await reader.aclose()
            reader.close()

    async def aclose(self) -> None:
        """Close the models that the pool has opened, and what the event loop has of the others."""
        for reader in self._readers.values():
            await reader.aclose()
        for reader in self._opened:
            reader.close()

    def _reader(self, name: str) -> ModelPipeline:
        if name not in self._readers:
            # Any provider/name opens, so callers could otherwise fill the memory with names.
            if len(self._opened) >= MAX_MODELS:
                raise InputError(
                    f"This service already has {MAX_MODELS} models open.",
                    hint="Use one of them, or start another service.",
                )
            self._readers[name] = ModelPipeline(self._client(name), self._settings)
            self._opened.append(self._readers[name])
        return self._readers[name]

    def _client(self, name: str) -> ModelClient:
        if name in self._own:
            return self._open_model(self._own[name], self._settings)
        # What a caller may not name is the caller's fault, and is not repeated.
        try:
            if is_local_file(name):
                raise UnknownModel("a caller names a file")
            return self._open_model(name, self._settings)
        except ConfigurationError:
            raise UnknownModel(
                "This service has no model of that name.",
                hint="See GET /models; a provider's model needs its key in the service's settings.",
            ) from None
