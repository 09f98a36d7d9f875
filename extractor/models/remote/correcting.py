"""Correcting: what a provider's answer changes in the dialect of a model.

Only towards less: what was refused is left out, or put in a plainer form, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from extractor.models.remote.dialect import Change, Dialect
from extractor.models.remote.faults import Fault
from extractor.settings import ReplyForm, TokenLimitName

Correction: TypeAlias = tuple[Dialect, str]
"""The dialect from now on, and what is other in it, for the user."""

_PLAINER: Final[Mapping[ReplyForm, ReplyForm]] = {
    "bounded": "portable",
    "portable": "json_object",
    "json_object": "text",
}
_FORM_NAMES: Final = re.compile(
    r"response_format|output_config|output_format|response_?json_?schema"
)
_LEAST_TOKENS: Final = 256
_IN_PROMPT: Final = "the schema is told in the prompt, not enforced"


def corrected(dialect: Dialect, fault: Fault) -> Correction | None:
    """The dialect after what the provider answered; None if nothing is to be left out."""
    for change, after, told in _corrections(dialect, fault):
        if change not in dialect.fixed:
            return after, told
    return None


def after_silence(dialect: Dialect) -> Correction | None:
    """The dialect after a reply that was cut before its first word: the model must be thinking."""
    if dialect.thinks or "thinks" in dialect.fixed:
        return None
    return replace(dialect, thinks=True), "it thinks before it answers, and was given room for it"


def _corrections(dialect: Dialect, fault: Fault) -> Iterator[tuple[Change, Dialect, str]]:
    if fault.kind in ("form", "schema", "opaque"):
        yield from _plainer(dialect, fault)
    elif fault.kind == "reply_limit" and (fault.most or 0) >= _LEAST_TOKENS:
        after = replace(dialect, most_tokens=fault.most)
        yield "limit", after, f"it writes {fault.most} tokens at most"
    elif fault.kind == "parameter":
        named = list(_without_named(dialect, fault.told))
        yield from named
        if not named and _FORM_NAMES.search(fault.told):
            yield from _plainer(dialect, fault)
    elif fault.kind == "route":
        yield from _without_any(dialect)


def _plainer(dialect: Dialect, fault: Fault) -> Iterator[tuple[Change, Dialect, str]]:
    form = _PLAINER.get(dialect.form)
    # Who knows schemas and plain text only, as LM Studio, says so.
    if form == "json_object" and "json_schema' or 'text" in fault.told:
        form = "text"
    if form is None:
        return
    told = "ids and lengths are not bounded by the schema" if form == "portable" else _IN_PROMPT
    if fault.kind == "schema" and dialect.form == "portable":
        told = f"its provider refused our schema, which is a defect to report: {told}"
    yield "form", replace(dialect, form=form), told


def _without_named(dialect: Dialect, told: str) -> Iterator[tuple[Change, Dialect, str]]:
    """The dialect without one of the parameters that the provider names."""

    def named(*words: str) -> bool:
        return any(re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", told) for word in words)

    if dialect.temperature and named("temperature"):
        yield "temperature", replace(dialect, temperature=False), "no temperature is sent"
    if dialect.seed and named("seed", "random_seed"):
        yield "seed", replace(dialect, seed=False), "no seed is sent"
    if dialect.efforts and named("reasoning_effort", "thinking", "effort"):
        _, *rest = dialect.efforts
        what = f"the reasoning effort is {rest[0]}" if rest else "no reasoning effort is sent"
        yield "effort", replace(dialect, efforts=tuple(rest)), what
    if named(dialect.limit):
        other: TokenLimitName = (
            "max_tokens" if dialect.limit != "max_tokens" else "max_completion_tokens"
        )
        once: frozenset[Change] = dialect.fixed | {"limit_name"}
        yield "limit_name", replace(dialect, limit=other, fixed=once), f"the limit is {other}"
    for name in dialect.extra or {}:
        if named(name):
            others = {key: value for key, value in (dialect.extra or {}).items() if key != name}
            yield "extra", replace(dialect, extra=others), f"no {name} is sent"


def _without_any(dialect: Dialect) -> Iterator[tuple[Change, Dialect, str]]:
    """The dialect with one thing less, where the provider does not say which is too much."""
    if dialect.seed:
        yield "seed", replace(dialect, seed=False), "no seed is sent"
    if dialect.temperature:
        yield "temperature", replace(dialect, temperature=False), "no temperature is sent"
    if dialect.efforts:
        yield "effort", replace(dialect, efforts=()), "no reasoning effort is sent"
    if dialect.extra:
        yield "extra", replace(dialect, extra=None), "the schema may not be enforced"
