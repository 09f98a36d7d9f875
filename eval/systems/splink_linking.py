"""Splink beside our own linking; the only importer of splink.

Splink (Robin Linacre and others, MIT) trains a Fellegi-Sunter model on the mentions themselves,
without labels. It gets the same typed values that ours gets: parties, figures, topics, dates.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import pyarrow as pa
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import EMTrainingException

from extractor.pledges.mentions import Mention
from extractor.pledges.traits import CommitmentTraits, Traits

_SAME_FROM: Final = 0.8
_COLUMNS: Final = ("giver", "receiver", "figure", "unit", "country", "topics", "month")


def cluster_with_splink(
    mentions: Sequence[Mention], traits: Mapping[str, Traits]
) -> list[frozenset[str]]:
    """Groups of mentions, commitments and acts each for themselves."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    kinds: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        kinds[mention.kind].append(mention)
    return [group for inside in kinds.values() for group in _cluster(inside, traits)]


def _cluster(mentions: Sequence[Mention], traits: Mapping[str, Traits]) -> list[frozenset[str]]:
    rows = pa.Table.from_pylist([_row(traits[mention.id]) for mention in mentions])
    blocks = [block_on("giver"), block_on("figure", "unit"), block_on("country", "month")]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            cl.JaroWinklerAtThresholds("giver", [0.9, 0.8]),
            cl.JaroWinklerAtThresholds("receiver", [0.9, 0.8]),
            cl.ExactMatch("figure"),
            cl.ExactMatch("unit"),
            cl.ExactMatch("country"),
            cl.JaccardAtThresholds("topics", [0.8, 0.5]),
            cl.ExactMatch("month"),
        ],
        blocking_rules_to_generate_predictions=[*blocks],
        # That each mention has about one match; there are too few to estimate it.
        probability_two_random_records_match=1 / max(len(mentions), 2),
    )
    linker = Linker(DuckDBAPI().register(rows), settings, log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e5, seed=1)
    for block in blocks[:2]:
        # Too few pairs agree to learn from them: splink goes on with what it has.
        with suppress(EMTrainingException):
            linker.training.estimate_parameters_using_expectation_maximisation(block)
    pairs = linker.inference.predict(threshold_match_probability=_SAME_FROM)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=_SAME_FROM
    )
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for row in found.as_record_list():
        groups[str(row["cluster_id"])].add(str(row["id"]))
    return [frozenset(group) for group in groups.values()]


def _row(traits: Traits) -> dict[str, object]:
    is_pledge = isinstance(traits, CommitmentTraits)
    others = traits.receivers if isinstance(traits, CommitmentTraits) else traits.targets
    figure = traits.money[0] if isinstance(traits, CommitmentTraits) and traits.money else None
    days = traits.told_on or traits.published
    return {
        "id": traits.mention.id,
        "giver": " ".join(sorted(p.id or p.canonical for p in traits.actors)) or None,
        "receiver": " ".join(sorted(p.id or p.canonical for p in others)) or None,
        "figure": str(figure.low) if figure else None,
        "unit": figure.unit if figure else None if is_pledge else traits.kind,
        "country": " ".join(sorted(traits.countries)) or None,
        "topics": " ".join(sorted(traits.wording.topics)) or None,
        "month": f"{days.first:%Y-%m}" if days else None,
    }
