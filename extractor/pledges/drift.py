"""Drift without labels: what is found, refused and doubted, by day and by source.

A group is told apart where its count is not what its articles would have at the rate of all others:
the share of the count that falls on it, with Wilson's interval, does not cover its share of the
articles. The interval is that of one comparison; of a hundred groups some stand out by chance.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import NormalDist, fmean
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pydantic import ValidationError
from sqlalchemy import select

from extractor.pledges.mentions import publisher_of
from extractor.records import Extraction
from extractor.storage.tables import ARTICLES, RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extractor.storage import Store

DriftBy: TypeAlias = Literal["day", "week", "month", "source"]
_UNKNOWN: Final = "(not told)"
_LEVEL: Final = 0.99


@dataclass(slots=True)
class DriftGroup:
    """One day, or one source."""

    name: str
    articles: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """commitments, policy_events, refused, refused: REASON, doubts, doubt: RULE, unread."""
    confidences: list[float] = field(default_factory=list)
    stands_out: dict[str, Literal["more", "fewer"]] = field(default_factory=dict)
    """Counts that are not what the rate of all other groups leads to expect."""

    @property
    def confidence(self) -> float | None:
        """The mean confidence of its records; null where nothing estimates it."""
        return fmean(self.confidences) if self.confidences else None

    def rate(self, count: str) -> float:
        """How many of them an article has."""
        return self.counts[count] / self.articles if self.articles else 0.0


@dataclass(frozen=True, slots=True)
class _Reading:
    day: str
    source: str
    extraction: Extraction


def drift_of(store: Store, by: DriftBy) -> list[DriftGroup]:
    """The groups, by name; of an article that was read twice its last reading counts."""
    groups: defaultdict[str, DriftGroup] = defaultdict(lambda: DriftGroup(""))
    for reading in _readings(store):
        name = _group_name(reading, by)
        group = groups[name]
        group.name = name
        group.articles += 1
        _count(group, reading.extraction)
    found = [groups[name] for name in sorted(groups)]
    _tell_apart(found)
    return found


def _readings(store: Store) -> Iterator[_Reading]:
    with store.reading() as connection:
        known = {
            row.sha256: row
            for row in connection.execute(
                select(ARTICLES.c.sha256, ARTICLES.c.publisher, ARTICLES.c.published_at)
            )
        }
        last: dict[str, str] = {}
        order = select(RESULTS.c.key, RESULTS.c.article_sha256).order_by(RESULTS.c.kept_at)
        for key, article in connection.execute(order):
            last[article or key] = key
        rows = select(RESULTS.c.key, RESULTS.c.kept_at, RESULTS.c.extraction)
        kept = set(last.values())
        for key, kept_at, content in connection.execute(rows.order_by(RESULTS.c.key)):
            if key not in kept:
                continue
            try:
                extraction = Extraction.model_validate_json(content)
            except ValidationError:
                continue
            article = known.get(extraction.article.sha256)
            told = extraction.article.published_at
            day = (article.published_at if article else None) or told or kept_at[:10]
            source = article.publisher if article else None
            address = publisher_of(extraction.article.source_url)
            yield _Reading(day[:10], source or address or _UNKNOWN, extraction)


def _group_name(reading: _Reading, by: DriftBy) -> str:
    match by:
        case "source":
            return reading.source
        case "month":
            return reading.day[:7]
        case "week":
            from datetime import date

            year, week, _ = date.fromisoformat(reading.day).isocalendar()
            return f"{year}-W{week:02d}"
        case "day":
            return reading.day


def _count(group: DriftGroup, extraction: Extraction) -> None:
    counts = group.counts
    counts["commitments"] += len(extraction.commitments)
    counts["policy_events"] += len(extraction.policy_events)
    for refused in extraction.rejected:
        counts["refused"] += 1
        counts[f"refused: {refused.reason}"] += 1
    for record in (*extraction.commitments, *extraction.policy_events):
        if record.confidence is not None:
            group.confidences.append(record.confidence)
        for doubt in record.doubts:
            counts["doubts"] += 1
            counts[f"doubt: {doubt.rule}"] += 1
    counts["unread"] += any(notice.code == "passage_unread" for notice in extraction.notices)


def _tell_apart(groups: Iterable[DriftGroup]) -> None:
    told = list(groups)
    articles = sum(group.articles for group in told)
    totals: Counter[str] = Counter()
    for group in told:
        totals += group.counts
    for group in told:
        for count, total in totals.items():
            low, high = _wilson(group.counts[count], total)
            expected = group.articles / articles
            if expected < low:
                group.stands_out[count] = "more"
            elif expected > high:
                group.stands_out[count] = "fewer"


def _wilson(part: int, whole: int) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + _LEVEL) / 2)
    share, spread = part / whole, z * z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + (spread / 2) ** 2) / (1 + spread)
    return middle - half, middle + half
