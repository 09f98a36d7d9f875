"""The page of a run: what it shows, and that nothing in it runs or reaches outside."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.judging.annotators import labels_as_prediction
from eval.judging.comparison import CorpusComparison, compare
from eval.labels.dataset import Corpus, LabelledArticle, load_corpus
from eval.labels.gold import GoldCommitment, GoldEvidence
from eval.report.html import render_html
from eval.report.machine import comparisons_as_json
from eval.report.tables import markdown_of, overview
from eval.runs.results import Result, Spent
from eval.scoring.rules import load_rules
from extractor.records import Extraction
from tests.eval.predictions import act, day, money, party, pledge
from tests.eval.runs import key_of, labels_of, record_of, write_article, write_labels

RULES = load_rules()
HOSTILE = "<script>alert(1)</script>"
TEXT = f"Intro & more. Alderon will give Norway a pump by 2027 {HOSTILE}. The end, “really”.\n"


class Page(HTMLParser):
    """What a browser would find on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.texts: list[str] = []
        """Of the articles."""
        self.marks: list[tuple[str, str]] = []
        """Classes and text of all that is marked in articles."""
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("div", "mark"):
            self._open.append((tag, dict(attrs).get("class") or ""))
            if self._open[-1] == ("div", "text"):
                self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("div", "mark"):
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if ("div", "text") in self._open:
            self.texts[-1] += data
            if self._open[-1][0] == "mark":
                self.marks.append((self._open[-1][1], data))


def quote_of(words: str, text: str = TEXT) -> GoldEvidence:
    start = text.index(words)
    return GoldEvidence(start=start, end=start + len(words), quote=words)


def label(**changes: object) -> GoldCommitment:
    quotes = [quote_of("Alderon will give Norway a pump")]
    return pledge("L1", **{"evidence": quotes, "title": "A pump", "amount": None, **changes})


def corpus_of(folder: Path, labels: Sequence[GoldCommitment], *, names: Sequence[str]) -> Corpus:
    for name in names:
        write_article(folder, name, TEXT)
        write_labels(folder, labels_of(name, TEXT, labels))
    return load_corpus(folder)


def said(item: LabelledArticle, commitments: Sequence[GoldCommitment]) -> Extraction:
    labels = item.gold.model_copy(update={"commitments": list(commitments)})
    return labels_as_prediction(LabelledArticle(item.name, item.text, labels))


def results(
    corpus: Corpus,
    model: str,
    commitments: Sequence[GoldCommitment] | None,
    *,
    documents: int | None = None,
) -> list[Result]:
    return [
        Result(
            key=key_of(item.name, model=model, corpus=corpus.name),
            article_sha256=item.gold.document.sha256,
            status="refused" if commitments is None else "ok",
            detail="",
            spent=Spent(calls=1, seconds=2.0, cost_usd=0.0),
            extraction=None if commitments is None else said(item, commitments),
        )
        for item in corpus.items[:documents]
    ]


def rendered(corpus: Corpus, *stored: Sequence[Result]) -> str:
    return render_html(compared(corpus, *stored), [record_of()], RULES)


def compared(corpus: Corpus, *stored: Sequence[Result]) -> tuple[CorpusComparison, ...]:
    return compare([result for run in stored for result in run], [corpus], RULES)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("pages") / "texts"
    return corpus_of(folder, [label()], names=("one", "two"))


@pytest.fixture(scope="module")
def html(corpus: Corpus) -> str:
    """The page of two contenders, of which one finds nothing."""
    return rendered(corpus, results(corpus, "good", [label()]), results(corpus, "poor", []))


def test_page_reaches_for_nothing_outside(html: str) -> None:
    assert "http://" not in html
    assert "https://" not in html
    assert "@import" not in html
    for tag, attributes in Page(html).tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "embed", "base"}
        assert "src" not in attributes
        for name in ("href", "xlink:href"):
            # A label is corrected in its file, beside the page.
            link = attributes.get(name) or "#"
            assert link.startswith("#") or (tag == "a" and re.fullmatch(r"[^:]+\.json#L\d+", link))
    assert not re.search(r"url\((?!#)", html)


