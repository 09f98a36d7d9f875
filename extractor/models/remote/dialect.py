"""Dialect: in which form a model takes a request, by our table and by the settings."""

from __future__ import annotations

import functools
import ipaddress
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from importlib import resources
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict
from pydantic import JsonValue as AnyJson

from extractor.models.base import JsonValue
from extractor.models.remote.wire import Known
from extractor.settings import ReplyForm, Settings, TokenLimitName

Change = Literal["form", "limit_name", "limit", "temperature", "seed", "effort", "extra", "thinks"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a model is sent, and what not.

    `form` is how it learns the form of its reply: `bounded` (a JSON schema with ids and lengths),
    `portable` (one JSON schema for all, without), `json_object` and `text` (the schema is told in
    the prompt). `efforts` are the efforts of reasoning to ask for, the first one first. A model
    that `thinks` needs room for it in its limit. `fixed` is what the settings say: no answer of a
    provider changes it.
    """

    form: ReplyForm = "portable"
    limit: TokenLimitName = "max_tokens"
    temperature: bool = True
    seed: bool = True
    thinks: bool = False
    efforts: tuple[str, ...] = ()
    extra: Mapping[str, JsonValue] | None = None
    most_tokens: int | None = None
    window: int | None = None
    """Its context, where its server has told it."""
    fixed: frozenset[Change] = frozenset()


def dialect_of(name: str, base_url: str | None, settings: Settings) -> Dialect:
    """What is known of a model before anybody is asked: the table, and the settings over it."""
    place, last = provider_of(name, base_url), name.rpartition("/")[2].lower()
    dialect = Dialect()
    for entry in _table().model:
        if entry.fits(place, last):
            dialect = entry.over(dialect)
    return _as_set(dialect, settings)


def provider_of(name: str, base_url: str | None) -> str:
    """Whose API a model is reached by: litellm's name of it, `local`, or `other`."""
    parts = name.removeprefix("litellm/").split("/")
    if base_url is None or parts[0] != "openai":
        return parts[0]
    host = urlsplit(base_url).hostname or ""
    for pattern, provider in _table().hosts.items():
        if fnmatchcase(host, pattern):
            return provider
    return "local" if _is_local(host) else "other"


def with_known(dialect: Dialect, known: Known) -> Dialect:
    """The dialect without what the client library would not pass on."""
    dialect = replace(
        dialect,
        thinks=dialect.thinks or known.thinks,
        most_tokens=dialect.most_tokens or known.most_tokens,
    )
    if known.parameters is None:
        return dialect
    takes = known.parameters.__contains__
    return replace(
        dialect,
        form=dialect.form if takes("response_format") or "form" in dialect.fixed else "text",
        temperature=dialect.temperature and takes("temperature"),
        seed=dialect.seed and takes("seed"),
        efforts=dialect.efforts if takes("reasoning_effort") else (),
    )


def _as_set(dialect: Dialect, settings: Settings) -> Dialect:
    """The dialect with what the user has set, which stays as it is unless it cannot be sent."""
    fixed: set[Change] = set()
    if settings.reply_form is not None:
        dialect = replace(dialect, form=settings.reply_form)
        fixed.add("form")
    if settings.token_limit_name is not None:
        dialect = replace(dialect, limit=settings.token_limit_name)
        fixed.add("limit_name")
    if settings.reasoning_effort is not None:
        effort = settings.reasoning_effort
        dialect = replace(dialect, efforts=(effort,) if effort != "default" else ())
        if effort != "none" and dialect.extra:
            others = {key: value for key, value in dialect.extra.items() if key != "thinking"}
            dialect = replace(dialect, extra=others)
    if "thinking_tokens" in settings.model_fields_set:
        dialect = replace(dialect, thinks=settings.thinking_tokens > 0)
        fixed.add("thinks")
    return replace(
        dialect,
        temperature=dialect.temperature or "temperature" in settings.model_fields_set,
        seed=dialect.seed or "seed" in settings.model_fields_set,
        fixed=frozenset(fixed),
    )


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    providers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    form: ReplyForm | None = None
    limit: TokenLimitName | None = None
    temperature: bool | None = None
    seed: bool | None = None
    thinks: bool | None = None
    efforts: tuple[str, ...] | None = None
    extra: dict[str, AnyJson] | None = None

    def fits(self, place: str, last: str) -> bool:
        """Whether it speaks of a model of that provider and name."""
        return (not self.providers or place in self.providers) and (
            not self.names or any(fnmatchcase(last, pattern) for pattern in self.names)
        )

    def over(self, dialect: Dialect) -> Dialect:
        """The dialect with what the entry says."""
        said = self.model_dump(exclude={"providers", "names"}, exclude_none=True)
        told: dict[str, Any] = {name: getattr(self, name) for name in said}
        return replace(dialect, **told)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: dict[str, str]
    model: tuple[_Entry, ...]


@functools.cache
def _table() -> _Table:
    text = resources.files("extractor.models.remote").joinpath("abilities.toml").read_text("utf-8")
    return _Table.model_validate(tomllib.loads(text))


def _is_local(host: str) -> bool:
    """Whether a host is this machine or one of its own network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan"))
