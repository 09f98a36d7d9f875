"""Extraction: the whole path from an article to checked records, in one readable method."""

from __future__ import annotations

import hashlib
import time
from datetime import date
from functools import cached_property
from types import TracebackType
from typing import Self, get_args

from extractor.article import Article, read_article
from extractor.asking import Ledger, Limits, Progress, ask_all
from extractor.checking import check_drafts
from extractor.deadline import Deadline
from extractor.finding import Candidates, Finder, at_least, open_finder
from extractor.mentions import find_mentions
from extractor.models import ModelClient, open_model
from extractor.models.opening import strategy_of
from extractor.passages import MentionIndex
from extractor.prompting import load_prompts
from extractor.records import (
    SCHEMA_VERSION,
    ArticleInfo,
    Extraction,
    Language,
    Notice,
    Provenance,
    StageSeconds,
    TextSpan,
    Usage,
)
from extractor.settings import Settings, load_settings
from extractor.strategies import plan
from extractor.version import VERSION, code_digest


class Extractor:
    """Reads articles with one model; safe to share between threads.

    Args:
        model: a name (`extractor models list`, or `provider/name`), an opened client, or None for
            the default of the settings.
        settings: the configuration; read from the environment if None.
        finder: what chooses the sentences to ask about, in place of that of the settings.

    Raises:
        ExtractorError: the model cannot be opened or the prompts cannot be used.
    """

    def __init__(
        self,
        model: str | ModelClient | None = None,
        *,
        settings: Settings | None = None,
        finder: Finder | None = None,
    ) -> None:
        self.settings = settings or load_settings()
        if model is None or isinstance(model, str):
            model = open_model(model or self.settings.model, self.settings)
        self._client: ModelClient = model
        self._strategy = strategy_of(self._client.name, self.settings)
        self._finder: Finder | None = None
        if self._strategy == "passage":
            self._finder = finder or open_finder(self.settings)
        told = self._finder is not None and self._finder.tells_kinds
        prompts = load_prompts(self.settings.prompts_dir, kinds_told=told).values()
        self._prompts = [prompt for prompt in prompts if prompt.strategy == self._strategy]
        self._example_names = frozenset[str]().union(*(prompt.example_names for prompt in prompts))

    @property
    def model_name(self) -> str:
        """The name the model was asked for by."""
        return self._client.name

    @cached_property
    def fingerprint(self) -> str:
        """Digest of all that decides what is said of an article: code, prompts, model, limits."""
        settings = self.settings
        limits = [settings.min_confidence, settings.max_calls, settings.context_tokens]
        decides = [self._provenance().model_dump_json(), code_digest(), str(limits)]
        return hashlib.sha256("\n".join(decides).encode()).hexdigest()

    def extract(
        self,
        text: str,
        *,
        title: str | None = None,
        language: str | None = None,
        published_at: date | None = None,
        article_id: str | None = None,
        source_url: str | None = None,
        on_progress: Progress | None = None,
        deadline: Deadline | None = None,
    ) -> Extraction:
        """The commitments and policy events of one article, each value proved by a sentence.

        Args:
            text: the article, plain text.
            title: its title, if the text does not start with it.
            language: BCP 47; detected if None.
            published_at: what relative dates ("next year") refer to; without it they stay open.
            article_id: the caller's own id, returned as given.
            source_url: stored, never fetched.
            on_progress: called with (questions answered, questions in all) as the model works.
            deadline: until when it may take; it can also be abandoned from another thread.

        Raises:
            InputError: the text is not a readable article.
            ModelError: the model failed and trying again did not help.
            WeightsError: the file of an embedded model cannot be used.
            DeadlinePassed: it did not end in time.
            Abandoned: nobody waits for it.
        """
        started = time.perf_counter()
        article = read_article(
            text,
            title=title,
            language=language,
            published_at=published_at,
            max_characters=self.settings.max_characters,
        )
        mentions = {
            sentence.id: find_mentions(sentence.text, article.rules, published_at)
            for sentence in article.sentences
        }
        candidates = self._candidates(article, mentions)
        questions = plan(self._prompts, article, mentions, candidates)
        read = time.perf_counter()

        ledger = Ledger(self._limits(), deadline or Deadline())
        asked = ask_all(self._client, questions, ledger, on_progress)
        filled = time.perf_counter()

        checked = check_drafts(
            asked.drafts, asked.invalid, article, self._example_names, candidates
        )
        done = time.perf_counter()

        return Extraction(
            article=_article_info(article, article_id, title, source_url),
            commitments=checked.commitments,
            policy_events=checked.policy_events,
            rejected=checked.rejected,
            notices=[*_notices(article, mentions), *asked.notices],
            provenance=self._provenance(),
            usage=_usage(ledger, (started, read, filled, done)),
        )

    def close(self) -> None:
        """Release the model."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _candidates(self, article: Article, mentions: MentionIndex) -> Candidates | None:
        if self._finder is None:
            return None
        return at_least(self._finder.find(article, mentions), self.settings.min_confidence)

    def _limits(self) -> Limits:
        settings = self.settings
        return Limits(
            max_calls=settings.max_calls,
            max_tokens=settings.max_tokens,
            retries=settings.retries,
            timeout_seconds=settings.timeout_seconds,
            temperature=settings.temperature,
            seed=settings.seed,
        )

    def _provenance(self) -> Provenance:
        return Provenance(
            schema_version=SCHEMA_VERSION,
            code_version=VERSION,
            model=self._client.name,
            model_digest=self._client.digest,
            strategy=self._strategy,
            finder=self._finder.name if self._finder else None,
            prompts=[prompt.stamp for prompt in self._prompts],
            temperature=self.settings.temperature,
            max_tokens=self.settings.max_tokens,
            seed=self.settings.seed,
        )


def _article_info(
    article: Article, article_id: str | None, title: str | None, source_url: str | None
) -> ArticleInfo:
    return ArticleInfo(
        article_id=article_id,
        title=title,
        source_url=source_url,
        sha256=hashlib.sha256(article.original.encode()).hexdigest(),
        characters=len(article.original),
        language=article.language,
        published_at=article.published_at.isoformat() if article.published_at else None,
        body_span=TextSpan(start=article.body_start, end=article.body_end),
        sentences=len(article.sentences),
    )


def _notices(article: Article, mentions: MentionIndex) -> list[Notice]:
    notices = []
    if article.language not in get_args(Language):
        notices.append(
            Notice(
                code="unsupported_language",
                detail=f"No rules for {article.language!r}: English ones were used. Expect misses.",
                sentences=[],
            )
        )
    if not article.sentences:
        notices.append(
            Notice(code="no_body", detail="Only page furniture was found.", sentences=[])
        )
    if article.asides:
        notices.append(
            Notice(
                code="instructions_ignored",
                detail=f"{article.asides} passages speak to a program, not to readers: not read.",
                sentences=[],
            )
        )
    relative = [
        number
        for number, found in mentions.items()
        if any(date.basis == "from_reference" for date in found.dates)
    ]
    if relative and article.published_at is None:
        notices.append(
            Notice(
                code="no_reference_date",
                detail="Relative dates stay open: give published_at to resolve them.",
                sentences=relative,
            )
        )
    return notices


def _usage(ledger: Ledger, clock: tuple[float, float, float, float]) -> Usage:
    started, read, filled, done = clock
    return Usage(
        calls=ledger.calls,
        repairs=ledger.repairs,
        prompt_tokens=ledger.usage.prompt_tokens,
        cached_tokens=ledger.usage.cached_tokens,
        output_tokens=ledger.usage.output_tokens,
        cost_usd=ledger.usage.cost_usd,
        seconds=StageSeconds(
            read=round(read - started, 4),
            fill=round(filled - read, 4),
            check=round(done - filled, 4),
            total=round(done - started, 4),
        ),
    )