def test_strangers_texts_are_shown_and_not_run(corpus: Corpus) -> None:
    hostile = label(
        title=HOSTILE,
        actors=[party(f"Alderon {HOSTILE}")],
        deadline=day(HOSTILE, text='" onload="'),
    )
    spurious = label(title=f"{HOSTILE} again", actors=[party("x")], recipients=[party(HOSTILE)])

    html = rendered(corpus, results(corpus, f'$m$ {HOSTILE}" x="', [hostile, spurious]))
    page = Page(html)

    assert HOSTILE not in html
    assert html.count("&lt;script&gt;") > 5
    assert all(tag != "script" for tag, _ in page.tags)
    assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert all(text == TEXT for text in page.texts)


def test_browser_is_told_to_run_nothing(html: str) -> None:
    page = Page(html)

    policies = [
        attributes["content"]
        for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]

    assert len(policies) == 1
    assert "default-src 'none'" in str(policies[0])


def test_every_contender_has_its_scores_and_intervals(html: str) -> None:
    assert html.count('<span class="model">good</span>') > 2
    assert html.count('<span class="model">poor</span>') > 2
    assert "<td>1.00 <small>(1.00–1.00)</small></td>" in html
    assert "one-question: good vs poor" in html
    assert "not distinguishable at this sample size" in html


def test_single_independent_article_has_no_interval(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "texts", [label()], names=("one",))

    html = rendered(corpus, results(corpus, "good", [label()]), results(corpus, "poor", []))

    assert "unknown (one cluster)" in html
    assert "A single draw tells nothing about other articles" in html
    assert "inf" not in re.findall(r"<td[^>]*>[^<]*", html)


def test_unfinished_contenders_are_named_and_not_scored(corpus: Corpus) -> None:
    html = rendered(
        corpus,
        results(corpus, "good", [label()]),
        results(corpus, "half-done", [label()], documents=1),
    )

    assert "half-done · one-question: 1 of 2 documents" in html
    assert html.count("half-done") == 1


def test_page_of_unfinished_contenders_alone_says_so(corpus: Corpus) -> None:
    html = rendered(corpus, results(corpus, "half-done", [label()], documents=1))

    assert "No contender has finished." in html


def test_a_table_of_unfinished_contenders_alone_says_so(corpus: Corpus) -> None:
    (found,) = compared(corpus, results(corpus, "half-done", [label()], documents=1))

    tables = markdown_of(overview(found))

    assert "half-done · one-question is not finished (1 of 2) and not compared" in tables
    assert "| half-done · one-question | - |" in tables


def _collect(folder: Path) -> None:
    """Put the files of labels of a folder into one file beside it."""
    files = sorted(folder.glob("*.json"))
    labels = [{"name": file.stem, "labels": json.loads(file.read_bytes())} for file in files]
    folder.with_suffix(".json").write_text(json.dumps(labels), encoding="utf-8")
    shutil.rmtree(folder)


@pytest.mark.parametrize("in_one_file", [False, True])
def test_ceiling_is_shown_where_two_annotators_labelled(tmp_path: Path, in_one_file: bool) -> None:
    folder = tmp_path / "texts"
    corpus = corpus_of(folder, [label()], names=("one", "two"))
    without = rendered(corpus, results(corpus, "good", [label()]))
    for annotator, labels in (("a", [label()]), ("b", [label(status="planned")])):
        for name in ("one", "two"):
            write_labels(folder / "annotators" / annotator, labels_of(name, TEXT, labels))
        if in_one_file:
            _collect(folder / "annotators" / annotator)

    html = rendered(corpus, results(corpus, "good", [label()]))

    assert "Ceiling: annotator against annotator" not in without
    assert html.count("Ceiling: annotator against annotator") == 2
    assert ">ceiling</text>" in html


def test_kinds_of_records_are_never_in_one_table(html: str) -> None:
    headings = re.findall(r"<h3>(Commitments|Policy events)</h3>", html)

    assert headings == ["Commitments", "Policy events"]
    assert html.count("<caption>Scores</caption>") == 2


