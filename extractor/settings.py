"""Settings: the only place that reads the environment (variables EXTRACTOR_*)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from extractor.errors import ConfigurationError
from extractor.records import PolicyName, Strategy


def _cache_dir() -> Path:
    return Path.home() / ".cache" / "commitment-extractor"


ReplyForm: TypeAlias = Literal["bounded", "portable", "json_object", "text"]
TokenLimitName: TypeAlias = Literal["max_tokens", "max_completion_tokens"]
ApiKey = Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}:[0-9a-f]{64}$")]


class Settings(BaseSettings):
    """Everything that can be configured; secrets come from the environment only."""

    model_config = SettingsConfigDict(
        env_prefix="EXTRACTOR_", extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    model: str = "qwen2.5-coder-0.5b-tuned"
    """Default model: a name of the catalogue, the path of a .gguf file, or provider/name for an API
    model."""
    fallbacks: Annotated[tuple[str, ...], NoDecode] = ()
    """Models, separated by commas, that read what the default model fails on, in this order."""
    strategy: Strategy | None = None
    """Overrides the strategy that the catalogue gives the model."""
    policy: PolicyName | None = None
    """Who judges what a record is: `strong` or `taught`, the model; `told`, the model and lists of
    words. Null for what the catalogue says; API models are strong."""
    finder: str | None = Field(default=None, pattern="^(trained|rules|none)$")
    """What tells how likely sentences hold a record; null for the trained finder where it can run;
    `none` only where the whole article is asked about: records then have no confidence."""
    finder_file: Path | None = None
    """File of another trained finder than the shipped one, made by `python -m training.finder`."""
    adapter_file: Path | None = None
    """File of another adapter than the shipped one, made by `make train`, for models with one."""
    min_confidence: float = Field(default=0.4, ge=0, le=1)
    """Sentences that are less likely to hold a record cost no question; where the whole article is
    asked about, records of less confidence are reported, not returned: higher for precision."""
    models_dir: Path = Field(default_factory=lambda: _cache_dir() / "models")
    """Where model files are kept."""
    hub_url: str = "https://huggingface.co"
    """Hub from which weights are fetched first; empty to use the package parts only."""
    prompts_dir: Path | None = None
    """Another prompts folder than the one shipped."""
    openai_base_url: str | None = None
    """URL of an OpenAI-compatible server for models named openai/…; null for the provider's own."""
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    """Key for models named openai/….  Read from OPENAI_API_KEY."""
    anthropic_api_key: SecretStr | None = Field(default=None, validation_alias="ANTHROPIC_API_KEY")
    """Key for batches of models named anthropic/…. Read from ANTHROPIC_API_KEY."""
    litellm_base_url: str | None = None
    """URL for models of any other provider; null for the provider's own."""
    reply_form: ReplyForm | None = None
    """How an API model is told the form of its reply: `bounded` or `portable`, by a JSON schema
    with or without ids and lengths; `json_object` or `text`, in the prompt. Null for what is known
    of the model."""
    token_limit_name: TokenLimitName | None = None
    """What an API calls the limit of a reply; null for what is known of the model."""
    reasoning_effort: str | None = Field(default=None, pattern="^[a-z]{1,16}$")
    """How long an API model may think: none, minimal, low, medium, high; `default` sends nothing;
    null for the least that the model takes."""
    thinking_tokens: int = Field(default=16_000, ge=0)
    """Room for the thoughts of an API model that thinks, besides its reply, in tokens."""
    prompt_check: bool = True
    """Whether a reply is an error if the server says that it read fewer tokens than were sent."""
    threads: int | None = Field(default=None, ge=1)
    """Threads of the embedded model; null to use the cores that are free when it loads."""
    context_tokens: int = Field(default=8192, ge=1024)
    """Context of the embedded model, in tokens."""
    max_tokens: int = Field(default=512, ge=16)
    """Limit of one reply about a passage, in tokens; one about a document takes 8 times as many.
    What a model thinks comes on top of it: `thinking_tokens`."""
    timeout_seconds: float = Field(default=300.0, gt=0)
    """Limit of one model call."""
    max_characters: int = Field(default=200_000, ge=1)
    """Longest article accepted, in code points."""
    max_document_bytes: int = Field(default=10_000_000, ge=1)
    """Largest page, PDF, DOCX or mail that the service reads as a body, in bytes."""
    max_calls: int = Field(default=200, ge=1)
    """Most model calls for one article, repairs included."""
    max_article_tokens: int | None = Field(default=None, ge=1)
    """No further call for an article that took so many tokens, both ways; null for any."""
    max_article_cost_usd: float | None = Field(default=None, gt=0)
    """No further call for an article that cost so much; null for any."""
    model_concurrency: int = Field(default=256, ge=1)
    """Most calls of one model under way at a time; fewer for a while after a provider's 429."""
    api_keys: Annotated[tuple[ApiKey, ...], NoDecode] = ()
    """Who may use the service: entries of `extractor keys new`, separated by commas; without any it
    listens on loopback addresses only."""
    max_per_key: int | None = Field(default=None, ge=1)
    """Requests of one key under way at a time; more are refused with 429; null for any."""
    store: Path | str | None = Field(default_factory=lambda: _cache_dir() / "results.sqlite")
    """Where the service keeps results: a file, or the URL of a store (`sqlite:///…`,
    `postgresql://…`); empty to keep none."""
    parties: Path | None = None
    """File with parties of one's own, in the form of the shipped table, for the ledger."""
    max_running: int = Field(default=256, ge=1)
    """Articles that the service reads at a time; they mostly wait for a model."""
    max_queued: int = Field(default=256, ge=0)
    """Articles that may wait for their turn in the service; more are refused with 503."""
    request_seconds: float = Field(default=3600.0, gt=0)
    """Longest time of one request to the service; a caller may ask for less."""
    drain_seconds: float = Field(default=60.0, ge=0)
    """Time that accepted requests have left once the service is told to stop."""
    traces_endpoint: str | None = None
    """URL of a collector that takes OTLP over HTTP, for traces; needs the extra `telemetry`."""
    retries: int = Field(default=2, ge=0, le=5)
    """How often a failed call is tried again where trying again can help."""
    temperature: float = Field(default=0.0, ge=0, le=2)
    """Sampling temperature; if set, also sent to models that are not known to take one."""
    seed: int = 0
    """Sampling seed; if set, also sent to models that are not known to take one."""
    without_stages: Annotated[tuple[str, ...], NoDecode] = ()
    """Stages of the checks to leave out, separated by commas: for experiments."""

    def without_secrets(self) -> Settings:
        """The same without any key: for a process that has its own, on whatever machine."""
        secret = [name for name, value in self if isinstance(value, SecretStr)]
        return self.model_copy(update={**dict.fromkeys(secret), "api_keys": ()})

    @field_validator("fallbacks", "api_keys", "without_stages", mode="before")
    @classmethod
    def _separated_by_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(name.strip() for name in value.split(",") if name.strip())
        return value

    @field_validator("store", mode="before")
    @classmethod
    def _file_or_address(cls, value: object) -> object:
        if not isinstance(value, str) or "://" in value:
            return value
        return Path(value) if value else None


def load_settings() -> Settings:
    """The settings of this process, from its environment.

    Raises:
        ConfigurationError: a variable is wrong; its value is not repeated.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{_variable(fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False, include_context=False)
        )
    raise ConfigurationError(f"The settings are wrong: {faults}.")


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else "EXTRACTOR_*"
    # A field with an alias is reported by its alias, which is the whole name of its variable.
    return f"EXTRACTOR_{name.upper()}" if name in Settings.model_fields else name
