"""Reader: one model and all that decides how it reads, from the questions to checked answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from extractor.article import Article
from extractor.asking import Asked, Ledger, Progress, ask_all
from extractor.checking import Checked, check_drafts
from extractor.finding import Candidates, Finder, at_least, open_finder
from extractor.models import ModelClient
from extractor.models.opening import is_tuned, strategy_of
from extractor.pacing import PacedModel
from extractor.passages import MentionIndex, Passage
from extractor.prompting import Prompt, load_prompts
from extractor.records import SCHEMA_VERSION, Provenance
from extractor.settings import Settings
from extractor.strategies import plan
from extractor.version import VERSION, code_digest

OnChecked: TypeAlias = Callable[[Checked], None]
"""Called with what each passage yielded, checked by itself: not yet merged with the others."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions about one article."""

    article: Article
    candidates: Candidates | None
    questions: tuple[tuple[Prompt, Passage], ...]


class Reader:
    """Plans questions, asks them and checks the answers; safe to share between threads.

    Raises:
        ExtractorError: the prompts cannot be used.
    """

    def __init__(
        self, client: ModelClient, settings: Settings, finder: Finder | None = None
    ) -> None:
        self._client = client
        self._model = PacedModel(client, settings.model_concurrency)
        self._settings = settings
        self._strategy = strategy_of(client.name, settings)
        self._finder: Finder | None = None
        if self._strategy == "passage":
            self._finder = finder or open_finder(settings)
        told = self._finder is not None and self._finder.tells_kinds
        self._tuned = self._strategy == "passage" and is_tuned(client.name)
        prompts = load_prompts(settings.prompts_dir, kinds_told=told, tuned=self._tuned).values()
        self._prompts = [prompt for prompt in prompts if prompt.strategy == self._strategy]
        self._example_names = frozenset[str]().union(*(prompt.example_names for prompt in prompts))

    @property
    def name(self) -> str:
        """The name the model was asked for by."""
        return self._client.name

    def fingerprint(self) -> str:
        """Digest of all that decides what is said of an article: code, prompts, model, limits."""
        settings = self._settings
        limits = [
            settings.min_confidence,
            settings.max_calls,
            settings.max_article_tokens,
            settings.max_article_cost_usd,
            settings.context_tokens,
        ]
        decides = [self.provenance().model_dump_json(), code_digest(), str(limits)]
        return hashlib.sha256("\n".join(decides).encode()).hexdigest()

    def plan(self, article: Article, mentions: MentionIndex) -> Plan:
        """What to ask about the article."""
        candidates = None
        if self._finder is not None:
            found = self._finder.find(article, mentions)
            candidates = at_least(found, self._settings.min_confidence)
        return Plan(article, candidates, tuple(plan(self._prompts, article, mentions, candidates)))

    def ask(
        self,
        plan: Plan,
        ledger: Ledger,
        on_progress: Progress | None = None,
        on_checked: OnChecked | None = None,
    ) -> Asked:
        """The answers; raises what `ask_all` raises."""

        def check(asked: Asked) -> None:
            if on_checked is not None:
                on_checked(self.check(plan, asked))

        return ask_all(self._model, plan.questions, ledger, on_progress, check)

    def check(self, plan: Plan, asked: Asked) -> Checked:
        """The records that the article bears, of all answers together."""
        return check_drafts(
            asked.drafts,
            asked.invalid,
            plan.article,
            self._example_names,
            plan.candidates,
            tuned=self._tuned,
        )

    def provenance(self) -> Provenance:
        """Everything needed to repeat an extraction."""
        return Provenance(
            schema_version=SCHEMA_VERSION,
            code_version=VERSION,
            model=self._client.name,
            model_digest=self._client.digest,
            strategy=self._strategy,
            finder=self._finder.name if self._finder else None,
            prompts=[prompt.stamp for prompt in self._prompts],
            temperature=self._settings.temperature,
            max_tokens=self._settings.max_tokens,
            seed=self._settings.seed,
        )

    def close(self) -> None:
        """Release the model."""
        self._client.close()
