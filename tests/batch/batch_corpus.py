"""Articles that a fake provider reads in batches, and processes that go on with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select

from extractor.batch.columns import ColumnNames
from extractor.batch.limits import RunLimits
from extractor.batch.provider_batches.driving import BatchRun, BatchRunEnd, Patience
from extractor.batch.provider_batches.opening import open_batch_model, open_batched
from extractor.batch.starting import RunSetup, set_up
from extractor.batch.workers import ExtractorOpener
from extractor.records import Extraction
from extractor.settings import Settings
from extractor.storage import Store, open_store
from extractor.storage.tables import RESULTS
from tests.batch.fake_anthropic_batches import FakeAnthropicBatches
from tests.batch.fake_batches import KEY, FakeBatches
from tests.batch.fake_openai_batches import FakeOpenAIBatches
from tests.batch.fakes import write_articles

FAKES: dict[str, tuple[type[FakeBatches], str]] = {
    "openai": (FakeOpenAIBatches, "openai/fake-1"),
    "anthropic": (FakeAnthropicBatches, "anthropic/claude-sonnet-4-5"),
}


@dataclass(frozen=True)
class Corpus:
    """Articles in a file, a store, and a fake that reads them: what a process needs to know."""

    model: str
    url: str
    source: str
    address: str
    part_requests: int = 100

    @property
    def settings(self) -> Settings:
        """The settings of a user of the fake, which counts tokens as it likes."""
        secret = SecretStr(KEY)
        return Settings.model_construct(
            **{
                **Settings().model_dump(),
                "openai_base_url": self.url,
                "litellm_base_url": self.url,
                "openai_api_key": secret,
                "anthropic_api_key": secret,
                "finder": "none",
                "prompt_check": False,
            }
        )

    def run(
        self, store: Store, limits: RunLimits | None = None, *, cancel: bool = False
    ) -> BatchRunEnd:
        """Go on with the run, with little patience."""
        opened = open_batch_model(self.model, self.settings)
        try:
            setup = self._set_up(store, lambda model, settings: opened.replayer.extractor)
            setup.list_now()
            return BatchRun(
                setup.work,
                opened.provider,
                opened.replayer,
                opened.price,
                limits=limits or RunLimits(),
                patience=Patience(0.05, 0.3, self.part_requests),
                cancel=cancel,
            ).run()
        finally:
            opened.provider.close()

    def set_up(self, store: Store) -> RunSetup:
        """The run, not begun."""
        return self._set_up(store, open_batched)

    def _set_up(self, store: Store, opener: ExtractorOpener) -> RunSetup:
        return set_up(store, [self.source], ColumnNames(), self.model, self.settings, opener)


def go_on(corpus: Corpus) -> None:
    """The whole life of a process that goes on with a run."""
    with open_store(corpus.address) as store:
        ended = corpus.run(store)
    if ended.end.reason != "complete":
        raise SystemExit(str(ended))


def lay(
    folder: Path, provider: str, fake: FakeBatches, articles: int = 6, part: int = 100
) -> Corpus:
    """A corpus of articles by number, and an empty store, in a folder."""
    folder.mkdir(exist_ok=True)
    write_articles(folder / "articles.jsonl", range(articles))
    model = FAKES[provider][1]
    address = f"sqlite:///{folder}/store.db"
    open_store(address).close()
    return Corpus(model, fake.url, str(folder / "articles.jsonl"), address, part)


def run(corpus: Corpus, limits: RunLimits | None = None, *, cancel: bool = False) -> BatchRunEnd:
    """Go on with the run over a corpus."""
    with open_store(corpus.address) as store:
        return corpus.run(store, limits, cancel=cancel)


def results(store: Store) -> list[Extraction]:
    """What a store holds."""
    with store.reading() as rows:
        found = rows.scalars(select(RESULTS.c.extraction).order_by(RESULTS.c.article_sha256))
        return [Extraction.model_validate_json(each) for each in found]
