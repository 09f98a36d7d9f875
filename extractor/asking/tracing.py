"""Traces: one span for each model call, named as OpenTelemetry's GenAI conventions have it.

The conventions are still in development (status of 2026), so their names stand in this file only.
Spans never hold prompts or replies. Without a tracer provider all of this does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from extractor.errors import MissingExtra, ModelError
from extractor.models.base import ModelReply, ModelRequest

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_OPERATION: Final = "gen_ai.operation.name"
_PROVIDER: Final = "gen_ai.provider.name"
_MODEL: Final = "gen_ai.request.model"
_MAX_TOKENS: Final = "gen_ai.request.max_tokens"
_TEMPERATURE: Final = "gen_ai.request.temperature"
_SEED: Final = "gen_ai.request.seed"
_OUTPUT_TYPE: Final = "gen_ai.output.type"
_FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
_INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
_CACHED_TOKENS: Final = "gen_ai.usage.cache_read.input_tokens"
_OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
_ERROR_TYPE: Final = "error.type"
_EMBEDDED: Final = "llama.cpp"


class CallSpan:
    """The span of one model call."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def end(self, reply: ModelReply) -> None:
        """Say what came back, and what it took."""
        self._span.set_attributes(
            {
                _FINISH_REASONS: [reply.finish],
                _INPUT_TOKENS: reply.usage.prompt_tokens,
                _CACHED_TOKENS: reply.usage.cached_tokens,
                _OUTPUT_TOKENS: reply.usage.output_tokens,
            }
        )


@contextmanager
def model_call(model: str, request: ModelRequest) -> Iterator[CallSpan]:
    """The span of a call to a model, which is named NAME if embedded and PROVIDER/NAME if not."""
    provider, _, name = model.rpartition("/")
    attributes: dict[str, str | int | float] = {
        _OPERATION: "chat",
        _PROVIDER: provider or _EMBEDDED,
        _MODEL: name,
        _MAX_TOKENS: request.max_tokens,
        _TEMPERATURE: request.temperature,
        _SEED: request.seed,
        _OUTPUT_TYPE: "json",
    }
    # An exception's own message may quote the article: only its type is told.
    with trace.get_tracer("extractor").start_as_current_span(
        f"chat {name}",
        kind=SpanKind.CLIENT,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield CallSpan(span)
        except ModelError as error:
            span.set_attribute(_ERROR_TYPE, type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise


def open_provider(endpoint: str) -> TracerProvider:
    """A provider that sends spans to an OTLP/HTTP collector, made the one of this process.

    It sends in the background: `shutdown` sends what is left.

    Raises:
        MissingExtra: what sends them is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider as SdkTracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise MissingExtra("EXTRACTOR_TRACES_ENDPOINT", "telemetry") from None
    provider = SdkTracerProvider(resource=Resource.create({"service.name": "commitment-extractor"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)
    return provider
