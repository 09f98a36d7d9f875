"""Systems that link mentions: ours with and without sentence vectors, exact match, and splink."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eval.errors import SystemUnavailable
from extractor.pledges.assembling import assemble
from extractor.pledges.clustering import pledge_id
from extractor.pledges.countable import decide, is_mobilised
from extractor.pledges.linking import Linking
from extractor.pledges.mentions import Mention
from extractor.pledges.parties import load_parties
from extractor.pledges.relations import doubles_among, whole_of_each
from extractor.pledges.scoring import PairScorer
from extractor.pledges.traits import Traits, traits_of
from extractor.records import Commitment

if TYPE_CHECKING:
    from extractor.selection.embedding import Embed

Groups = Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class LinkedMentions:
    """What a system makes of mentions."""

    groups: Groups
    countable: Mapping[int, bool] | None
    """By number of the group, whether its sum counts; None if the system does not say."""
    traits: Mapping[str, Traits]
    linking: Linking | None = None


Linker = Callable[[Sequence[Mention]], LinkedMentions]


def link_with_rules(mentions: Sequence[Mention], embed: Embed | None = None) -> LinkedMentions:
    """Ours: typed evidence, with sentence vectors if there is a model of them."""
    table = load_parties()
    traits = {mention.id: traits_of(mention, table) for mention in mentions}
    linking = Linking(traits, PairScorer(table, embed), "now")
    linking.compare()
    groups = linking.groups()
    by_id = {mention.id: mention for mention in mentions}
    inside = {pledge_id(min(group)): [m for m in mentions if m.id in group] for group in groups}
    pledge_of = {mention.id: name for name, told in inside.items() for mention in told}
    wholes = whole_of_each(by_id.values(), pledge_of)
    rows = {
        name: assemble(name, told, traits, table).model_copy(update={"part_of": wholes.get(name)})
        for name, told in inside.items()
    }
    mobilised = {name for name, told in inside.items() if is_mobilised([m.record for m in told])}
    decided = decide(rows, mobilised, doubles_among(linking.judgements, pledge_of))
    countable = {
        number: decided[pledge_id(min(group))].countable for number, group in enumerate(groups)
    }
    return LinkedMentions(groups, countable, traits, linking)


def link_exactly(mentions: Sequence[Mention]) -> LinkedMentions:
    """Exact match, as a spreadsheet would: giver, amount and currency; authority, type and date."""
    table = load_parties()
    traits = {mention.id: traits_of(mention, table) for mention in mentions}
    groups: defaultdict[object, set[str]] = defaultdict(set)
    for mention in mentions:
        groups[_exact_key(mention)].add(mention.id)
    return LinkedMentions([frozenset(group) for group in groups.values()], None, traits)


def _exact_key(mention: Mention) -> object:
    record = mention.record
    names = tuple(sorted(actor.canonical for actor in record.actors))
    if isinstance(record, Commitment):
        figure = record.amount or record.quantity
        if not names or figure is None or figure.value is None:
            return mention.id
        unit = record.amount.currency if record.amount else getattr(figure, "unit", None)
        return (names, figure.value, unit)
    if not record.date or not record.date.edtf:
        return mention.id
    return (tuple(record.jurisdictions), record.event_type, record.date.edtf)


def link_with_splink(mentions: Sequence[Mention]) -> LinkedMentions:
    """Splink, trained on these mentions without labels.

    Raises:
        SystemUnavailable: its package is not installed.
    """
    try:
        from eval.systems.splink_linking import cluster_with_splink
    except ImportError:
        raise SystemUnavailable(
            "splink needs its package: pip install 'commitment-extractor[peers]'"
        ) from None
    table = load_parties()
    traits = {mention.id: traits_of(mention, table) for mention in mentions}
    return LinkedMentions(cluster_with_splink(mentions, traits), None, traits)


def _ours_with_vectors(mentions: Sequence[Mention]) -> LinkedMentions:
    from extractor.selection.embedding import open_embedding

    embed = open_embedding()
    if embed is None:
        raise SystemUnavailable("sentence vectors need the extra `finder`")
    return link_with_rules(mentions, embed)


LINKERS: Final[Mapping[str, Linker]] = {
    "ledger": _ours_with_vectors,
    "ledger without vectors": link_with_rules,
    "exact match": link_exactly,
    "splink": link_with_splink,
}
"""All systems by name."""
