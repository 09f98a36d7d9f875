"""How well records of many articles are linked, apart from how well they are extracted.

The extractions come from a perfect model, whose replies are the labels, through the product's own
path; so what a system links wrongly is its own fault. Each system gets the same mentions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.errors import DatasetError
from eval.judging.ceiling import LabelFinder, PerfectModel
from eval.labels.dataset import LabelledArticle
from eval.labels.linking import LinkingLabels, Telling
from eval.scoring.documents import Case, Scorer
from eval.scoring.rules import RECORD_TYPES, Rules
from eval.statistics.clusters import CLUSTER_METRICS, cluster_rows
from eval.statistics.intervals import Interval, bootstrap_intervals
from extractor.extraction import Extractor
from extractor.pipeline import ModelPipeline
from extractor.pledges.mentions import Mention, mentions_of
from extractor.records import Extraction
from extractor.settings import Settings


@dataclass(frozen=True, slots=True)
class ToldMentions:
    """The mentions of all articles, and which labelled record each one is."""

    mentions: tuple[Mention, ...]
    telling_of: Mapping[str, Telling]
    """By id of the mention; spurious ones have none."""
    texts: Mapping[str, str]
    """Articles by digest."""
    lost: tuple[Telling, ...]
    """Labelled tellings that no mention is of: nobody can link them."""


@dataclass(frozen=True, slots=True)
class SumFaults:
    """What is wrong about the sums of a ledger."""

    counted: int
    """Rows with a sum that count."""
    twice: int
    """Sums that count although the same, its whole or its parts count already."""
    wrongly: int
    """Sums that count although nobody may sum them."""
    missed: int
    """Sums that should count and do not."""


@dataclass(frozen=True, slots=True)
class LinkingScore:
    """How one system did."""

    system: str
    groups: int
    metrics: Mapping[str, Interval]
    joined_twins: tuple[tuple[str, str, str], ...]
    """Twins of which a group holds both, and why they are two."""
    sums: SumFaults | None
    """None for systems that do not say what may be summed."""


def told_mentions(labels: LinkingLabels, settings: Settings, rules: Rules) -> ToldMentions:
    """Extract all articles with a perfect model, and find each labelled record in what comes out.

    Raises:
        ExtractorError: an article or the settings cannot be used.
    """
    scorer = Scorer(rules)
    mentions: list[Mention] = []
    telling_of: dict[str, Telling] = {}
    for item in labels.items:
        told = labels.articles[item.name]
        extraction = _extract(item, settings)
        own = list(
            mentions_of(
                f"labels {item.name}",
                extraction,
                publisher=told.publisher,
                published_at=told.published_at,
            )
        )
        mentions += own
        telling_of |= _tellings(item, extraction, own, scorer)
    found = set(telling_of.values())
    lost = tuple(telling for telling in labels.group_of() if telling not in found)
    texts = {item.gold.document.sha256: item.text for item in labels.items}
    return ToldMentions(tuple(mentions), telling_of, texts, lost)


def _extract(item: LabelledArticle, settings: Settings) -> Extraction:
    chosen = settings.model_copy(update={"strategy": "document", "policy": "strong"})
    model = PerfectModel(item)
    with Extractor(ModelPipeline(model, chosen, LabelFinder(item))) as extractor:
        model.learn(extractor.readers[0])
        return extractor.extract(
            item.text,
            language=item.gold.document.language,
            published_at=item.published_at,
            article_id=item.name,
        )


def _tellings(
    item: LabelledArticle, extraction: Extraction, own: Sequence[Mention], scorer: Scorer
) -> dict[str, Telling]:
    score = scorer.score(Case(item.gold, extraction, item.text))
    by_record = {(mention.kind, mention.record.id): mention.id for mention in own}
    found = {}
    for kind in RECORD_TYPES:
        gold = item.gold.commitments if kind == "commitment" else item.gold.policy_events
        records = extraction.commitments if kind == "commitment" else extraction.policy_events
        for pair in score.of(kind).alignment.pairs:
            mention = by_record[kind, records[pair.predicted].id]
            found[mention] = (item.name, gold[pair.gold].id)
    return found


def score_linking(
    system: str,
    labels: LinkingLabels,
    told: ToldMentions,
    groups: Sequence[frozenset[str]],
    countable: Mapping[int, bool] | None = None,
) -> LinkingScore:
    """The score of one system's groups.

    Raises:
        DatasetError: nothing that is labelled came out of the articles.
    """
    group_of = {mention: number for number, group in enumerate(groups) for mention in group}
    label_of = labels.group_of()
    right: dict[str, str] = {}
    found: dict[str, str] = {}
    for mention, telling in told.telling_of.items():
        if telling in label_of:
            right[mention] = label_of[telling]
            found[mention] = str(group_of.get(mention, mention))
    if not right:
        raise DatasetError("no labelled record came out of the articles")
    names, rows = cluster_rows(right, found)
    metrics = bootstrap_intervals(rows, CLUSTER_METRICS, clusters=names)
    held: defaultdict[str, set[str]] = defaultdict(set)
    for mention, name in right.items():
        held[found[mention]].add(name)
    joined = tuple(
        (*twins.pair, twins.why)
        for twins in labels.twins
        if any(set(twins.pair) <= inside for inside in held.values())
    )
    sums = None if countable is None else _sum_faults(labels, held, countable, right, found)
    return LinkingScore(system, len(set(found.values())), metrics, joined, sums)


def _sum_faults(
    labels: LinkingLabels,
    held: Mapping[str, set[str]],
    countable: Mapping[int, bool],
    right: Mapping[str, str],
    found: Mapping[str, str],
) -> SumFaults:
    sizes: defaultdict[tuple[str, str], int] = defaultdict(int)
    for mention, name in right.items():
        sizes[found[mention], name] += 1
    counted: list[str] = []
    for group in sorted(held):
        if group.isdigit() and countable.get(int(group), False):
            # A group is for the pledge that most of it tells of.
            counted.append(max(sorted(held[group]), key=lambda name: sizes[group, name]))
    known, twice, wrongly = set[str](), 0, 0
    for pledge in counted:
        related = {pledge, *_above(labels, pledge), *_below(labels, pledge)}
        twice += bool(related & known)
        wrongly += not labels.groups[pledge].countable
        known.add(pledge)
    told = {name for inside in held.values() for name in inside}
    due = {name for name in told if labels.groups[name].countable and labels.groups[name].sum}
    return SumFaults(len(counted), twice, wrongly, len(due - known))


def _above(labels: LinkingLabels, name: str) -> set[str]:
    whole = labels.groups[name].part_of
    return {whole, *_above(labels, whole)} if whole else set()


def _below(labels: LinkingLabels, name: str) -> set[str]:
    parts = {other for other, group in labels.groups.items() if group.part_of == name}
    return parts | {below for part in parts for below in _below(labels, part)}
