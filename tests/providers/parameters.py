"""What a provider says to the parameters of a request, its schema left out."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterator

from tests.providers.asked import ABSENT, Asked
from tests.providers.profiles import ParamRule, Profile, Refusal


def parameter_refusal(profile: Profile, asked: Asked) -> Refusal | None:
    """The first refusal of a parameter, in the order: unknown, refused, missing."""
    return next(_refusals(profile, asked), None)


def _refusals(profile: Profile, asked: Asked) -> Iterator[Refusal]:
    params = profile.params
    if params.known is not None and all(asked.meets(params.unknown_when)):
        for name in asked.body:
            if name not in params.known:
                yield _refusal(f"unknown:{name}", params.unknown_error, name, asked.body[name])
    for rule in params.refused:
        value = asked.look(rule.name)
        if value is not ABSENT and _applies(rule, asked) and _refuses(rule, value):
            yield _refusal(f"refused:{rule.name}", rule.error, rule.name, value, rule.accepts)
    for name, error in params.required.items():
        if asked.look(name) is ABSENT:
            yield _refusal(f"required:{name}", error, name, None)
    if params.json_word and asked.form == "json_object" and "json" not in asked.prompt.lower():
        yield _refusal("json_word", params.json_word, "messages", asked.prompt)


def _applies(rule: ParamRule, asked: Asked) -> bool:
    return (
        any(fnmatch.fnmatchcase(asked.model, model) for model in rule.models)
        and all(asked.meets(rule.when))
        and not any(asked.meets(rule.unless))
    )


def _refuses(rule: ParamRule, value: object) -> bool:
    if rule.below is not None:
        return isinstance(value, str) and value < rule.below
    if rule.accepts is not None:
        return value not in rule.accepts
    return rule.refuses is None or value in rule.refuses


def _refusal(
    rule: str, error: str, name: str, value: object, accepts: tuple[object, ...] | None = None
) -> Refusal:
    values = ", ".join(f"'{one}'" for one in accepts or ())
    plain = json.loads(json.dumps(value, default=str))
    return Refusal(rule, error, {"field": name, "value": plain, "values": values})
