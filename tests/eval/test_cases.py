"""Records side by side: what a case shows, what filters find it by, and where its label stands."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from eval.cli.main import main
from eval.judging.comparison import compare
from eval.labels.dataset import Corpus, load_corpus
from eval.labels.gold import GoldCommitment
from eval.report.cases import ComparedCase, cases_of, filters_of
from eval.report.html import render_html
from eval.report.label_places import LabelLinkError, LabelPlaces
from eval.report.roster import roster_of
from eval.scoring.rules import load_rules
from tests.eval.predictions import party
from tests.eval.runs import record_of
from tests.eval.test_report_html import HOSTILE, TEXT, Page, corpus_of, label, results

RULES = load_rules()
FERRY = label(title="A ferry", actors=[party("Briar")], recipients=[party("Chile", "CL")])


@pytest.fixture(scope="module", name="corpus")
def _corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("cases") / "texts"
    return corpus_of(folder, [label()], names=("one", "two"))


def cases(
    corpus: Corpus, said: Sequence[tuple[str, Sequence[GoldCommitment] | None]], link: str = ""
) -> list[ComparedCase]:
    stored = [one for model, found in said for one in results(corpus, model, found)]
    (found,) = compare(stored, [corpus], RULES)
    return list(cases_of(found, roster_of([found]), RULES, LabelPlaces(link)))


def test_a_label_stands_beside_what_each_contender_made_of_it(corpus: Corpus) -> None:
    wrong = label(status="cancelled")
    case = cases(corpus, [("good", [label()]), ("poor", [wrong]), ("silent", [])])[0]

    assert (case.gold_id, case.document) == ("L1", "one")
    assert [one.fate for one in case.fates] == ["right", "flawed", "missed"]
    (status,) = [row for row in case.rows if row.field == "status"]
    assert status.gold == "announced"
    assert [cell.value for cell in status.cells] == ["announced", "cancelled", ""]
    assert case.differs
    assert not case.is_right


def test_one_false_alarm_of_two_contenders_is_one_case(corpus: Corpus) -> None:
    found = cases(corpus, [("a", [label(), FERRY]), ("b", [FERRY]), ("c", [label()])])

    alarms = [case for case in found if not case.gold_id and case.document == "one"]
    assert len(alarms) == 1
    fates = {one.entry.model: one.fate for one in alarms[0].fates}
    assert fates == {"a": "spurious", "b": "spurious", "c": ""}


def test_a_case_is_found_by_field_class_contender_and_slice(corpus: Corpus) -> None:
    case = cases(corpus, [("good", [label()]), ("poor", [label(status="cancelled")])])[0]
    number = next(one.entry.number for one in case.fates if one.entry.model == "poor")
    other = 3 - number

    tokens = case.tokens.split()
    assert {f"w:{number}:status", "w:any:status", f"e:{number}:STATUS", f"b:{number}"} <= {*tokens}
    assert {"s:language:en", "s:type:funding", "s:amount:without-an-amount"} <= {*tokens}
    assert not {f"w:{other}:status", f"b:{other}"} & {*tokens}


def test_filters_offer_only_what_divides_the_cases(corpus: Corpus) -> None:
    found = cases(corpus, [("a", [label(status="cancelled"), FERRY]), ("b", [])])
    entries = [one.entry for one in found[0].fates]

    names = {one.name: [value for value, _ in one.options] for one in filters_of(found, entries)}

    assert "language" not in names
    assert names["mistakes of"] == ["1", "2"]
    assert {"STATUS", "MISSED_ITEM", "SPURIOUS_ITEM"} <= {*names["class"]}


def test_the_excerpt_marks_quotes_and_leaves_far_text_out(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "texts", [label()], names=("one",))
    (case,) = [one for one in cases(corpus, [("a", [label()])]) if one.gold_id]

    marked = "".join(part.text for part in case.excerpt if part.gold)
    assert marked == "Alderon will give Norway a pump"
    assert "".join(part.text for part in case.excerpt) == TEXT


def test_the_page_filters_by_style_alone_and_escapes_what_strangers_wrote(corpus: Corpus) -> None:
    stored = [
        *results(corpus, "good", [label(title=HOSTILE)]),
        *results(corpus, "poor", [label(status="cancelled"), FERRY]),
    ]
    html = render_html(compare(stored, [corpus], RULES), [record_of()], RULES)
    page = Page(html)

    assert HOSTILE not in html
    assert all(tag != "script" for tag, _ in page.tags)
    offered = {str(found.get("value")) for tag, found in page.tags if tag == "option"}
    assert {"STATUS", "MISSED_ITEM"} & offered
    # Every choice has its rule, every rule names a choice that is there.
    ruled = set(re.findall(r'option\[value="([^"]+)"\]:checked', html))
    assert ruled == offered - {""}
    assert "&#34;" not in "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))


def test_a_label_is_found_in_its_file_and_line(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "texts", [label()], names=("one",))
    file = tmp_path / "texts" / "one.json"
    file.write_text(json.dumps(json.loads(file.read_text()), indent=1), encoding="utf-8")
    corpus = load_corpus(tmp_path / "texts")

    place = LabelPlaces("", tmp_path / "pages").of(corpus, corpus.items[0], "L1")

    number = int(place.told.rpartition(":")[2])
    assert '"L1"' in file.read_text().splitlines()[number - 1]
    assert place.link == f"../texts/one.json#L{number}"


def test_a_label_in_a_file_of_many_is_that_of_its_article() -> None:
    gold = Path(__file__).parents[2] / "gold" / "challenge"
    corpus = load_corpus(gold)
    lines = (gold / "fr.json").read_text(encoding="utf-8").splitlines()
    item = next(one for one in corpus.items if one.name.startswith("fr-06"))

    for record in item.gold.records:
        told = LabelPlaces().of(corpus, item, record.id).told
        file, _, number = told.rpartition(":")
        assert file.endswith("gold/challenge/fr.json")
        assert f'"{record.id}"' in lines[int(number) - 1]


def test_links_to_labels_follow_the_template_and_hold_no_foreign_mark(corpus: Corpus) -> None:
    template = "http://127.0.0.1:8000/labels/{corpus}/{document}?id={id}#{sha256}"
    link = cases(corpus, [("a", [])], template)[0].label.link

    sha256 = corpus.items[0].gold.document.sha256
    assert link == f"http://127.0.0.1:8000/labels/texts/one?id=L1#{sha256}"
    with pytest.raises(LabelLinkError, match="there are"):
        LabelPlaces("x/{name}")
    with pytest.raises(LabelLinkError, match="address"):
        LabelPlaces("javascript:alert({id})")


def test_the_command_refuses_a_template_before_anything_is_scored(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    done = CliRunner().invoke(
        main, ["report", str(tmp_path / "run"), "--html", "x.html", "--label-link", "{nothing}"]
    )

    assert done.exit_code == 2
    assert "{nothing}" in done.stderr
