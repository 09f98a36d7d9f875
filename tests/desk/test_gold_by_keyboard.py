"""From the default model's records of a real article to its labels, by the keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from eval.cli import main
from eval.labels.dataset import LabelledArticle, load_corpus
from eval.labels.gold import GoldCommitment, GoldEvent, GoldRecord
from eval.scoring.documents import Case, ScoredUnit, Scorer
from eval.scoring.rules import load_rules
from extractor.article import Article, find_name
from extractor.desk.words import numbers_of, words_of
from extractor.kinds import KINDS, AnyRecord, Field, kind_of
from extractor.pages import read_again
from extractor.records import Extraction, RecordType
from extractor.results.store import Submission
from tests.api.serving import served
from tests.desk.desks import TestDesk, desk_in

SEED = "001_1c9e95e5bcef29b5"
MODEL = "qwen2.5-coder-0.5b-tuned"


class Keyboard:
    """A keyboard that counts, and what is under its focus."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def is_at(self, selector: str) -> bool:
        found: bool = self.page.evaluate("s => document.activeElement.matches(s)", selector)
        return found

    def go(self, key: str, selector: str, most: int = 60) -> None:
        """Press a key until the focus is there."""
        for _ in range(most):
            if self.is_at(selector):
                return
            self.press(key)
        raise AssertionError(f"{selector} is not reached by {key}")

    def said(self, words: str) -> None:
        expect(self.page.locator("#said")).to_contain_text(words, timeout=30_000)


class Corrector:
    """Somebody who knows the labels and mends records until they say the same."""

    def __init__(self, keys: Keyboard, article: Article) -> None:
        self.keys, self.article = keys, article

    def to_record(self, record: str) -> None:
        cards = self.keys.page.locator(".card")
        order = [str(cards.nth(at).get_attribute("data-record")) for at in range(cards.count())]
        at = self.keys.page.locator(".card.current").get_attribute("data-record")
        by = order.index(record) - order.index(str(at))
        self.keys.press(*["ArrowDown" if by > 0 else "ArrowUp"] * abs(by))

    def field(self, record: str, name: str) -> None:
        """Open a field of the record that is current, or whose fields are open."""
        if self.keys.page.locator("#panel").count() == 0:
            self.keys.press("e")
        expect(self.keys.page.locator("#panel .fields a:focus")).to_be_visible()
        self.keys.go(name[0], f"a[data-field={name}]")
        self.keys.press("Enter")
        expect(self.keys.page.locator(f"#panel[data-field={name}]")).to_be_visible()

    def saved(self, record: str, name: str) -> None:
        self.keys.said(f"{record}: {name.replace('_', ' ')} changed and proved.")
        expect(self.keys.page.locator("#panel .fields")).to_be_visible()

    def choose(self, record: str, name: str, value: str) -> None:
        """A choice from a list."""
        self.field(record, name)
        self.keys.go("ArrowDown", f'input[name=value][value="{value}"]')
        self.keys.press("Enter")
        self.saved(record, name)

    def take_away(self, record: str, name: str, label: str) -> None:
        self.field(record, name)
        self.keys.go(
            "Shift+Tab" if label.startswith("Remove") else "Tab",
            f'button[aria-label="{label}"]'
            if label.startswith("Remove")
            else "button[name=remove]",
        )
        self.keys.press("Enter")
        self.saved(record, name)

    def point(self, record: str, name: str, sentence: int, words: str) -> None:
        """Words of a sentence: one by one, from the first to the last."""
        self.field(record, name)
        if self.keys.page.locator("#sentence").input_value() != str(sentence):
            self.keys.go("Shift+Tab", "#sentence")
            self.keys.press(*f"{sentence}:")
            legend = self.keys.page.locator("[data-words] legend")
            expect(legend).to_contain_text(f"sentence {sentence}:", timeout=30_000)
        numbers = self._numbers(sentence, words)
        self.keys.go("Tab", "[data-words] input")
        self.keys.press("Home", *["ArrowRight"] * (min(numbers) - 1), "Space")
        self.keys.press(*["Shift+ArrowRight"] * (max(numbers) - min(numbers)), "Enter")
        self.saved(record, name)

    def _numbers(self, number: int, words: str) -> list[int]:
        sentence = self.article.sentences[number - 1]
        known = words_of(self.article, sentence)
        return sorted(numbers_of(self.article, sentence, known, words))

    def sentence_with(self, words: str, label: GoldRecord) -> int:
        """The sentence that the labeller cites, else any, in which the words stand."""
        cited = [
            one
            for one in self.article.sentences
            if any(e.start < one.end and one.start < e.end for e in label.evidence)
        ]
        for one in (*cited, *self.article.sentences):
            if find_name(words, one):
                return one.id
        raise AssertionError(f"{words} stands nowhere")


@pytest.fixture(name="item")
def _item() -> LabelledArticle:
    return next(item for item in load_corpus(Path("gold")).items if item.name == SEED)


@pytest.fixture(name="read")
def _read(tmp_path: Path) -> Extraction:
    """What the default model says of the article, from its recorded replies."""
    out = tmp_path / "replayed"
    command = ["run", "--model", MODEL, "--gold", "gold", "--only", "001*"]
    command += ["--replay", "eval/recordings", "--out", str(out)]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    (file,) = out.rglob(f"{SEED}.json")
    return Extraction.model_validate(json.loads(file.read_text("utf-8"))["extraction"])


