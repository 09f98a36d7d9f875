"""ModelPipeline: a model and all that decides how it reads, from questions to checked answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from extractor.article import Article
from extractor.asking.budget import Ledger
from extractor.asking.pacing import PacedModel
from extractor.asking.progress import OnProgress
from extractor.asking.questions import Asked, ask_all
from extractor.checking import POLICIES, STAGES, Checked, Checks, check_drafts
from extractor.drafts import sentences_of
from extractor.errors import ConfigurationError
from extractor.models import ModelClient
from extractor.models.base import AsyncModelClient
from extractor.models.opening import policy_of, strategy_of
from extractor.prompting import Prompt, load_prompts
from extractor.prompting.passages import Passage
from extractor.records import SCHEMA_VERSION, Provenance
from extractor.selection import Candidates, Finder, at_least, open_finder
from extractor.settings import Settings
from extractor.strategies import asked_from, plan
from extractor.version import VERSION, code_digest

OnChecked: TypeAlias = Callable[[Checked, str], None]
"""Called with what each passage yielded, checked by itself and not yet merged with the others, and
the name of the model that read it: another one begins the article anew."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The questions about one article."""

    article: Article
    questions: tuple[tuple[Prompt, Passage], ...]
    candidates: Candidates | None = None
    """What the finder chose, where it does."""
    chances: dict[frozenset[int], Candidates] = field(default_factory=dict)
    """What it said of sentences that drafts cite, where the whole article is asked about."""


class ModelPipeline:
    """Plans questions, asks them and checks the answers; safe to share between threads.

    Raises:
        ExtractorError: the prompts or the settings cannot be used.
    """

    def __init__(
        self, client: ModelClient, settings: Settings, finder: Finder | None = None
    ) -> None:
        self._client = client
        self._model = PacedModel(client, settings.model_concurrency)
        self._settings = settings
        self._strategy = strategy_of(client.name, settings)
        self._finder = _finder(settings, self._strategy, finder)
        told = self._finder is not None and self._finder.tells_kinds
        policy = policy_of(client.name, settings)
        # A model that was taught is asked in the few words that it was taught with.
        tuned = self._strategy != "document" and policy == "taught"
        prompts = load_prompts(settings.prompts_dir, kinds_told=told, tuned=tuned).values()
        # A strong model judges: it is never made to find a record where the finder expects one.
        self._prompts = [
            replace(prompt, may_find_nothing=prompt.may_find_nothing or policy == "strong")
            for prompt in prompts
            if prompt.strategy == self._strategy
        ]
        self._checks = Checks(
            POLICIES[policy],
            frozenset[str]().union(*(prompt.example_names for prompt in prompts)),
            settings.min_confidence,
            _stages(settings.without_stages),
        )

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
            sorted(settings.without_stages),
            # The same name may be another model elsewhere, or answer otherwise if asked otherwise.
            settings.openai_base_url,
            settings.litellm_base_url,
            settings.reply_form,
            settings.reasoning_effort,
            settings.thinking_tokens,
        ]
        decides = [self.provenance().model_dump_json(), code_digest(), str(limits)]
        return hashlib.sha256("\n".join(decides).encode()).hexdigest()

    def plan(self, article: Article) -> Plan:
        """What to ask about the article."""
        candidates = None
        if self._finder is not None and self._strategy != "document":
            least = asked_from(self._strategy, self._settings.min_confidence)
            candidates = at_least(self._finder.find(article), least)
        return Plan(article, tuple(plan(self._prompts, article, candidates)), candidates)

    async def ask(
        self,
        plan: Plan,
        ledger: Ledger,
        on_progress: OnProgress | None = None,
        on_checked: OnChecked | None = None,
    ) -> Asked:
        """The answers; raises what `ask_all` raises."""

        async def check(asked: Asked) -> None:
            if on_checked is not None:
                checked = await ledger.waiting.compute(lambda: self.check(plan, asked))
                on_checked(checked, self.name)

        return await ask_all(self._model, plan.questions, ledger, on_progress, check)

    def check(self, plan: Plan, asked: Asked) -> Checked:
        """The records that the article bears, of all answers together."""
        candidates = self._chances(plan, asked) if plan.candidates is None else plan.candidates
        return check_drafts(asked.drafts, asked.invalid, plan.article, self._checks, candidates)

    def _chances(self, plan: Plan, asked: Asked) -> Candidates | None:
        """How likely the sentences that drafts cite hold a record: reading all would cost more."""
        if self._finder is None:
            return None
        cited = frozenset(n for drafted in asked.drafts for n in sentences_of(drafted.draft))
        if cited not in plan.chances:
            plan.chances[cited] = self._finder.find(plan.article, cited)
        return plan.chances[cited]

    def provenance(self) -> Provenance:
        """Everything needed to repeat an extraction."""
        return Provenance(
            schema_version=SCHEMA_VERSION,
            code_version=VERSION,
            model=self._client.name,
            model_digest=self._client.digest,
            strategy=self._strategy,
            policy=self._checks.policy.name,
            finder=self._finder.name if self._finder else None,
            prompts=[prompt.stamp for prompt in self._prompts],
            temperature=self._settings.temperature,
            max_tokens=self._settings.max_tokens,
            seed=self._settings.seed,
        )

    def close(self) -> None:
        """Release the model."""
        self._client.close()

    async def aclose(self) -> None:
        """Release what the running event loop has of the model; `close` does the rest."""
        if isinstance(self._client, AsyncModelClient):
            await self._client.aclose()


def _finder(settings: Settings, strategy: str, finder: Finder | None) -> Finder | None:
    """The finder of the caller or of the settings."""
    if finder is None and settings.finder == "none":
        if strategy != "document":
            raise ConfigurationError(
                "Without a finder nothing chooses the sentences to ask about.",
                hint="Unset EXTRACTOR_FINDER, or set EXTRACTOR_STRATEGY=document.",
            )
        return None
    return finder or open_finder(settings)


def _stages(names: Sequence[str]) -> frozenset[str]:
    if unknown := sorted(set(names) - set(STAGES)):
        raise ConfigurationError(
            f"No stage is named {', '.join(unknown)}; there are {', '.join(STAGES)}."
        )
    return frozenset(names)
