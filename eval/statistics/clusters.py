"""How well groups agree with labelled groups: B-cubed and pairs, as rows that may be added up.

B-cubed (Bagga and Baldwin 1998): for each item the share of its group that belongs with it, and the
share of what belongs with it that is in its group. A row is that of one labelled group, so that
intervals can draw groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

import numpy as np

from eval.statistics.resampling import Metric, Numbers

_Item = TypeVar("_Item", bound=Hashable)
_COLUMNS: Final = ("precision", "recall", "items", "together", "wrong", "missed")
_PRECISION, _RECALL, _ITEMS, _TOGETHER, _WRONG, _MISSED = range(len(_COLUMNS))


def cluster_rows(
    labels: Mapping[_Item, str], found: Mapping[_Item, str]
) -> tuple[list[str], Numbers]:
    """Names of labelled groups, and a row for each: sums of B-cubed shares, items, and pairs.

    Args:
        labels: the labelled group of each item.
        found: the group that a system gives each of these items.

    Returns:
        The names, and a matrix of groups x columns.
    """
    names = sorted(set(labels.values()))
    place = {name: number for number, name in enumerate(names)}
    rows = np.zeros((len(names), len(_COLUMNS)))
    label_sizes, found_sizes = Counter(labels.values()), Counter(found[item] for item in labels)
    shared = Counter((labels[item], found[item]) for item in labels)
    for (name, group), both in shared.items():
        row = rows[place[name]]
        row[_PRECISION] += both * both / found_sizes[group]
        row[_RECALL] += both * both / label_sizes[name]
        row[_ITEMS] += both
        row[_TOGETHER] += both * (both - 1) / 2
        row[_MISSED] += both * (label_sizes[name] - both) / 2
        # A wrong pair belongs to two labelled groups: half to each.
        row[_WRONG] += both * (found_sizes[group] - both) / 2
    return names, rows


def _share(part: Numbers, whole: Numbers) -> Numbers:
    """Part of whole; where there is nothing, nothing is wrong."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), 1.0)


def _f1(precision: Numbers, recall: Numbers) -> Numbers:
    return _share(2 * precision * recall, precision + recall)


def _b_precision(sums: Numbers) -> Numbers:
    return _share(sums[:, _PRECISION], sums[:, _ITEMS])


def _b_recall(sums: Numbers) -> Numbers:
    return _share(sums[:, _RECALL], sums[:, _ITEMS])


def _pair_precision(sums: Numbers) -> Numbers:
    return _share(sums[:, _TOGETHER], sums[:, _TOGETHER] + sums[:, _WRONG])


def _pair_recall(sums: Numbers) -> Numbers:
    return _share(sums[:, _TOGETHER], sums[:, _TOGETHER] + sums[:, _MISSED])


CLUSTER_METRICS: Final[Mapping[str, Metric]] = {
    "b_cubed_precision": _b_precision,
    "b_cubed_recall": _b_recall,
    "b_cubed_f1": lambda sums: _f1(_b_precision(sums), _b_recall(sums)),
    "pair_precision": _pair_precision,
    "pair_recall": _pair_recall,
    "pair_f1": lambda sums: _f1(_pair_precision(sums), _pair_recall(sums)),
}
"""Metrics of summed rows, by name."""
