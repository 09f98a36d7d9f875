"""The page of an extraction: the article as it is, which words prove what; nothing foreign runs."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from extractor.article import read_article
from extractor.cli import main
from extractor.errors import InputError
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.pages import Shown, render_extractions
from extractor.pages.articles import ProvingWords, passages_of
from extractor.pages.records import ShownRecord, records_of, under_umbrellas
from extractor.pages.wording import confidence_in_words
from extractor.phrases import told_duration
from extractor.records import Doubt, Extraction, Rejected
from extractor.settings import Settings, load_settings
from tests.articles import answer, event, pledge, wanted

HOSTILE = "<script>alert(1)</script>"
MIXED = (
    f"Nordlys \N{ROCKET} builds {HOSTILE} in Tromsø\n"
    "Nordlys Compute will invest 40 million euros in a data centre in Tromsø by 2027. "
    "Two \N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL} sentences stand here.\n"
    "أعلنت شركة النور أنها ستستثمر 7 ملايين دولار في مركز بيانات.\n"
    f"{unicodedata.normalize('NFD', 'Bộ Khoa học và Công nghệ')} sẽ chi 5 tỷ đồng "
    "cho trung tâm.\n\nShare on Facebook\n"
)


class Page(HTMLParser):
    """What a browser would find on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.ids: list[str] = []
        self.article = ""
        self.proving: dict[str, str] = {}
        """By the id of the value, the words in the article that prove it."""
        self.sentences: dict[int, str] = {}
        self.unread = ""
        self._open: list[Mapping[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag not in {"meta", "input", "br"}:
            self._open.append(found)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        classes = [str(one.get("class") or "").split() for one in self._open]
        if not any("text" in names for names in classes):
            return
        self.article += data
        for names, one in zip(classes, self._open, strict=True):
            if "w" in names:
                for key in str(one["data-keys"]).split():
                    self.proving[key] = self.proving.get(key, "") + data
            if "s" in names:
                number = int(str(one["data-n"]))
                self.sentences[number] = self.sentences.get(number, "") + data
            if "unread" in names:
                self.unread += data


def extraction_of(text: str, *pledges: Mapping[str, object]) -> Extraction:
    def reply(request: ModelRequest) -> str:
        asked = wanted(request)
        return answer(
            list(pledges) if "commitments" in asked else None, [] if "events" in asked else None
        )

    settings = load_settings().model_copy(update={"strategy": "document"})
    return Extractor(ScriptedModel(reply), settings=settings).extract(text, language="en")


def page_of(text: str, extraction: Extraction, name: str = "nordlys.txt") -> Page:
    return Page(render_extractions([Shown(name, text, extraction)]))


@pytest.fixture(scope="module", name="mixed")
def _mixed() -> Extraction:
    return extraction_of(
        MIXED, pledge(2, who=["Nordlys Compute"], what=f"a data centre {HOSTILE}", money="m1")
    )


def test_the_article_of_the_page_is_the_article_to_the_last_code_point(mixed: Extraction) -> None:
    assert page_of(MIXED, mixed).article == MIXED


def test_emoji_decomposed_and_right_to_left_words_leave_offsets_right(mixed: Extraction) -> None:
    page = page_of(MIXED, mixed)
    article = read_article(MIXED, language="en")

    for sentence in article.sentences:
        assert page.sentences[sentence.id] == MIXED[sentence.start : sentence.end]
    (record,) = mixed.commitments
    assert record.amount is not None
    assert page.proving["a1-C1.amount"] == record.amount.raw
    assert page.proving["a1-C1.actors.0"] == "Nordlys Compute"


def test_every_link_on_the_page_leads_to_something_on_it(mixed: Extraction) -> None:
    page = page_of(MIXED, mixed)

    targets = [str(found["href"]) for tag, found in page.tags if tag == "a" and "href" in found]
    keys = {
        key for _, found in page.tags for key in str(found.get("data-keys") or "").split() if key
    }

    assert len(targets) > 5
    assert {target.removeprefix("#") for target in targets} | keys <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


def test_what_is_not_read_is_greyed(mixed: Extraction) -> None:
    assert "Share on Facebook" in page_of(MIXED, mixed).unread


def test_strangers_words_are_shown_and_not_run(mixed: Extraction) -> None:
    html = render_extractions([Shown(f'"{HOSTILE}', MIXED, mixed)])

    assert HOSTILE not in html
    assert "&lt;script&gt;" in html
    page = Page(html)
    assert all(not name.startswith("on") for _, found in page.tags for name in found)
    assert all(name not in found for _, found in page.tags for name in ("src", "style"))


def test_a_source_is_a_link_only_if_it_is_an_address_of_the_web(mixed: Extraction) -> None:
    def with_source(url: str) -> str:
        article = mixed.article.model_copy(update={"source_url": url})
        return render_extractions(
            [Shown("n", MIXED, mixed.model_copy(update={"article": article}))]
        )

    assert 'href="https://example.org/a"' in with_source("https://example.org/a")
    assert 'href="javascript:' not in with_source("javascript:alert(1)")


def test_the_browser_may_run_the_one_script_and_reach_nothing(mixed: Extraction) -> None:
    html = render_extractions([Shown("nordlys", MIXED, mixed)])
    policy = next(
        str(found["content"])
        for tag, found in Page(html).tags
        if tag == "meta" and found.get("http-equiv") == "Content-Security-Policy"
    ).replace("&#39;", "'")

    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "http" not in re.sub(r"<script>.*</script>", "", html, flags=re.DOTALL).replace(
        "http-equiv", ""
    )


def test_words_that_turn_the_direction_of_others_are_shown_as_signs() -> None:
    turned = "Norway will pay \N{RIGHT-TO-LEFT OVERRIDE}5 million dollars\x07 for a pump.\n"
    page = page_of(turned, extraction_of(turned))

    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page.article
    assert len(page.article) == len(turned)


def test_doubts_refusals_and_confidence_are_told_in_words(mixed: Extraction) -> None:
    (record,) = mixed.commitments
    doubted = record.model_copy(
        update={
            "confidence": 0.62,
            "doubts": [
                Doubt(rule="untold", field="record", words="", sentence=None),
                Doubt(rule="party_elsewhere", field="actors[0]", words="Tromsø", sentence=2),
            ],
        }
    )
    refused = Rejected(
        record_type="commitment",
        record_id="C1",
        field="recipients[0]",
        value=f"Kingdom {HOSTILE}",
        reason="not_in_evidence",
        sentences=[2],
    )
    extraction = mixed.model_copy(update={"commitments": [doubted], "rejected": [refused]})

    html = render_extractions([Shown("nordlys", MIXED, extraction)])

    assert "no word says that it is promised or done" in html
    assert "confidence: rather likely, 62 %" in html
    assert "no cited sentence says it" in html
    assert "Kingdom &lt;script&gt;" in html
    assert Page(html).proving["a1-C1.doubt.1"] == "Tromsø"


def test_parts_stand_below_the_whole_and_a_ring_of_parts_is_still_shown(
    mixed: Extraction,
) -> None:
    def tied(**parts: str | None) -> tuple[ShownRecord, ...]:
        (record,) = mixed.commitments
        commitments = [
            record.model_copy(update={"id": name, "part_of": whole})
            for name, whole in parts.items()
        ]
        extraction = mixed.model_copy(update={"commitments": commitments})
        return under_umbrellas(records_of(extraction, MIXED, {}))

    (whole,) = tied(C1=None, C2="C1", C3="C2")
    assert [part.record.id for part in whole.parts] == ["C2"]
    assert [part.record.id for part in whole.parts[0].parts] == ["C3"]

    ring = tied(C1="C2", C2="C1", C3="C1", C4="C9", C5="C5")
    shown = {one.record.id for one in ring} | {p.record.id for one in ring for p in one.parts}
    assert shown == {"C1", "C2", "C3", "C4", "C5"}


def test_the_wrong_article_is_refused(mixed: Extraction) -> None:
    with pytest.raises(InputError, match="not the article"):
        render_extractions([Shown("nordlys", MIXED + "more", mixed)])


def test_two_articles_on_one_page_share_no_id(mixed: Extraction) -> None:
    page = Page(render_extractions([Shown("one", MIXED, mixed), Shown("two", MIXED, mixed)]))

    assert len(set(page.ids)) == len(page.ids)
    assert {"a1-C1", "a2-C1"} <= set(page.ids)


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (None, "not estimated"),
        (1.0, "almost certain, 99 %"),
        (0.996, "almost certain, 99 %"),
        (0.5, "open, 50 %"),
        (0.0, "doubtful, 1 %"),
    ],
)
def test_confidence_is_never_told_as_certainty(confidence: float | None, words: str) -> None:
    assert confidence_in_words(confidence) == words