def test_overlapping_quotes_are_both_marked_and_the_text_is_unchanged(corpus: Corpus) -> None:
    guess = label(evidence=[quote_of("Norway a pump by 2027")])

    page = Page(rendered(corpus, results(corpus, "good", [guess])))

    assert page.texts == [TEXT, TEXT]
    assert page.marks[:3] == [
        ("gold", "Alderon will give "),
        ("gold predicted", "Norway a pump"),
        (" predicted", " by 2027"),
    ]


def test_quotes_beyond_the_text_leave_it_unchanged(corpus: Corpus) -> None:
    beyond = GoldEvidence(start=5, end=9_999, quote="made up")

    page = Page(rendered(corpus, results(corpus, "good", [label(evidence=[beyond])])))

    assert page.texts == [TEXT, TEXT]


def test_offsets_count_code_points(tmp_path: Path) -> None:
    text = "🚢🚢 Alderon will give Norway a pump.\n"
    folder = tmp_path / "texts"
    labels = [label(evidence=[quote_of("Alderon will give Norway a pump", text)])]
    write_article(folder, "one", text)
    write_labels(folder, labels_of("one", text, labels))
    corpus = load_corpus(folder)

    page = Page(rendered(corpus, results(corpus, "good", [])))

    assert page.marks == [("gold", "Alderon will give Norway a pump")]


def test_fields_of_a_flawed_pair_are_compared_one_by_one(tmp_path: Path) -> None:
    paid = label(amount=money(40_000_000, raw="a pump"))
    corpus = corpus_of(tmp_path / "texts", [paid], names=("one", "two"))
    guess = label(amount=money(400_000_000, raw="a pump"), status="planned", deadline=None)

    html = rendered(corpus, results(corpus, "poor", [guess]))

    for word in ("right", "partial", "wrong", "missing"):
        assert f'<td class="tone {word}">{word}</td>' in html
    assert "40 000 000 USD (a pump)".replace(" ", "\N{THIN SPACE}", 2) in html
    assert "the amount of prediction L1 is off by a power of ten" in html


def test_missed_and_spurious_records_are_named(corpus: Corpus) -> None:
    other = label(title="A ferry", actors=[party("Briar")], recipients=[party("Chile", "CL")])

    html = rendered(corpus, results(corpus, "poor", [other]))

    assert "label L1 was missed" in html
    assert "prediction L1 stands for no label" in html
    assert "A ferry" in html


def test_documents_without_a_usable_reply_are_told_from_empty_ones(corpus: Corpus) -> None:
    html = rendered(corpus, results(corpus, "good", [label()]), results(corpus, "mute", None))

    assert "2 refused" in html
    assert html.count("scored as nothing found") == 2
    assert "there was no usable reply" in html


def test_articles_with_neither_labels_nor_predictions_are_left_out(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "texts", [], names=("one", "two"))

    assert "Articles" not in rendered(corpus, results(corpus, "good", []))


def test_conditions_and_the_whole_table_of_rules_are_printed(html: str) -> None:
    assert RULES.sha256 in html
    for name in ("without_diacritics", "weights.recipients", "near.resource_kind", "gate.anchors"):
        assert name in html
    assert "a run was made when they were" in html


def test_plots_of_one_page_share_no_id(html: str) -> None:
    page = Page(html)

    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]

    assert len(set(ids)) == len(ids)
    assert sum(tag == "figure" for tag, _ in page.tags) >= 6


def test_names_in_any_script_are_drawn_without_complaint(corpus: Corpus) -> None:
    html = rendered(corpus, results(corpus, "模型 🚢", [label()]))

    assert ">1  模型 🚢</text>" in html


@pytest.mark.parametrize("seconds", [0.0, 1.0, 406.3])
def test_times_that_are_all_one_are_drawn_too(corpus: Corpus, seconds: float) -> None:
    stored = [
        result.model_copy(update={"spent": Spent(calls=1, seconds=seconds)})
        for result in results(corpus, "only", [label()])
    ]
    page = rendered(corpus, stored)
    assert "seconds per document (median)" in page
    assert "mathdefault" not in page


def test_page_is_the_same_every_time(corpus: Corpus, html: str) -> None:
    stored = results(corpus, "good", [label()]), results(corpus, "poor", [])

    assert rendered(corpus, *stored) == html


