"""The one error tree.

ExtractorError
├── InputError                  the caller's article, date or option is unusable
│   ├── ArticleError            empty, not text, not UTF-8, a document that cannot be read
│   └── ArticleTooLarge         over the size limit
├── ConfigurationError          settings, prompts or the model catalogue are wrong
│   ├── UnknownModel            not in the catalogue, no .gguf path and no API model either
│   ├── MissingExtra            what was asked for needs packages that were not installed with ours
│   └── StoreUnusable           a store cannot be opened, or is one of a newer version
├── StoreFailed                 an open store does not answer, or cannot write
├── AccessRefused               the service knows no such key
│   └── ForeignSite             a page of another site asks a service without keys
├── TooManyRequests             the caller has as many requests under way as its key may
├── ServiceBusy                 the service reads and keeps waiting as many articles as it may
├── ServiceFailed               the workers of the service do not stay alive
├── DeadlinePassed              the extraction did not end in time
├── Abandoned                   nobody waits for the extraction any more
├── WeightsError                a model file cannot be used
│   ├── WeightsMissing          not downloaded yet
│   ├── WeightsCorrupt          size or digest is not the official one
│   └── DownloadFailed          disk or network stopped the download
└── ModelError                  the model behind the client failed
    ├── ModelUnavailable        connection refused, reset, 5xx
    │   └── ModelOverloaded     503, 529: too many ask it
    ├── ModelTimeout            no answer in time
    ├── ModelRateLimited        429: fewer requests, please
    ├── ModelRefusedKey         401 or 403
    ├── ModelQuotaSpent         the account has no money left, or may not spend it
    ├── ModelNotFound           the provider knows no model of that name
    │   └── ModelProviderUnknown  nobody knows such a provider
    ├── ModelRejected           any other 4xx: the request itself is at fault
    │   ├── ModelPromptTooLong  it does not fit the model's context
    │   ├── ModelPromptCut      the server cut it to its context and said nothing
    │   ├── ModelOutOfRoom      it thought up to its limit and said nothing
    │   ├── ModelFiltered       the provider's filter, or the model, will not read it
    │   └── ModelSchemaRefused  it takes no schema of ours, in any form
    └── ModelReplyInvalid       the answer is not what the protocol promises
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from extractor.records import Usage


class ExtractorError(Exception):
    """Base of every error this package raises on purpose; `str(error)` is fit to show a user.

    `retryable` says whether the same call may succeed later; `hint` says what to do now;
    `exit_code` and `http_status` are what the command line and the service answer with.
    """

    retryable: ClassVar[bool] = False
    hint: ClassVar[str] = "This is a defect of the extractor: please report it."
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    retry_after: float | None = None
    """Seconds after which to try again, where somebody has named them."""
    spent: Usage | None = None
    """What an extraction had cost when it failed; None where no model was asked."""

    def __init__(self, detail: str, *, hint: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.advice = hint if hint is not None else self.hint


class InputError(ExtractorError):
    """The caller's input cannot be used as given."""

    hint = "Correct the input and try again."
    exit_code = 3
    http_status = 422


class ArticleError(InputError):
    """The article is not readable text."""

    hint = "Give the article as plain UTF-8 text."


class ArticleTooLarge(InputError):
    """The article is longer than the limit."""

    hint = "Split the text into articles, or raise EXTRACTOR_MAX_CHARACTERS."
    http_status = 413


class ConfigurationError(ExtractorError):
    """The settings, the prompts or the catalogue are wrong."""

    hint = "Check the EXTRACTOR_* variables and the prompts folder."
    exit_code = 2


class UnknownModel(ConfigurationError):
    """The model name is neither in the catalogue, nor a .gguf path, nor like provider/name."""

    hint = (
        "Run `extractor models list`; an API model is named like openai/gpt-4o-mini, "
        "a file like ./model.gguf."
    )
    http_status = 422


class MissingExtra(ConfigurationError):
    """What was asked for needs packages that one of the extras brings, and they are not there."""

    def __init__(self, wanted: str, extra: str) -> None:
        super().__init__(
            f"{wanted} needs packages that are not installed",
            hint=f"Run: pip install 'commitment-extractor[{extra}]'",
        )
        self.extra = extra


def require(module: str, *, extra: str, wanted: str) -> None:
    """Make sure that a module can be imported, without importing it.

    Raises:
        MissingExtra: it is not installed; the error names the extra that brings it.
    """
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise MissingExtra(wanted, extra)


class StoreUnusable(ConfigurationError):
    """The store cannot be opened, is none, or is one of a newer version."""

    hint = "Check the address of the store, and that its file or its server can be reached."


class StoreFailed(ExtractorError):
    """A store that was open does not answer any more, or cannot write."""

    retryable = True
    hint = "Check the disk or the database server, then run the same again: what was kept stays."
    exit_code = 5
    http_status = 503


class AccessRefused(ExtractorError):
    """The caller has shown no key that this service knows."""

    hint = "Send the header Authorization: Bearer KEY with a key of this service."
    http_status = 401


class ForeignSite(AccessRefused):
    """A page of another site asks, in the browser of somebody who has not asked it to."""

    hint = "Ask from a program or from the service's own pages; or give the service keys."
    http_status = 403