def _pairs(
    item: LabelledArticle, extraction: Extraction, kind: RecordType
) -> Iterator[tuple[ScoredUnit, GoldRecord]]:
    score = Scorer(load_rules()).score(Case(item.gold, extraction, item.text))
    labels: list[GoldCommitment] | list[GoldEvent] = getattr(item.gold, KINDS[kind].listed)
    for unit in score.of(kind).units:
        if unit.gold is not None and unit.predicted is not None:
            yield unit, labels[unit.gold]


def _mend(
    at: Corrector, record: str, of: Field, value: object, wanted: object, label: GoldRecord
) -> None:
    """Make one field say what the label says."""
    if isinstance(wanted, list) and of.sort in ("parties", "places"):
        names = [one.name for one in wanted]
        assert isinstance(value, list)
        for one in value:
            if one.name not in names:
                known = getattr(one, "canonical", one.name)
                code = getattr(one, "subdivision", None) or getattr(one, "country", None)
                told = f"{one.name} ({known})" if known != one.name else one.name
                if of.sort == "places" and code:
                    told = f"{one.name} ({code})"
                at.take_away(record, of.name, f"Remove {told}")
        have = [one.name for one in value]
        for name in names:
            if name not in have:
                at.point(record, of.name, at.sentence_with(name, label), name)
    elif wanted is None:
        at.take_away(record, of.name, "")
    elif of.sort == "label":
        at.choose(record, of.name, str(wanted))
    elif of.sort in ("money", "count", "date", "name"):
        words = getattr(wanted, "raw", getattr(wanted, "text", wanted))
        assert isinstance(words, str)
        at.point(record, of.name, at.sentence_with(words, label), words)
    else:
        raise AssertionError(f"{of.name} is not mended by keyboard here")


def _put(desk: TestDesk, item: LabelledArticle, extraction: Extraction) -> str:
    library = desk.library()
    submission = Submission(item.text, published_at=item.published_at)
    try:
        return library.keep("read", submission, extraction, extraction.provenance.model)
    finally:
        library.close()


def test_the_records_of_the_default_are_mended_into_the_labels_by_keyboard(
    browser: Browser,
    item: LabelledArticle,
    read: Extraction,
    tmp_path: Path,
) -> None:
    article = read_again(item.text, read)
    with desk_in(tmp_path) as desk, served(desk.app) as url:
        key = _put(desk, item, read)
        page = browser.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{url}/desk/articles/{key}")
        keys = Keyboard(page)
        at = Corrector(keys, article)
        mended = 0
        matched: dict[str, Mapping[str, object]] = {}
        for kind in KINDS:
            records = getattr(read, KINDS[kind].listed)
            for unit, label in _pairs(item, read, kind):
                assert unit.predicted is not None
                record = records[unit.predicted]
                wrong = {
                    name
                    for name, found in unit.outcomes.items()
                    if found.filled and not found.is_right
                }
                matched[record.id] = {}
                at.to_record(record.id)
                for of in kind_of(record).fields:
                    if wrong & set(of.scored):
                        _mend(
                            at,
                            record.id,
                            of,
                            getattr(record, of.name),
                            getattr(label, of.name),
                            label,
                        )
                        mended += 1
                if page.locator("#panel").count():
                    keys.press("Escape")
                    expect(page.locator("#panel")).to_have_count(0)
                keys.press("a")
                keys.said(f"{record.id} accepted.")
        for record_id in [*(r.id for r in read.commitments), *(r.id for r in read.policy_events)]:
            if record_id not in matched:
                at.to_record(record_id)
                keys.press("x")
                keys.said(f"{record_id} rejected.")
        keys.go("Shift+Tab", "form[action$='/finish'] button", most=400)
        keys.press("Enter")
        keys.said("Finished")
        page.close()
        out = tmp_path / "labels"
        store = f"sqlite:///{desk.settings.store}"
        command = ["labels", "export", "--store", store, "--out", str(out)]
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output

    # Told in docs/desk.md; a script types them in half a minute.
    assert mended == 9
    assert keys.pressed < 240
    (exported,) = load_corpus(out).items
    assert {one.id for one in exported.gold.records} == set(matched)
    as_read = read.model_copy(
        update={
            "commitments": [_as_record(read, one) for one in exported.gold.commitments],
            "policy_events": [_as_record(read, one) for one in exported.gold.policy_events],
        }
    )
    for kind in KINDS:
        for unit, label in _pairs(item, as_read, kind):
            wrong = {
                name for name, found in unit.outcomes.items() if found.filled and not found.is_right
            }
            assert wrong == set(), label.id


def _as_record(read: Extraction, label: GoldCommitment | GoldEvent) -> object:
    """A label as a record, for the scorer."""
    records: list[AnyRecord] = [*read.commitments, *read.policy_events]
    original = next(one for one in records if one.id == label.id)
    fields = {field.name: getattr(label, field.name) for field in kind_of(original).fields}
    return original.model_copy(update=fields)
