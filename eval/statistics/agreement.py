"""Agreement of annotators beyond chance, with bootstrap intervals over the labelled units.

Both coefficients are functions of sums over units, so the units are resampled like documents.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np

from eval.statistics.intervals import Interval, bootstrap_interval
from eval.statistics.resampling import Numbers


def nominal_alpha(
    units: Sequence[Sequence[Hashable | None]],
    *,
    clusters: Sequence[str] | None = None,
    resamples: int = 10_000,
    seed: int = 0,
    level: float = 0.95,
) -> Interval | None:
    """Krippendorff's alpha of labels without order; a unit lists its labels, None where missing.

    Units with fewer than two labels say nothing and are left out. None if no unit is left, or
    if all labels left are the same: agreement beyond chance is undefined without variation.
    Units that depend on each other, as those of one document, share a cluster name.

    Raises:
        ValueError: names, level or number of resamples are unusable.
    """
    if clusters is not None and len(clusters) != len(units):
        raise ValueError(f"{len(clusters)} cluster names for {len(units)} units")
    given = [[label for label in unit if label is not None] for unit in units]
    pairable = [index for index, labels in enumerate(given) if len(labels) > 1]
    column = _columns(label for index in pairable for label in given[index])
    if len(column) < 2:
        return None
    rows = np.zeros((len(pairable), 1 + len(column)))
    for row, index in zip(rows, pairable, strict=True):
        for label in given[index]:
            row[1 + column[label]] += 1
        counts = row[1:]
        row[0] = (counts * (counts - 1)).sum() / (counts.sum() - 1)
    kept = None if clusters is None else [clusters[index] for index in pairable]
    return bootstrap_interval(
        rows, _alpha, clusters=kept, resamples=resamples, seed=seed, level=level
    )


def cohen_kappa(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    *,
    clusters: Sequence[str] | None = None,
    resamples: int = 10_000,
    seed: int = 0,
    level: float = 0.95,
) -> Interval | None:
    """Cohen's kappa of two annotators who both labelled every unit.

    None if there is no unit, or if all labels are the same: agreement beyond chance is undefined
    without variation. Units that depend on each other share a cluster name.

    Raises:
        ValueError: the annotators labelled different numbers of units, or names, level or number
            of resamples are unusable.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} labels of one annotator, {len(second)} of the other")
    column = _columns([*first, *second])
    if len(column) < 2:
        return None
    rows = np.zeros((len(first), 1 + 2 * len(column)))
    for row, one, other in zip(rows, first, second, strict=True):
        row[0] = one == other
        row[1 + column[one]] = 1
        row[1 + len(column) + column[other]] = 1
    return bootstrap_interval(
        rows, _kappa, clusters=clusters, resamples=resamples, seed=seed, level=level
    )


def _columns(labels: Iterable[Hashable]) -> dict[Hashable, int]:
    return {label: index for index, label in enumerate(dict.fromkeys(labels))}


def _alpha(sums: Numbers) -> Numbers:
    agreeing, counts = sums[:, 0], sums[:, 1:]
    total = counts.sum(axis=1)
    by_chance = total**2 - (counts**2).sum(axis=1)
    return _beyond_chance(by_chance - (total - 1) * (total - agreeing), by_chance)


def _kappa(sums: Numbers) -> Numbers:
    agreeing = sums[:, 0]
    of_first, of_second = np.hsplit(sums[:, 1:], 2)
    total = of_first.sum(axis=1)
    by_chance = total**2 - (of_first * of_second).sum(axis=1)
    return _beyond_chance(by_chance - total * (total - agreeing), by_chance)


def _beyond_chance(less_disagreement: Numbers, by_chance: Numbers) -> Numbers:
    # A resample that happens to lack variation is no evidence of agreement: it counts as 0.
    return np.divide(
        less_disagreement, by_chance, out=np.zeros_like(by_chance), where=by_chance > 0
    )
