"""A part: requests that become one batch, written to a file until the provider has them."""

from __future__ import annotations

import math
import tempfile
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Final

from extractor.batch.provider_batches.base import BatchForm, ProviderBatches
from extractor.batch.provider_batches.replaying import WantedRequest
from extractor.models.base import TokenUsage
from extractor.models.hosted import Price
from extractor.models.remote.wire import Call

_CHARACTERS_PER_TOKEN: Final = 3.0
_MARGIN: Final = 1.5
_PART_DIGITS: Final = 12
_KEY_DIGITS: Final = 24


@dataclass(frozen=True, slots=True)
class PlacedRequest:
    """A request in a part, with its id: which part, which article, which question."""

    id: str
    key: str
    wanted: WantedRequest


@dataclass(frozen=True, slots=True)
class Reserve:
    """What a request may cost, before it is sent.

    Args:
        price: of a token in a batch; None if it is not known.
        output_tokens: what replies of the run had on average, None as long as too few are known:
            then a reply may be as long as the request lets it.
    """

    price: Price | None
    output_tokens: float | None = None

    def of(self, call: Call) -> float:
        """What is set aside for the request, in US dollars; nothing where no price is known."""
        if self.price is None:
            return 0.0
        prompt = sum(len(each.content) for each in call.messages) / _CHARACTERS_PER_TOKEN
        written = float(call.most_tokens)
        if self.output_tokens is not None:
            written = min(written, _MARGIN * self.output_tokens)
        return self.price.of(
            TokenUsage(prompt_tokens=math.ceil(prompt), output_tokens=math.ceil(written))
        )


class BatchPart:
    """Requests on their way into a batch; close it when they have arrived.

    Args:
        provider: in whose form they are written.
        most_requests: at most so many, and no more than the provider takes.
        most_usd: what they may cost by the reserve, in US dollars; None for any.
        reserve: what each may cost.
    """

    def __init__(
        self,
        provider: ProviderBatches,
        most_requests: int,
        most_usd: float | None,
        reserve: Reserve,
    ) -> None:
        self.id = uuid.uuid4().hex[:_PART_DIGITS]
        self.requests: list[PlacedRequest] = []
        self.reserved = 0.0
        self.refused_for_cost = False
        """Whether an article was refused because it may cost more than is left."""
        self._provider = provider
        self._form: BatchForm = provider.form
        self._most = min(most_requests, self._form.most_requests)
        self._most_usd = most_usd
        self._reserve = reserve
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._bytes = self._file.write(self._form.opening)

    def add(self, key: str, wanted: Sequence[WantedRequest]) -> bool:
        """Add all requests about an article; False, and none is, if there is no room for them."""
        placed = [
            PlacedRequest(f"{self.id}-{key[:_KEY_DIGITS]}-{each.question}", key, each)
            for each in wanted
        ]
        lines = [self._provider.request(each.id, each.wanted.call) for each in placed]
        cost = sum(self._reserve.of(each.call) for each in wanted)
        if self._most_usd is not None and self.reserved + cost > self._most_usd:
            self.refused_for_cost = True
            return False
        size = sum(len(line) + len(self._form.separator) for line in lines)
        crowded = len(self.requests) + len(lines) > self._most
        if self.requests and (crowded or self._bytes + size > self._form.most_bytes):
            return False
        for line in lines:
            if self._bytes > len(self._form.opening):
                self._bytes += self._file.write(self._form.separator)
            self._bytes += self._file.write(line)
        self.requests += placed
        self.reserved += cost
        return True

    def written(self) -> IO[bytes]:
        """The file, whole."""
        self._file.write(self._form.closing)
        self._file.flush()
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Release the file."""
        self._file.close()


class Hopper:
    """Takes what articles ask, part after part; `full` once nothing more should be given.

    Args:
        new_part: an empty part.
        submit: gives a part to the provider; False if nothing more should be given now.
    """

    def __init__(
        self, new_part: Callable[[], BatchPart], submit: Callable[[BatchPart], bool]
    ) -> None:
        self._new_part, self._submit = new_part, submit
        self._part: BatchPart | None = None
        self.full = self.over_budget = self.failed = False

    def add(self, key: str, wanted: tuple[WantedRequest, ...]) -> None:
        """Take all that an article asks, unless no more should be given."""
        if self.full:
            return
        if self._part is None:
            self._part = self._new_part()
        if self._part.add(key, wanted):
            return
        if self._part.refused_for_cost:
            self.full = self.over_budget = True
            return
        self.flush()
        self.add(key, wanted)

    def flush(self) -> None:
        """Submit what there is."""
        part, self._part = self._part, None
        if part is None:
            return
        try:
            if part.requests and not self._submit(part):
                self.full = self.failed = True
        finally:
            part.close()

    def close(self) -> None:
        """Release what was not submitted."""
        if self._part is not None:
            self._part.close()
