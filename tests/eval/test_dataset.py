"""Corpora: labels and articles are found together, checked together, and grouped by event."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eval.errors import DatasetError, GoldError
from eval.labels.dataset import Corpus, load_corpora, load_corpus, only_named
from eval.labels.gold import GoldCommitment
from tests.eval.predictions import pledge, quote
from tests.eval.runs import labels_of, text_of, write_article, write_corpus, write_labels

ROOT = Path(__file__).parent.parent.parent
TEXT = "Alderon will give Briar a pump."


def label(*keys: str) -> list[GoldCommitment]:
    """Labels with these cross-document keys."""
    evidence = quote((0, len(TEXT))).model_copy(update={"quote": TEXT})
    return [
        pledge(f"C{number}", amount=None, evidence=[evidence], cross_doc_key=key)
        for number, key in enumerate(keys, start=1)
    ]


def write_events(folder: Path, events: dict[str, list[str]]) -> Corpus:
    """Articles that tell of the events with these keys."""
    for name, keys in events.items():
        text = f"{TEXT} This is {name}."
        write_article(folder, name, text)
        write_labels(folder, labels_of(name, text, label(*keys)))
    return load_corpus(folder)


# Where they are


def test_labels_may_lie_beside_their_articles(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "texts", "b", "a")
    assert corpus.name == "texts"
    assert [(item.name, item.text) for item in corpus.items] == [
        ("a", text_of("a")),
        ("b", text_of("b")),
    ]
    assert corpus.items[0].gold == labels_of("a")
    assert corpus.gold_path == tmp_path / "texts"
    assert corpus.article_path.resolve() == tmp_path / "texts"


@pytest.mark.parametrize("place", ["articles", "seeds"])
@pytest.mark.parametrize("gold", ["gold", "gold/annotators/a"])
def test_articles_are_found_in_a_folder_beside_the_labels(
    tmp_path: Path, place: str, gold: str
) -> None:
    write_article(tmp_path / place, "one")
    write_labels(tmp_path / gold, labels_of("one"))
    corpus = load_corpus(tmp_path / gold)
    assert corpus.name == place
    assert corpus.items[0].text == text_of("one")


def test_a_found_folder_is_told_relative_to_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_article(tmp_path / "seeds", "one")
    write_labels(tmp_path / "gold", labels_of("one"))
    monkeypatch.chdir(tmp_path)
    corpus = load_corpus(Path("gold"))
    assert (corpus.gold_path, corpus.article_path) == (Path("gold"), Path("seeds"))
    monkeypatch.chdir(tmp_path / "gold")
    corpus = load_corpus(Path())
    assert (corpus.name, corpus.article_path) == ("seeds", Path("../seeds"))


def test_a_folder_that_is_given_is_the_one_that_is_used(tmp_path: Path) -> None:
    write_corpus(tmp_path / "gold", "one")
    changed = f"{text_of('one')} "
    write_article(tmp_path / "elsewhere", "one", changed)
    (given,) = load_corpora([tmp_path / "gold"], [])
    assert given.name == "gold"
    with pytest.raises(GoldError, match="sha256"):
        load_corpora([tmp_path / "gold"], [tmp_path / "elsewhere"])
    write_article(tmp_path / "elsewhere", "one")
    (given,) = load_corpora([tmp_path / "gold"], [tmp_path / "elsewhere"])
    assert (given.name, given.article_path) == ("elsewhere", tmp_path / "elsewhere")


def test_several_corpora_come_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    for name in ("b", "a"):
        write_corpus(tmp_path / name, "one")
    folders = [tmp_path / "b", tmp_path / "a"]
    assert [corpus.name for corpus in load_corpora(folders, [])] == ["b", "a"]
    assert [corpus.name for corpus in load_corpora(folders, folders)] == ["b", "a"]


def test_the_committed_corpora_are_found_without_being_told_where() -> None:
    seeds, challenge = load_corpora([ROOT / "gold", ROOT / "gold" / "challenge"], [])
    assert (seeds.name, len(seeds.items)) == ("seeds", 5)
    assert challenge.name == "challenge"
    assert {item.gold.document.language for item in challenge.items} == {"vi", "fr", "en"}


def test_an_article_is_read_byte_by_byte(tmp_path: Path) -> None:
    text = "Một dòng.\r\nHai\u2028dòng. 🚀\n\n"
    write_article(tmp_path, "one", text)
    write_labels(tmp_path, labels_of("one", text))
    assert load_corpus(tmp_path).items[0].text == text


def test_the_digest_changes_with_any_label_and_with_nothing_else(tmp_path: Path) -> None:
    digest = write_corpus(tmp_path / "a", "one", "two").gold_sha256
    assert write_corpus(tmp_path / "b", "one", "two").gold_sha256 == digest
    assert write_corpus(tmp_path / "c", "one").gold_sha256 != digest
    (tmp_path / "b" / "notes.txt").write_text("unlabelled")
    assert load_corpus(tmp_path / "b").gold_sha256 == digest
    file = tmp_path / "b" / "two.json"
    file.write_bytes(file.read_bytes() + b"\n")
    assert load_corpus(tmp_path / "b").gold_sha256 != digest


# What is wrong


def test_all_faulty_files_are_told_at_once(tmp_path: Path) -> None:
    write_corpus(tmp_path, "one", "two", "three", "four")
    (tmp_path / "one.json").write_text("no json")
    (tmp_path / "two.txt").write_text("another text")
    (tmp_path / "four.txt").unlink()
    with pytest.raises(GoldError) as raised:
        load_corpus(tmp_path, tmp_path)
    lines = str(raised.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["four.json", "one.json", "two.json"]
    assert "no article four.txt" in lines[0]
    assert "sha256" in lines[2]
    assert raised.value.exit_code == 3


def test_labels_of_another_article_are_a_fault(tmp_path: Path) -> None:
    write_corpus(tmp_path, "one")
    (tmp_path / "copy.json").write_bytes((tmp_path / "one.json").read_bytes())
    with pytest.raises(GoldError, match=r"copy\.json: labels one\.txt, not copy\.txt"):
        load_corpus(tmp_path, tmp_path)


@pytest.mark.parametrize("folder", ["empty", "missing", "file.txt"])
def test_a_folder_without_labels_is_an_error_that_names_it(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("no folder")
    with pytest.raises(DatasetError) as raised:
        load_corpus(tmp_path / folder)
    assert str(raised.value) == f"no labels (*.json) in {tmp_path / folder}"


def test_labels_without_any_article_say_how_to_tell_where_they_are(tmp_path: Path) -> None:
    write_labels(tmp_path / "gold", labels_of("one"))
    write_article(tmp_path / "seeds", "two")
    with pytest.raises(DatasetError) as raised:
        load_corpus(tmp_path / "gold")
    assert f"no article one.txt in or beside {tmp_path / 'gold'}" in str(raised.value)
    assert "--articles" in str(raised.value)
    with pytest.raises(GoldError, match=r"one\.json: no article one\.txt"):
        load_corpus(tmp_path / "gold", tmp_path / "seeds")


@pytest.mark.parametrize("count", [1, 3])
def test_folders_of_articles_must_be_as_many_as_folders_of_labels(
    tmp_path: Path, count: int
) -> None:
    write_corpus(tmp_path, "one")
    with pytest.raises(DatasetError, match=f"^{count} folders of articles for 2 folders of labels"):
        load_corpora([tmp_path] * 2, [tmp_path] * count)


def test_two_corpora_of_one_name_are_refused(tmp_path: Path) -> None:
    for place in ("a", "b"):
        write_article(tmp_path / place / "texts", "one")
        write_labels(tmp_path / place / "gold", labels_of("one"))
    with pytest.raises(DatasetError, match="two corpora have one name: texts, texts"):
        load_corpora(
            [tmp_path / "a" / "gold", tmp_path / "b" / "gold"],
            [tmp_path / "a" / "texts", tmp_path / "b" / "texts"],
        )


# What belongs together


def test_articles_of_one_event_are_one_cluster_however_they_are_linked(tmp_path: Path) -> None:
    corpus = write_events(
        tmp_path,
        {
            "a": ["deal"],
            "b": ["visit"],
            "c": ["law"],
            "d": ["visit", "deal"],
            "e": [],
            "f": ["law", "law"],
            "g": ["other"],
        },
    )
    clusters = dict(zip((item.name for item in corpus.items), corpus.clusters, strict=True))
    assert clusters["a"] == clusters["b"] == clusters["d"]
    assert clusters["c"] == clusters["f"]
    assert len({clusters[name] for name in ("a", "c", "e", "g")}) == 4


def test_a_long_chain_of_events_is_one_cluster(tmp_path: Path) -> None:
    # The links are met from both ends first, and joined in the middle last.
    chain = {"a": ["1"], "b": ["3"], "c": ["1", "2"], "d": ["3", "4"], "e": ["2", "4"]}
    assert len(set(write_events(tmp_path, chain).clusters)) == 1


def test_articles_without_keys_are_clusters_of_their_own(tmp_path: Path) -> None:
    assert write_corpus(tmp_path, "a", "b", "c").clusters == ("a", "b", "c")


def test_a_passage_tells_its_phenomenon_by_its_name(tmp_path: Path) -> None:
    names = ["en-04-each", "fr-12-per-year", "vi-04-each", "news", "en-each", "en-4-", "EN-04-each"]
    corpus = write_corpus(tmp_path, *names)
    assert corpus.phenomena == {
        "each": ("en-04-each", "vi-04-each"),
        "per-year": ("fr-12-per-year",),
    }
    told = {item.name: item.phenomenon for item in corpus.items}
    assert (told["fr-12-per-year"], told["news"], told["en-4-"]) == ("per-year", None, None)


def test_relative_dates_refer_to_the_day_that_the_labels_name(tmp_path: Path) -> None:
    labels = labels_of("one")
    document = labels.document.model_copy(update={"reference_date": "2026-05-04"})
    write_article(tmp_path, "one")
    write_article(tmp_path, "two")
    write_labels(tmp_path, labels.model_copy(update={"document": document}))
    write_labels(tmp_path, labels_of("two"))
    one, two = load_corpus(tmp_path).items
    assert (one.published_at, two.published_at) == (date(2026, 5, 4), None)


# Some of them


def test_articles_can_be_chosen_by_name(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "texts", "en-clean", "en-twin", "fr-clean")
    (chosen,) = only_named([corpus], ["*-clean"])
    assert [item.name for item in chosen.items] == ["en-clean", "fr-clean"]
    assert (chosen.name, chosen.gold_sha256) == (corpus.name, corpus.gold_sha256)
    assert only_named([corpus], []) == (corpus,)


def test_a_pattern_that_fits_no_article_is_an_error_that_names_the_corpus(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "texts", "a")
    with pytest.raises(DatasetError, match="texts"):
        only_named([corpus], ["b*"])
