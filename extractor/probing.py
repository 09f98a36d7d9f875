"""Probing: whether a model reads two tiny articles right, and what its provider takes of a call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from extractor.errors import ExtractorError
from extractor.extraction import Extractor
from extractor.models import open_model
from extractor.models.opening import policy_of, strategy_of
from extractor.models.remote import Dialect, RemoteModel
from extractor.records import Actor, Extraction
from extractor.settings import Settings


@dataclass(frozen=True, slots=True)
class Question:
    """A tiny article and what any model that is of use finds in it."""

    name: str
    text: str
    checks: tuple[tuple[str, Callable[[Extraction], bool]], ...]


def _names(parties: Iterable[Actor]) -> str:
    return " | ".join(party.name for party in parties)


QUESTIONS: Final = (
    Question(
        "a pledge, in English",
        "Tessaly Bank to finance Orvane tram line\n\n"
        "Tessaly Bank will lend 25 million euros to the town of Orvane for a tram line, the mayor "
        "said on Monday. The line is to open by 2031. Orvane has 80,000 inhabitants.",
        (
            (
                "who gives",
                lambda found: any("Tessaly" in _names(c.actors) for c in found.commitments),
            ),
            (
                "how much",
                lambda found: any(
                    each.amount is not None
                    and (each.amount.value, each.amount.currency) == (25_000_000, "EUR")
                    for each in found.commitments
                ),
            ),
            (
                "who receives",
                lambda found: any("Orvane" in _names(c.recipients) for c in found.commitments),
            ),
        ),
    ),
    Question(
        "a decree, in French",
        "Boissons énergisantes : la vente aux mineurs interdite\n\n"
        "Le ministère de la Santé a publié mardi un décret qui interdit la vente de boissons "
        "énergisantes aux mineurs à partir du 1er mars 2027. Les pharmaciens s'en félicitent.",
        (
            (
                "who acts",
                lambda found: any("Santé" in _names(e.actors) for e in found.policy_events),
            ),
            (
                "which act",
                lambda found: any(
                    each.event_type == "law_or_regulation" for each in found.policy_events
                ),
            ),
        ),
    ),
)
_PUBLISHED: Final = date(2026, 11, 24)


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CheckedArticle(_Told):
    """What became of one of the articles."""

    name: str
    right: list[str]
    wrong: list[str]
    """What was not found, or not so."""
    notices: list[str]
    seconds: float
    calls: int
    prompt_tokens: int
    output_tokens: int
    cost_usd: float | None


class ModelCheck(_Told):
    """What a model takes and how it reads."""

    model: str
    verdict: Literal["right", "wrong", "failed"]
    """`failed` if it did not answer at all."""
    error: str | None
    hint: str | None
    retryable: bool
    strategy: str
    policy: str
    takes: dict[str, str]
    """What it is sent, by the name of what is sent; empty for an embedded model."""
    refused: list[str]
    """What its provider refused, so that it was left out or put otherwise."""
    articles: list[CheckedArticle]
    settings: list[str]
    """The settings to use, as NAME=value, besides the URL and the key that were used; empty if it
    did not answer."""


def check_model(
    name: str, settings: Settings, on_question: Callable[[str], None] = lambda _: None
) -> ModelCheck:
    """Ask a model the two articles; `on_question` is called with the name of each before it.

    Raises:
        ExtractorError: the model cannot be opened.
    """
    client = open_model(name, settings)
    articles: list[CheckedArticle] = []
    failure: ExtractorError | None = None
    with Extractor(client, settings=settings) as extractor:
        for question in QUESTIONS:
            on_question(question.name)
            try:
                articles.append(_ask(extractor, question))
            except ExtractorError as error:
                failure = error
                break
        spoken = client.spoken if isinstance(client, RemoteModel) else None
    wrong = any(article.wrong for article in articles)
    return ModelCheck(
        model=name,
        verdict="failed" if failure else "wrong" if wrong else "right",
        error=failure.detail if failure else None,
        hint=failure.advice if failure else None,
        retryable=failure.retryable if failure else False,
        strategy=strategy_of(name, settings),
        policy=policy_of(name, settings),
        takes=_takes(spoken.dialect, settings) if spoken else {},
        refused=list(spoken.corrections) if spoken else [],
        articles=articles,
        settings=[]
        if failure
        else list(_settings(name, settings, spoken.dialect if spoken else None, wrong)),
    )


def _ask(extractor: Extractor, question: Question) -> CheckedArticle:
    started = time.perf_counter()
    found = extractor.extract(question.text, published_at=_PUBLISHED)
    seconds = time.perf_counter() - started
    passed = {label: check(found) for label, check in question.checks}
    return CheckedArticle(
        name=question.name,
        right=[label for label, is_so in passed.items() if is_so],
        wrong=[label for label, is_so in passed.items() if not is_so],
        notices=[notice.detail for notice in found.notices],
        seconds=round(seconds, 2),
        calls=found.usage.calls,
        prompt_tokens=found.usage.prompt_tokens,
        output_tokens=found.usage.output_tokens,
        cost_usd=found.usage.cost_usd,
    )


def _takes(dialect: Dialect, settings: Settings) -> dict[str, str]:
    return {
        "reply form": {
            "bounded": "JSON schema with the ids on offer",
            "portable": "JSON schema, the same for all articles",
            "json_object": "JSON mode; the schema is told in the prompt",
            "text": "text; the schema is told in the prompt",
        }[dialect.form],
        "limit": dialect.limit,
        "temperature": f"{settings.temperature:g}" if dialect.temperature else "not sent",
        "seed": str(settings.seed) if dialect.seed else "not sent",
        "reasoning effort": dialect.efforts[0] if dialect.efforts else "not sent",
        "room for thoughts": f"{settings.thinking_tokens if dialect.thinks else 0} tokens",
    }


def _settings(name: str, settings: Settings, dialect: Dialect | None, wrong: bool) -> Iterable[str]:
    yield f"EXTRACTOR_MODEL={name}"
    if dialect is not None:
        yield f"EXTRACTOR_REPLY_FORM={dialect.form}"
        yield f"EXTRACTOR_TOKEN_LIMIT_NAME={dialect.limit}"
    if wrong and strategy_of(name, settings) == "document":
        # A model that loses its way in an article may still answer about a sentence.
        yield "EXTRACTOR_STRATEGY=passage"
        yield "EXTRACTOR_POLICY=told"
