"""Dating: which date of a record is its deadline, its start, its announcement or its act.

A cue word beside the date tells ("by 2027"). Without one it depends on whether the date lies before
or after the day of the article, and on how far the matter is: a gift already made was made on that
day, where a promise was announced on it. The rules follow the labels of the training corpus, where
they hold for nine of ten dates without a cue.

A role that the model gives tells in turn on which side of that day a date without a year lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Literal

from extractor.article import Article
from extractor.kinds import COMMITMENT, RecordKind
from extractor.languages import Rules
from extractor.languages.patterns import joined
from extractor.mentions import DateMention
from extractor.records import DateValue

Role = Literal["announced_on", "start", "deadline"]

_DAY = len("2026-01-01")
_WEEK = 7
_OVER = frozenset({"completed", "occurred", "ended"})
_UNBEGUN = frozenset({"under_negotiation", "planned", "announced", "agreed"})
_UNDONE = frozenset({"under_consideration", "proposed", "planned"})


def in_role(mention: DateMention, role: str | None, status: str, article: Article) -> DateMention:
    """The date that the model gives this role: ahead, where its words allow it and the role asks.

    What is yet to be done has its deadline ahead, what has not begun its start. The date of an act
    yet to come is ahead too, but for one of this week, which may be the day on which it was told.
    """
    match role:
        case "deadline":
            to_come = status not in _OVER
        case "start":
            to_come = status in _UNBEGUN
        case "date":
            to_come = status in _UNDONE and not _is_news(mention, article)
        case _:
            to_come = False
    return replace(mention, edtf=mention.ahead) if to_come and mention.ahead else mention


def _is_news(mention: DateMention, article: Article) -> bool:
    """Whether the date is a day of the week up to the article."""
    if article.published_at is None or mention.edtf is None or len(mention.edtf) != _DAY:
        return False
    return (article.published_at - date.fromisoformat(mention.edtf)).days < _WEEK


def roles_of(
    kind: RecordKind,
    dates: Iterable[tuple[DateMention, DateValue]],
    status: str,
    article: Article,
) -> Mapping[str, DateValue]:
    """The dates of a record of this kind and status by their roles."""
    if kind is COMMITMENT:
        return _commitment_dates(dates, status, article)
    act, effect = _event_dates(dates, status, article)
    return {role: value for role, value in (("date", act), ("deadline", effect)) if value}


def _commitment_dates(
    dates: Iterable[tuple[DateMention, DateValue]], status: str, article: Article
) -> Mapping[str, DateValue]:
    """The dates of a commitment of this status by their roles; of two in one role, the first."""
    roles: dict[str, DateValue] = {}
    for mention, value in dates:
        roles.setdefault(_commitment_role(mention, value, status, article), value)
    return roles


def _event_dates(
    dates: Iterable[tuple[DateMention, DateValue]], status: str, article: Article
) -> tuple[DateValue | None, DateValue | None]:
    """When the act of a policy event happens, and the day from or by which it applies."""
    acts: list[DateValue] = []
    effects: list[DateValue] = []
    for mention, value in dates:
        (effects if _is_effect(mention, value, status, article) else acts).append(value)
    if not acts and effects and status == "in_force":
        acts, effects = effects, []
    return next(iter(acts), None), next(iter(effects), None)


def _commitment_role(mention: DateMention, value: DateValue, status: str, article: Article) -> Role:
    if mention.role in ("deadline", "start"):
        return mention.role
    later = _is_later(value, article)
    if later or status == "completed":
        return "deadline"
    # Promises are made on a day; what is told by month or year is when they are kept.
    coarse = value.edtf is not None and len(value.edtf) != _DAY
    if coarse and (later is None or _is_around(value, article)) and status != "in_progress":
        return "deadline"
    return "announced_on"


def _is_effect(mention: DateMention, value: DateValue, status: str, article: Article) -> bool:
    """A law passed in March and applied "from July" has both dates."""
    if mention.role == "deadline":
        return True
    later = _is_later(value, article)
    if mention.role == "start":
        return later is not False
    return bool(later) and status not in ("planned", "occurred")


def _is_later(value: DateValue, article: Article) -> bool | None:
    """Whether the date lies after the day of the article; None if nothing tells."""
    published = article.published_at
    if published is None or value.edtf is None or not value.edtf[:4].isdigit():
        return True if _ahead(article.rules).search(value.text) else None
    return value.edtf[:_DAY] > published.isoformat()[: len(value.edtf)]


def _is_around(value: DateValue, article: Article) -> bool:
    """Whether the date is the month or year of the article: "at the end of this year"."""
    day = article.published_at.isoformat() if article.published_at else ""
    return bool(value.edtf) and day.startswith(value.edtf or "?")


@cache
def _ahead(language: Rules) -> re.Pattern[str]:
    """Words of a date that lies ahead."""
    return re.compile(rf"(?i)\b{joined(lambda one: one.dates.ahead, language)}\b")