class TooManyRequests(ExtractorError):
    """The caller has as many requests under way as one key may; `retry_after` is in seconds."""

    retryable = True
    hint = "Wait for the answers of the others, or as long as Retry-After says, then try again."
    http_status = 429

    def __init__(self, detail: str, *, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ServiceBusy(ExtractorError):
    """The service has as much to do as it takes on; `retry_after` is in seconds."""

    retryable = True
    hint = "Wait as long as Retry-After says, then try again; or send fewer articles at a time."
    http_status = 503

    def __init__(self, detail: str, *, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ServiceFailed(ExtractorError):
    """The workers of the service die as soon as they are started."""

    hint = "See the log for what they die of; without --workers the error is shown."


class DeadlinePassed(ExtractorError):
    """The extraction took longer than its caller allowed."""

    retryable = True
    hint = "Allow more time, split the text into articles, or choose a faster model."
    exit_code = 5
    http_status = 504


class Abandoned(ExtractorError):
    """The caller has gone; nobody will read this."""

    hint = "Send the request again and wait for its answer."
    exit_code = 130
    http_status = 499


class WeightsError(ExtractorError):
    """The file of an embedded model cannot be used."""

    exit_code = 4
    http_status = 503


class WeightsMissing(WeightsError):
    """The file of an embedded model is not on this machine."""

    hint = "Run `extractor models pull NAME`."


class WeightsCorrupt(WeightsError):
    """The file of an embedded model is not the official one."""

    hint = "Run `extractor models pull NAME --force` to fetch it again."


class DownloadFailed(WeightsError):
    """The weights could not be fetched; what was fetched so far is kept."""

    retryable = True
    hint = "Run the same command again: it goes on where it stopped."


class ModelError(ExtractorError):
    """The model behind the client failed."""

    exit_code = 5
    http_status = 502


class ModelUnavailable(ModelError):
    """The model's server cannot be reached or answers 5xx."""

    retryable = True
    hint = "Check that the model's server runs, then try again."
    http_status = 503


class ModelOverloaded(ModelUnavailable):
    """The model's server runs, and has too much to do or is still loading."""

    hint = "Wait, then try again."


class ModelTimeout(ModelError):
    """The model did not answer in time."""

    retryable = True
    hint = "Try again, or raise EXTRACTOR_TIMEOUT_SECONDS."
    http_status = 504


class ModelRateLimited(ModelError):
    """The provider asks for fewer requests; `retry_after` is its own figure, in seconds."""

    retryable = True
    hint = "Wait, then try again with fewer requests at a time."
    http_status = 503

    def __init__(
        self, detail: str, *, hint: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(detail, hint=hint)
        self.retry_after = retry_after


class ModelRefusedKey(ModelError):
    """The provider does not accept the key."""

    hint = "Set the provider's key in the environment (for example OPENAI_API_KEY)."


class ModelQuotaSpent(ModelError):
    """The account behind the key has no money left, or has reached its limit on spending."""

    hint = "Add credit or raise the spending limit at the provider; trying again does not help."


class ModelNotFound(ModelError):
    """The provider knows no such model, or not under this URL."""

    hint = "Check the model's name, and the URL if you set one; see docs/models.md."


class ModelProviderUnknown(ModelNotFound):
    """No provider is called as the name begins; nobody was asked, and the caller is at fault."""

    hint = "A model of a provider is named like anthropic/claude-sonnet-5; see docs/models.md."
    http_status = 422


class ModelRejected(ModelError):
    """The provider says that the request is at fault."""

    hint = "Run `extractor models check NAME`: it tells what the model takes."


class ModelPromptTooLong(ModelRejected):
    """The prompt and the room for its reply do not fit the model's context."""

    hint = "Serve the model with a larger context, or set EXTRACTOR_STRATEGY=passage."


class ModelPromptCut(ModelRejected):
    """The server read only a part of the prompt and said nothing: records would be missing."""

    hint = (
        "Give the server a larger context: OLLAMA_CONTEXT_LENGTH=16384 for Ollama, --ctx-size for "
        "llama.cpp, the context length of the loaded model in LM Studio. "
        "If it counts tokens wrongly, set EXTRACTOR_PROMPT_CHECK=false."
    )


class ModelOutOfRoom(ModelRejected):
    """The model used its whole limit before its first word."""

    hint = (
        "Raise EXTRACTOR_THINKING_TOKENS, or lower EXTRACTOR_REASONING_EFFORT, "
        "if the model takes it."
    )


class ModelFiltered(ModelRejected):
    """The provider's content filter, or the model itself, will not read the text."""

    hint = "Ask another model, or set a milder content filter at the provider."


class ModelSchemaRefused(ModelRejected):
    """The provider refuses our schema in every form: a defect of ours, or of its server."""

    hint = (
        "This is a defect of the extractor: please report it with the model's name. Until then "
        "EXTRACTOR_REPLY_FORM=text asks without a schema."
    )


class ModelReplyInvalid(ModelError):
    """The reply is not what the protocol promises."""

    retryable = True
    hint = "Check that the URL is that of an OpenAI-compatible server."
