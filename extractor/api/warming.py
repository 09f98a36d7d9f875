"""Warming: what is slow the first time is loaded at the start; until then nobody is sent here."""

from __future__ import annotations

import gc
import threading
from typing import Final, get_args

from extractor.article import read_article
from extractor.errors import ExtractorError, ServiceBusy
from extractor.mentions import find_mentions
from extractor.models.base import ModelClient
from extractor.models.embedded import EmbeddedModel
from extractor.models.hosting import SharedModel
from extractor.models.remote import RemoteModel
from extractor.records import Language

_SAMPLE: Final = "Nordlys Compute will spend $40 million on a data centre with 60 jobs by 2027."
_RETRY_AFTER: Final = 5.0


class Warming:
    """Loads tables and a model's client or weights in a thread of its own."""

    def __init__(self, client: ModelClient) -> None:
        self._client = client
        self._trouble: ExtractorError | None = ServiceBusy(
            "The service is still loading.", retry_after=_RETRY_AFTER
        )

    @property
    def trouble(self) -> ExtractorError | None:
        """Why the service is not ready: it still loads, or loading failed; None if it is."""
        return self._trouble

    def start(self) -> None:
        """Begin; requests that come meanwhile wait for what they need."""
        threading.Thread(target=self.load, name="warming", daemon=True).start()

    def load(self) -> None:
        """Load everything; an error is kept, and met again by the first request."""
        try:
            read_article(_SAMPLE)
            for language in get_args(Language):
                find_mentions(_SAMPLE, language, None)
            if isinstance(self._client, EmbeddedModel | RemoteModel | SharedModel):
                self._client.load()
            # What is loaded stays: looking through it all for garbage would stop the service for a
            # tenth of a second each time.
            gc.collect()
            gc.freeze()
        except ExtractorError as error:
            self._trouble = error
        else:
            self._trouble = None
