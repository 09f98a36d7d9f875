"""How right the ledger is: a stratified sample for review, and precision from the reviews.

Rows are drawn from strata (kind, language, whether they count, whether several publishers tell
them), each in proportion and with one row at least, and carry the weight with which they stand for
the others. The interval is Wilson's, with the number of rows that the weights leave of them.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import insert, select

from extractor.errors import InputError
from extractor.pledges.rows import PledgeRow
from extractor.results.reviews import ReviewVerdict
from extractor.storage.tables import REVIEWS, SAMPLED, SAMPLES, now_text

if TYPE_CHECKING:
    from extractor.storage import Store


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row for review."""

    row: PledgeRow
    stratum: str
    weight: float
    """How many rows it stands for."""


@dataclass(frozen=True, slots=True)
class DrawnSample:
    """A sample of the ledger."""

    id: str
    drawn: tuple[DrawnRow, ...]


@dataclass(frozen=True, slots=True)
class Precision:
    """The share of right rows, as reviews tell it."""

    share: float
    low: float
    high: float
    reviewed: int
    right: int
    unsure: int
    """Left out: their reviewers could not tell."""
    open: int
    """Drawn and not reviewed yet."""


def stratum_of(row: PledgeRow) -> str:
    """The stratum of a row."""
    told = "several" if len(row.publishers) > 1 else "one"
    counts = "counted" if row.countable else "not counted"
    return f"{row.kind}, {row.sources[0].language}, {counts}, {told}"


def draw(rows: Sequence[PledgeRow], count: int, seed: int) -> tuple[DrawnRow, ...]:
    """A stratified sample: the same rows and seed draw the same ones, whatever their order."""
    strata: defaultdict[str, list[PledgeRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: _lot(row.id, seed)):
        strata[stratum_of(row)].append(row)
    sizes = _allot({name: len(inside) for name, inside in strata.items()}, count)
    return tuple(
        DrawnRow(row, name, len(strata[name]) / share)
        for name, share in sorted(sizes.items())
        for row in strata[name][:share]
    )


def _lot(name: str, seed: int) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def _allot(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many of each stratum: in proportion, at least one, never more than there are."""
    total = sum(sizes.values())
    if wanted >= total:
        return dict(sizes)
    found = {name: max(1, math.floor(wanted * size / total)) for name, size in sizes.items()}
    by_need = sorted(sizes, key=lambda name: (found[name] * total / sizes[name], name))
    while sum(found.values()) < wanted:
        for name in by_need:
            if sum(found.values()) < wanted and found[name] < sizes[name]:
                found[name] += 1
    return found


def keep_sample(store: Store, rows: Sequence[PledgeRow], count: int, seed: int) -> DrawnSample:
    """Draw a sample and keep it; the same ledger and seed give the same sample again.

    Raises:
        InputError: there is nothing to draw from, or nothing is asked for.
    """
    if count < 1 or not rows:
        raise InputError(
            "There is nothing to draw." if count > 0 else "A sample has at least one row.",
            hint="Run `extractor ledger build` first.",
        )
    drawn = draw(rows, count, seed)
    told = "\n".join(f"{each.row.id} {each.weight}" for each in drawn)
    name = f"S{hashlib.sha256(told.encode()).hexdigest()[:8]}"
    with store.writing() as connection:
        if connection.execute(select(SAMPLES.c.id).where(SAMPLES.c.id == name)).first() is None:
            design = json.dumps({"count": count, "rows": len(rows)})
            connection.execute(
                insert(SAMPLES).values(id=name, drawn_at=now_text(), seed=seed, design=design)
            )
            connection.execute(
                insert(SAMPLED),
                [
                    {
                        "sample_id": name,
                        "subject_id": each.row.id,
                        "stratum": each.stratum,
                        "weight": each.weight,
                    }
                    for each in drawn
                ],
            )
    return DrawnSample(name, drawn)


def keep_reviews(
    store: Store, reviews: Iterable[tuple[str, ReviewVerdict, str | None]], person: str
) -> int:
    """Keep what a person says of rows, each with a note or none; how many were new."""
    new = 0
    with store.writing() as connection:
        for pledge, verdict, note in reviews:
            last = connection.execute(
                select(REVIEWS.c.verdict, REVIEWS.c.by)
                .where(REVIEWS.c.subject_id == pledge, REVIEWS.c.undone_at.is_(None))
                .order_by(REVIEWS.c.id.desc())
            ).first()
            if last is None or (last.verdict, last.by) != (verdict, person):
                new += 1
                connection.execute(
                    insert(REVIEWS).values(
                        subject_kind="pledge",
                        subject_id=pledge,
                        verdict=verdict,
                        by=person,
                        at=now_text(),
                        note=note,
                    )
                )
    return new


def precision_of(store: Store, sample: str | None = None) -> tuple[str, Precision]:
    """The precision of the ledger by the reviews of a sample, the last one if none is named.

    Raises:
        InputError: there is no such sample, or nothing of it is reviewed.
    """
    with store.reading() as connection:
        query = select(SAMPLES.c.id).order_by(SAMPLES.c.drawn_at.desc())
        if sample is not None:
            query = query.where(SAMPLES.c.id == sample)
        found = connection.execute(query).first()
        if found is None:
            raise InputError(
                "There is no such sample.", hint="Draw one: `extractor ledger sample`."
            )
        drawn = connection.execute(select(SAMPLED).where(SAMPLED.c.sample_id == found.id)).all()
        verdicts: dict[str, ReviewVerdict] = {}
        reviews = (
            select(REVIEWS.c.subject_id, REVIEWS.c.verdict)
            .where(REVIEWS.c.subject_kind == "pledge", REVIEWS.c.undone_at.is_(None))
            .order_by(REVIEWS.c.id)
        )
        for review in connection.execute(reviews):
            verdicts[review.subject_id] = cast(ReviewVerdict, review.verdict)
    told = [(row.weight, verdicts.get(row.subject_id)) for row in drawn]
    return found.id, estimate(told)


def estimate(told: Sequence[tuple[float, ReviewVerdict | None]], level: float = 0.95) -> Precision:
    """Precision by rows with their weights and verdicts.

    Raises:
        InputError: no row has a verdict that tells.
    """
    decided = [(weight, verdict == "right") for weight, verdict in told if verdict in _TELLING]
    if not decided:
        raise InputError(
            "Nothing of the sample is reviewed yet.",
            hint="Fill in `verdict` in the sheet of `sample --out`: precision --reviews FILE.",
        )
    whole = sum(weight for weight, _ in decided)
    share = sum(weight for weight, right in decided if right) / whole
    # Unequal weights tell as much as fewer rows of one weight (Kish 1965).
    trials = whole**2 / sum(weight**2 for weight, _ in decided)
    z = NormalDist().inv_cdf((1 + level) / 2)
    spread = z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + (spread / 2) ** 2) / (1 + spread)
    return Precision(
        share=share,
        low=max(0.0, middle - half),
        high=min(1.0, middle + half),
        reviewed=len(decided),
        right=sum(right for _, right in decided),
        unsure=sum(verdict == "unsure" for _, verdict in told),
        open=sum(verdict is None for _, verdict in told),
    )


_TELLING: Final = ("right", "wrong")
