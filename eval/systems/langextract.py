"""langextract (Google, Apache-2.0) as its own documentation has it used, with its own examples.

It cuts the article into chunks, shows the examples with each, constrains the reply by the schema
that it derives from them, and aligns what comes back with the text. Only the model behind it is
ours, so that tokens and seconds are counted as for every other system. The only importer of
langextract.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eval.errors import SystemUnavailable
from eval.systems.assembling import assemble
from eval.systems.base import Article, UnusableReply, digest_of
from eval.systems.langextract_records import commitment_of, event_of
from eval.systems.langextract_task import DESCRIPTION, EXAMPLES
from extractor.errors import ExtractorError
from extractor.models.base import Message, ModelClient, ModelRequest
from extractor.records import Extraction, PromptStamp
from extractor.settings import Settings

if TYPE_CHECKING:
    from langextract.core.base_model import BaseLanguageModel
    from langextract.core.data import ExampleData

# What its provider for OpenAI-compatible servers says first.
_SYSTEM: Final = "You are a helpful assistant that responds in JSON format."


class LangExtract:
    """`langextract.extract` with its defaults."""

    name = "langextract"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        try:
            self._version = version("langextract")
        except PackageNotFoundError:
            raise SystemUnavailable(
                "langextract is not installed: make peers installs it"
            ) from None

    @cached_property
    def fingerprint(self) -> str:
        """Digest of our three files and the version of langextract."""
        return digest_of([*sorted(Path(__file__).parent.glob("langextract*.py")), self._version])

    def extract(self, article: Article, client: ModelClient) -> Extraction:
        """The extraction of an article."""
        import langextract
        from absl import logging as absl_logging

        # It logs what it reads and what comes back.
        absl_logging.set_verbosity(absl_logging.FATAL)
        logging.getLogger("langextract").setLevel(logging.CRITICAL)
        examples = _examples()
        model = _Model(client, self._settings, _schema(examples))
        day = article.published_at
        try:
            document = langextract.extract(
                text_or_documents=article.text,
                prompt_description=DESCRIPTION,
                examples=examples,
                model=model.as_theirs(),
                use_schema_constraints=False,
                additional_context=f"Published: {day.isoformat()}" if day else None,
                max_workers=1,
                show_progress=False,
                fetch_urls=False,
            )
        except Exception as error:
            # It wraps some errors of models and lets others pass: ours is the one that tells.
            if model.failure is not None:
                raise model.failure from None
            # Its alignment refuses a record without words, and with it the whole article.
            if isinstance(error, ValueError):
                told = "langextract cannot use the reply"
                raise UnusableReply("schema_error", told) from None
            raise
        found = document.extractions or []
        return assemble(
            article,
            [
                commitment_of(f"C{number}", item, article.text)
                for number, item in enumerate(
                    (item for item in found if item.extraction_class == "commitment"), start=1
                )
            ],
            [
                event_of(f"E{number}", item, article.text)
                for number, item in enumerate(
                    (item for item in found if item.extraction_class == "policy_event"), start=1
                )
            ],
            client=client,
            prompt=self._stamp(),
            request=model.request(""),
        )

    def _stamp(self) -> PromptStamp:
        digest = hashlib.sha256(f"{DESCRIPTION}{EXAMPLES}".encode()).hexdigest()
        return PromptStamp(name="langextract", version=self._version, sha256=digest)


class _Model:
    """Answers langextract's prompts with a client of ours."""

    def __init__(self, client: ModelClient, settings: Settings, schema: dict[str, Any]) -> None:
        self.failure: ExtractorError | None = None
        self._client = client
        self._settings = settings
        self._schema = schema

    def request(self, prompt: str) -> ModelRequest:
        """One chunk's question, with the limit of a passage: small models run on without one."""
        return ModelRequest(
            messages=(Message("system", _SYSTEM), Message("user", prompt)),
            json_schema=self._schema,
            schema_name="extractions",
            max_tokens=self._settings.max_tokens,
            temperature=self._settings.temperature,
            seed=self._settings.seed,
            timeout_seconds=self._settings.timeout_seconds,
            # Its examples are indented JSON.
            compact=False,
        )

    def answer(self, prompt: str) -> str:
        """The model's reply."""
        try:
            return self._client.complete(self.request(prompt)).text
        except ExtractorError as error:
            self.failure = error
            raise

    def as_theirs(self) -> BaseLanguageModel:
        """The same as a language model of langextract."""
        from langextract.core.base_model import BaseLanguageModel
        from langextract.core.types import ScoredOutput

        answer = self.answer

        class Model(BaseLanguageModel):
            def infer(
                self, batch_prompts: Sequence[str], **_: object
            ) -> Iterator[Sequence[ScoredOutput]]:
                for prompt in batch_prompts:
                    yield [ScoredOutput(score=1.0, output=answer(prompt))]

        model = Model()
        # The schema constrains the reply to bare JSON.
        model.set_fence_output(False)
        return model


def _schema(examples: Sequence[ExampleData]) -> dict[str, Any]:
    from langextract.providers.schemas.openai import OpenAISchema

    return dict(OpenAISchema.from_examples(examples).schema_dict)


def _examples() -> list[ExampleData]:
    from langextract.core.data import ExampleData, Extraction

    return [
        ExampleData(
            text=example.text,
            extractions=[
                Extraction(
                    extraction_class=item.kind,
                    extraction_text=item.quote,
                    attributes=dict(item.attributes),
                )
                for item in example.items
            ],
        )
        for example in EXAMPLES
    ]
