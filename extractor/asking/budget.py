"""Budget: what one extraction may spend, and what it has spent."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.asking.deadline import Deadline
from extractor.asking.pacing import PacedModel
from extractor.errors import ConfigurationError, ModelError, ModelRateLimited
from extractor.models.base import ModelReply, ModelRequest, TokenUsage
from extractor.models.waiting import Blocking, Waiting

_FIRST_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class CallLimits:
    """What one extraction may spend, and how each call is made.

    No call is begun once an article has taken `max_article_tokens`, prompt and reply together, or
    has cost `max_article_cost_usd`.
    """

    max_calls: int
    max_tokens: int
    retries: int
    timeout_seconds: float
    temperature: float
    seed: int
    max_article_tokens: int | None = None
    max_article_cost_usd: float | None = None


@dataclass(slots=True)
class Ledger:
    """What one extraction has spent; every attempt counts, failed ones too.

    What a provider refused for its rate and got again later counts once: it cost nothing.
    """

    limits: CallLimits
    deadline: Deadline = field(default_factory=Deadline)
    waiting: Waiting = field(default_factory=Blocking)
    """How it waits for the model."""
    calls: int = 0
    repairs: int = 0
    usage: TokenUsage = field(default_factory=lambda: TokenUsage(cost_usd=0.0))
    adapted: dict[str, None] = field(default_factory=dict)
    """What of the requests the provider refused, so that it was left out; each thing once."""
    replies: int = 0
    blanks: int = 0
    """Replies without a word, one after the other, until now."""

    @property
    def spent(self) -> bool:
        """Whether the calls, the tokens or the money are used up."""
        limits, usage = self.limits, self.usage
        tokens, cost = limits.max_article_tokens, limits.max_article_cost_usd
        return (
            self.calls >= limits.max_calls
            or (tokens is not None and usage.prompt_tokens + usage.output_tokens >= tokens)
            or (cost is not None and (usage.cost_usd or 0.0) >= cost)
        )

    async def call(self, model: PacedModel, request: ModelRequest) -> ModelReply:
        """One reply, trying again where that can help.

        Raises:
            ModelError: the last failure, when it is final or the tries are used up.
            ConfigurationError: a limit on the cost is set, and the model's price is not known.
            DeadlinePassed: the time of the extraction is over.
            Abandoned: nobody waits for it.
        """
        for attempt in range(self.limits.retries + 1):
            self.calls += 1
            try:
                reply = await model.complete(request, self.deadline, self.waiting)
            except ModelRateLimited:
                raise
            except ModelError as error:
                # A call that had less than its full time fails for the deadline, not for the model.
                self.deadline.remaining(request.timeout_seconds)
                if not error.retryable or attempt == self.limits.retries or self.spent:
                    raise
                pause = max(_FIRST_PAUSE * 2.0**attempt, error.retry_after or 0.0)
                named = error.retry_after is not None
                if named and pause > self.deadline.remaining(request.timeout_seconds):
                    raise  # nobody would be there any more; another model may be sooner
                await self.deadline.wait(pause, self.waiting)
            else:
                self.replies += 1
                self._pay(reply.usage)
                self.adapted.update(dict.fromkeys(reply.adapted))
                self.blanks = 0 if reply.text.strip() else self.blanks + 1
                return reply
        raise AssertionError("the loop returns or raises")

    def _pay(self, usage: TokenUsage) -> None:
        self.usage = _sum(self.usage, usage)
        if self.limits.max_article_cost_usd is not None and usage.cost_usd is None:
            raise ConfigurationError(
                "The price of this model is not known, so the limit on costs cannot be kept.",
                hint="Unset EXTRACTOR_MAX_ARTICLE_COST_USD and limit the tokens instead.",
            )


def _sum(left: TokenUsage, right: TokenUsage) -> TokenUsage:
    known = left.cost_usd is not None and right.cost_usd is not None
    return TokenUsage(
        left.prompt_tokens + right.prompt_tokens,
        left.cached_tokens + right.cached_tokens,
        left.output_tokens + right.output_tokens,
        (left.cost_usd or 0.0) + (right.cost_usd or 0.0) if known else None,
    )