def test_policy_events_are_compared_too(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    event = act("E1", evidence=[quote_of("Intro")], title="An act")
    for name in ("one", "two"):
        write_article(folder, name, TEXT)
        labels = labels_of(name, TEXT).model_copy(update={"policy_events": [event]})
        write_labels(folder, labels)
    corpus = load_corpus(folder)

    html = rendered(corpus, results(corpus, "good", []))

    assert "1 policy event" in html
    assert "all 6 fields right" in html


def test_confidence_is_shown_only_of_systems_that_give_one(corpus: Corpus) -> None:
    silent = results(corpus, "silent", [label()])

    without = rendered(corpus, silent)
    both = rendered(corpus, silent, sure(corpus, "sure", 0.8))

    assert "share that is right" not in without
    assert "<caption>Confidence</caption>" not in without
    assert "share that is right" in both
    # Of commitments the silent one is left out, of policy events there is none by either.
    assert "so left out here: silent · one-question<" in both
    assert re.search("so left out here: (silent|sure) · one-question, (silent|sure) · ", both)


def test_reliability_and_thresholds_are_drawn_with_their_figures(corpus: Corpus) -> None:
    html = rendered(corpus, sure(corpus, "sure", 0.8))

    assert "Reliability of 1 sure · one-question: ECE .20 (.20–.20), Brier .04, n = 2<" in html
    assert "Thresholds on the confidence of 1 sure · one-question<" in html
    for words in ("share that is right", "cost: records reviewed per right one", "not right"):
        assert f">{words}</text>" in html
    (row,) = re.findall(r"<caption>Confidence</caption>.*?<tbody>(.*?)</tbody>", html, re.DOTALL)
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", row)]
    assert cells == ["2", ".20 (.20–.20)", ".04", ".8", "1.00 (1.00)", "1.00", "1.00", "1.00", "7"]


def test_confidence_of_records_that_are_all_wrong_is_drawn_too(corpus: Corpus) -> None:
    other = label(title="A ferry", actors=[party("Briar")], recipients=[party("Chile", "CL")])

    html = rendered(corpus, sure(corpus, "wrong", 1.0, other))

    assert "ECE 1.00 (1.00–1.00), Brier 1.00, n = 2" in html


def test_terminal_tables_have_the_figures_of_confidence(corpus: Corpus) -> None:
    silent = results(corpus, "silent", [label()])
    (found,) = compared(corpus, silent, sure(corpus, "sure", 0.8))

    text = markdown_of(overview(found))

    assert "Commitments: confidence, " in text
    assert "Policy events: confidence, " not in text
    assert (
        "| sure · one-question | 2 | .20 (.20–.20) | .04 | .8 | 1.00 (1.00) "
        "| 1.00 | 1.00 | 1.00 | 7 |"
    ) in text
    assert "so left out here: silent · one-question\n" in text


def test_machines_are_given_the_curve_and_its_best_point(corpus: Corpus) -> None:
    (found,) = compared(corpus, sure(corpus, "sure", 0.8))

    kind = found.results[0].types["commitment"]
    told = json.loads(json.dumps(comparisons_as_json([found], RULES)))
    (contender,) = told["corpora"][corpus.name]["contenders"]
    calibration = contender["commitments"]["calibration"]

    assert kind.calibration is not None
    assert calibration["brier"] == pytest.approx(kind.calibration.brier)
    assert calibration["curve"] == [calibration["best"]]
    assert calibration["best"]["threshold"] == 0.8
    assert calibration["best"]["records_per_right"] == 1.0
    assert contender["policy_events"]["calibration"] is None


def sure(
    corpus: Corpus, model: str, confidence: float, said: GoldCommitment | None = None
) -> list[Result]:
    """Results of one confidence, for seven tokens each."""
    return [
        result.model_copy(
            update={
                "extraction": _with(result.extraction, confidence),
                "spent": Spent(calls=1, seconds=2.0, output_tokens=7),
            }
        )
        for result in results(corpus, model, [said or label()])
        if result.extraction
    ]


def _with(extraction: Extraction, confidence: float) -> Extraction:
    sure = [c.model_copy(update={"confidence": confidence}) for c in extraction.commitments]
    return extraction.model_copy(update={"commitments": sure})