def test_durations_are_told_in_words() -> None:
    assert told_duration("P2Y") == "2 years"
    assert told_duration("P1Y6M") == "1 year, 6 months"
    assert told_duration("later") == "later"


_TEXTS = st.text(st.sampled_from("ab. é\u0301\N{ROCKET}\u0627\n\tZ<&"), min_size=1, max_size=120)
_SPANS = st.lists(st.tuples(st.integers(-3, 130), st.integers(-3, 130)), max_size=12)


@given(_TEXTS.filter(lambda text: text.strip()), _SPANS)
def test_marks_of_any_places_lose_and_move_no_character(
    text: str, spans: list[tuple[int, int]]
) -> None:
    article = read_article(text, language="en")
    words = [ProvingWords(start, end, f"k{number}") for number, (start, end) in enumerate(spans)]

    passages = passages_of(article, words, [])

    assert "".join(part.text for one in passages for part in one.stretches) == text
    for word in words:
        if 0 <= word.start < word.end <= len(text):
            marked = "".join(
                part.text for one in passages for part in one.stretches if word.key in part.keys
            )
            assert marked == text[word.start : word.end]


def test_the_command_line_writes_the_page(tmp_path: Path) -> None:
    article, page = tmp_path / "nordlys.txt", tmp_path / "page.html"
    article.write_text("Nordlys Compute will spend $2 million on sites.\n")

    def open_scripted(name: str | None, settings: Settings) -> Extractor:
        reply = answer([pledge(who=["Nordlys Compute"], what="sites", money="m1")], [event()])
        return Extractor(ScriptedModel(lambda _: reply), settings=settings)

    done = CliRunner().invoke(
        main,
        ["extract", str(article), "--format", "html", "--output", str(page)],
        obj=open_scripted,
        env={"EXTRACTOR_STRATEGY": "document"},
    )

    assert (done.exit_code, done.stdout) == (0, "")
    assert Page(page.read_text(encoding="utf-8")).proving["a1-C1.amount"] == "$2 million"
    assert json.dumps("nordlys.txt")[1:-1] in page.read_text(encoding="utf-8")
