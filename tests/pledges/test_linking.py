"""Linking: what is judged same, different and unsure, and what becomes of it in groups."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.judging.annotators import labels_as_prediction
from eval.judging.linkers import link_exactly, link_with_rules
from eval.labels.dataset import load_corpus
from eval.statistics.clusters import CLUSTER_METRICS, cluster_rows
from extractor.pledges.clustering import cluster, linked, pledge_id
from extractor.pledges.evidence import Answer, Scored
from extractor.pledges.judging import Pair, PairJudgement, by_person, by_rule, in_force, pair_of
from extractor.pledges.linking import Linking
from extractor.pledges.mentions import Mention, mentions_of
from extractor.pledges.parties import load_parties
from extractor.pledges.scoring import PairScorer
from extractor.pledges.traits import Traits, traits_of
from tests.pledges.cases import told_mentions

_NOW: Final = "2026-01-01T00:00:00.000000+00:00"
_GOLD: Final = Path(__file__).parents[2] / "gold"
_NAMES: Final = "abcdefgh"


def _scores(found: dict[str, str]) -> dict[str, float]:
    _, key_of = told_mentions()
    _, rows = cluster_rows(dict(key_of), dict(found))
    sums = rows.sum(axis=0, keepdims=True)
    return {name: float(metric(sums)[0]) for name, metric in CLUSTER_METRICS.items()}


def _numbered(groups: list[frozenset[str]]) -> dict[str, str]:
    return {mention: str(number) for number, group in enumerate(groups) for mention in group}


def test_the_cases_are_linked_without_vectors_and_no_twins_are_joined() -> None:
    mentions, _ = told_mentions()
    scores = _scores(_numbered(list(link_with_rules(mentions).groups)))
    assert scores["pair_precision"] == 1
    assert scores["b_cubed_f1"] >= 0.98
    exact = _scores(_numbered(list(link_exactly(mentions).groups)))
    assert exact["b_cubed_f1"] < scores["b_cubed_f1"]


def test_pledges_that_two_seeds_tell_come_out_as_one() -> None:
    mentions: list[Mention] = []
    key_of: dict[str, str] = {}
    for item in load_corpus(_GOLD).items:
        own = list(mentions_of(item.name, labels_as_prediction(item)))
        mentions += own
        keys = {record.id: record.cross_doc_key for record in item.gold.records}
        key_of |= {m.id: key for m in own if (key := keys[m.record.id])}
    groups = link_with_rules(mentions).groups
    shared = {frozenset(key_of[m] for m in group if m in key_of) for group in groups}
    told_twice = [key for key in set(key_of.values()) if list(key_of.values()).count(key) > 1]
    assert len(told_twice) >= 5
    for key in told_twice:
        assert sum(key in inside for inside in shared) == 1


def _traits() -> tuple[dict[str, Traits], dict[str, str]]:
    mentions, key_of = told_mentions()
    table = load_parties()
    return {mention.id: traits_of(mention, table) for mention in mentions}, key_of


def _pairs_of(one: str, other: str) -> list[Scored]:
    traits, key_of = _traits()
    scorer = PairScorer(load_parties())
    return [
        scorer.score(traits[a], traits[b])
        for a, b in combinations(sorted(traits), 2)
        if {key_of[a], key_of[b]} == {one, other}
    ]


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("no-amazon-1.2", "no-amazon-2026", "other_year"),
        ("varnholt-baclieu", "varnholt-camau", "other_sum"),
        ("brookfield-20", "mgx-20", "other_giver"),
        ("brookfield-20", "brookfield-15", "other_sum"),
        ("gates-gf", "gates-gavi", "other_sum"),
        ("wb-kenya", "afdb-kenya", "other_giver"),
        ("br-no-belem", "br-no-oslo", "other_day"),
    ],
)
def test_twins_are_ruled_out_by_one_piece_of_evidence(one: str, other: str, rule: str) -> None:
    rules = {scored.rule for scored in _pairs_of(one, other) if scored.score == 0}
    assert rule in rules


def test_the_same_sum_for_another_country_is_not_the_same() -> None:
    for pair in (("kr-laos-500", "kr-cambodia-500"), ("jica-metro", "jica-vientiane")):
        assert all(scored.answer != "same" for scored in _pairs_of(*pair))


def test_the_score_of_a_pair_does_not_depend_on_its_order() -> None:
    traits, _ = _traits()
    scorer = PairScorer(load_parties())
    for a, b in list(combinations(sorted(traits), 2))[::7]:
        assert scorer.score(traits[a], traits[b]) == scorer.score(traits[b], traits[a])


def test_the_order_of_mentions_does_not_matter() -> None:
    traits, _ = _traits()
    forward = Linking(traits, PairScorer(load_parties()), _NOW)
    forward.compare()
    names = sorted(traits, key=lambda name: pledge_id(name))
    other = Linking({name: traits[name] for name in names}, PairScorer(load_parties()), _NOW)
    for name in names:
        other.compare([name])
    assert forward.groups() == other.groups()


# ---- groups, whatever the judgements

_Judgements = dict[Pair, PairJudgement]


_KINDS: Final = (
    None,
    None,
    None,
    ("same", 0.9, "rule"),
    ("same", 0.95, "rule"),
    ("same", 0.85, "rule"),
    ("unsure", 0.5, "rule"),
    ("different", 0.1, "rule"),
    ("different", 0.0, "rule"),
    ("same", None, "person"),
    ("different", None, "person"),
)


def _judged(drawn: bytes) -> _Judgements:
    """A judgement or none for each pair, by a byte."""
    found: _Judgements = {}
    for pair, byte in zip(combinations(_NAMES, 2), drawn, strict=True):
        kind = _KINDS[byte % len(_KINDS)]
        if kind is not None:
            answer, score, by = kind
            found[pair] = PairJudgement(*pair, answer, f"{by}:x", _NOW, score)  # type: ignore[arg-type]
    return found


_PAIRS: Final = len(list(combinations(_NAMES, 2)))
_judgements: Final = st.binary(min_size=_PAIRS, max_size=_PAIRS).map(_judged)
_vague: Final = st.sets(st.sampled_from(_NAMES)).map(frozenset)


def _unlike(pair: Pair) -> PairJudgement:
    return by_rule(pair, Scored("different", 0.3, "nothing_shared", ()), _NOW)


@settings(deadline=None)
@given(_judgements, _vague)
def test_every_mention_is_in_one_group_and_hangs_together_with_it(
    judgements: _Judgements, vague: frozenset[str]
) -> None:
    groups = cluster(_NAMES, judgements, _unlike, vague)
    assert sorted(name for group in groups for name in group) == sorted(_NAMES)
    for group in groups:
        inside = {pair: one for pair, one in judgements.items() if group >= set(pair)}
        assert linked([min(group)], inside) >= group


@settings(deadline=None)
@given(_judgements, _vague)
def test_what_a_person_holds_apart_is_never_in_one_group(
    judgements: _Judgements, vague: frozenset[str]
) -> None:
    for group in cluster(_NAMES, judgements, _unlike, vague):
        for pair in combinations(sorted(group), 2):
            told = judgements.get(pair)
            assert told is None or not (told.by_person and told.is_final)


@settings(deadline=None)
@given(_judgements, _vague)
def test_no_chain_leads_across_what_a_rule_rules_out(
    judgements: _Judgements, vague: frozenset[str]
) -> None:
    rules = {pair: one for pair, one in judgements.items() if not one.by_person}
    for group in cluster(_NAMES, rules, _unlike, vague):
        for pair in combinations(sorted(group), 2):
            assert pair not in rules or not rules[pair].is_final


@settings(deadline=None)
@given(_judgements, _vague, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_judgements(judgements, vague, shuffled) -> None:  # type: ignore[no-untyped-def]
    pairs, names = list(judgements), list(_NAMES)
    shuffled.shuffle(pairs)
    shuffled.shuffle(names)
    again = cluster(names, {pair: judgements[pair] for pair in pairs}, _unlike, vague)
    assert again == cluster(_NAMES, judgements, _unlike, vague)


@settings(deadline=None)
@given(_judgements, _vague)
def test_what_does_not_hang_together_can_be_grouped_apart(
    judgements: _Judgements, vague: frozenset[str]
) -> None:
    whole = cluster(_NAMES, judgements, _unlike, vague)
    parts: list[frozenset[str]] = []
    left = set(_NAMES)
    while left:
        part = linked([min(left)], judgements)
        parts += cluster(part, judgements, _unlike, vague)
        left -= part
    assert sorted(parts, key=min) == whole


def _unsure(scores: dict[str, float]) -> _Judgements:
    """Judgements of `unsure` by pairs of letters; `different` by rule where the score is 0."""
    found: _Judgements = {}
    for letters, score in scores.items():
        answer: Answer = "unsure" if score else "different"
        pair = pair_of(letters[0], letters[1])
        found[pair] = by_rule(pair, Scored(answer, score, "x", ()), _NOW)
    return found


def _grouped(scores: dict[str, float], vague: str) -> set[str]:
    groups = cluster(_NAMES[:4], _unsure(scores), _unlike, frozenset(vague))
    return {"".join(sorted(group)) for group in groups if len(group) > 1}


def test_what_tells_no_figure_goes_to_the_one_pledge_that_it_can_be() -> None:
    assert _grouped({"ab": 0.5}, "a") == {"ab"}
    assert _grouped({"ab": 0.5}, "") == set()
    assert _grouped({"ab": 0.6, "ac": 0.35}, "a") == {"ab"}


def test_of_two_pledges_that_come_near_it_goes_to_neither() -> None:
    assert _grouped({"ab": 0.6, "ac": 0.5}, "a") == set()
    assert _grouped({"ab": 0.6, "ac": 0.5, "bc": 0.0}, "a") == set()


def test_another_one_without_a_figure_is_a_rival_only_if_it_cannot_be_the_same() -> None:
    assert _grouped({"ab": 0.6, "ac": 0.5}, "ac") == {"abc"}
    assert _grouped({"ab": 0.6, "ac": 0.6, "bc": 0.0}, "a") == set()


@settings(deadline=None)
@given(_judgements)
def test_undoing_a_judgement_is_as_if_it_had_not_been(judgements: _Judgements) -> None:
    said = by_person(pair_of("a", "b"), "same", "ann", "2026-02-01")
    undone = PairJudgement(
        *said.pair, "same", said.by, said.at, undone_at="2026-02-02", undone_by="x"
    )
    assert in_force([*judgements.values(), undone]) == judgements
    with_it = in_force([*judgements.values(), said])
    assert with_it[said.pair].by_person


def test_a_persons_later_word_goes_before_an_earlier_one_and_a_rule() -> None:
    pair = pair_of("b", "a")
    rule = by_rule(pair, Scored("different", 0.0, "other_sum", ()), "2026-03-01")
    first, second = by_person(pair, "same", "ann", "1"), by_person(pair, "unsure", "ann", "2")
    assert in_force([second, rule, first]) == {("a", "b"): second}
