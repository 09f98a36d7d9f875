"""Measuring of linking: the scores of groups, and the command on a few articles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.cli import main
from eval.errors import DatasetError
from eval.labels.linking import load_linking
from eval.statistics.clusters import CLUSTER_METRICS, cluster_rows

_TOLD = Path(__file__).parents[1] / "pledges" / "told.jsonl"
_CHOSEN = ("fr-chips-001", "en-chips-001", "en-chips-002", "vi-ai-002", "en-ai-003", "en-ai-004")


def _scores(labels: Mapping[str, str], found: Mapping[str, str]) -> dict[str, float]:
    _, rows = cluster_rows(labels, found)
    sums = rows.sum(axis=0, keepdims=True)
    return {name: float(metric(sums)[0]) for name, metric in CLUSTER_METRICS.items()}


def test_b_cubed_is_that_of_the_published_example() -> None:
    # Amigo and others 2009, figure of B-cubed: groups of 4 and 3 of two categories.
    labels = dict(zip("abcdefg", "xxxxyyy", strict=True))
    found = dict(zip("abcdefg", "1112222", strict=True))
    scores = _scores(labels, found)
    assert scores["b_cubed_precision"] == pytest.approx((3 + (1 + 9) / 4) / 7)
    assert scores["b_cubed_recall"] == pytest.approx(((9 + 1) / 4 + 3) / 7)
    assert scores["pair_precision"] == pytest.approx(6 / 9)
    assert scores["pair_recall"] == pytest.approx(6 / 9)


@settings(deadline=None)
@given(st.lists(st.sampled_from("xyz"), min_size=1, max_size=9), st.data())
def test_only_the_same_groups_are_perfect(labels: list[str], data: st.DataObject) -> None:
    right = {str(number): label for number, label in enumerate(labels)}
    found = {item: data.draw(st.sampled_from("123")) for item in right}
    scores = _scores(right, found)
    alike = all((right[a] == right[b]) == (found[a] == found[b]) for a in right for b in right)
    assert (scores["b_cubed_f1"] == 1) == alike
    assert all(0 <= score <= 1 for score in scores.values())


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A small folder of labels, of cases for the tests of linking."""
    articles: dict[str, object] = {}
    groups: dict[str, dict[str, object]] = {"pledges": {}, "acts": {}}
    lines = []
    for line in _TOLD.read_text("utf-8").splitlines():
        told = json.loads(line)
        if told["id"] not in _CHOSEN:
            continue
        keys, publisher = told.pop("keys"), told.pop("publisher")
        articles[told["id"]] = {
            "publisher": publisher,
            "published_at": told["date"],
            "wire": None,
            "dev": told["id"].startswith("fr"),
        }
        lines.append(json.dumps({"about": ["linking"], **told}, ensure_ascii=False))
        kind, letter = ("pledges", "C") if "commitments" in told else ("acts", "E")
        for number, key in enumerate(keys, start=1):
            group = groups[kind].setdefault(key, {"description": key, "tellings": []})
            assert isinstance(group, dict)
            group["tellings"].append([told["id"], f"{letter}{number}"])
    money = groups["pledges"]["solvane-penang"]
    assert isinstance(money, dict)
    money |= {"sum": {"value": 7500000000, "currency": "USD"}, "countable": True}
    twins = [{"pair": ["vn-ai-law", "vn-ai-strategy"], "why": "law and strategy"}]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    content = {"articles": articles, **groups, "twins": twins}
    (tmp_path / "pledges.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def test_systems_are_scored_in_one_table(gold: Path) -> None:
    chosen = ("--system", "ledger without vectors", "--system", "exact match")
    done = CliRunner().invoke(main, ["linking", "--gold", str(gold), *chosen, "--format", "json"])
    assert done.exit_code == 0, done.output
    ours, exact = json.loads(done.output)
    assert ours["metrics"]["pair_precision"]["point"] == 1
    assert ours["metrics"]["b_cubed_f1"]["point"] > exact["metrics"]["b_cubed_f1"]["point"]
    low, high = (ours["metrics"]["b_cubed_f1"][end] for end in ("low", "high"))
    assert 0 <= low <= high <= 1
    assert ours["joined_twins"] == []
    assert ours["sums"]["twice"] == 0
    assert exact["sums"] is None
    table = CliRunner().invoke(main, ["linking", "--gold", str(gold), *chosen])
    assert "6 articles" in table.output
    assert "exact" in table.output


@pytest.mark.parametrize(
    ("system", "f1", "precision", "code"),
    [
        ("ledger without vectors", "0.9", "1", 0),
        ("ledger without vectors", "1.01", "1", 1),
        ("ledger without vectors", "0.9", "1.01", 1),
        ("exact match", "0", "0", 1),
    ],
)
def test_what_is_below_the_floor_fails(
    gold: Path, system: str, f1: str, precision: str, code: int
) -> None:
    floor = ("--at-least", f1, precision)
    done = CliRunner().invoke(main, ["linking", "--gold", str(gold), "--system", system, *floor])
    assert done.exit_code == code, done.output


def test_a_part_holds_only_its_articles(gold: Path) -> None:
    labels = load_linking(gold)
    dev, test = labels.only(dev=True), labels.only(dev=False)
    assert {item.name for item in dev.items} == {"fr-chips-001"}
    assert len(dev.items) + len(test.items) == len(labels.items)
    assert test.twins == labels.twins
    assert dev.twins == ()


def test_a_telling_of_no_record_is_refused(gold: Path) -> None:
    file = gold / "pledges.json"
    file.write_text(file.read_text("utf-8").replace('"C2"', '"C9"', 1), encoding="utf-8")
    with pytest.raises(DatasetError, match="no record"):
        load_linking(gold)
