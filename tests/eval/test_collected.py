"""Files of many labelled articles: the same corpus as the pairs of files that they stand for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from eval.cli import main
from eval.errors import DatasetError, GoldError
from eval.labels.dataset import Corpus, load_corpora, load_corpus
from tests.eval.runs import labels_of, text_of, write_article, write_corpus, write_labels

CHALLENGE = Path(__file__).parent.parent.parent / "gold" / "challenge"


def entry(name: str, article: str | None = None, **changes: object) -> dict[str, Any]:
    """A labelled article as a file of many holds it."""
    text = text_of(name) if article is None else article
    labels = labels_of(name, text).model_dump(mode="json")
    return {"name": name, "text": text.split("\n"), "labels": labels, **changes}


def write_many(file: Path, *entries: object) -> Path:
    """A file of many."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    return file


def write_apart(folder: Path, *entries: dict[str, Any]) -> Corpus:
    """The same articles as pairs of files, laid out as label files are."""
    folder.mkdir()
    for one in entries:
        write_article(folder, one["name"], "\n".join(one["text"]))
        laid_out = json.dumps(one["labels"], indent=1, ensure_ascii=False) + "\n"
        (folder / f"{one['name']}.json").write_text(laid_out, encoding="utf-8")
    return load_corpus(folder)


def told(path: Path) -> list[str]:
    """The faults that are told."""
    with pytest.raises(GoldError) as raised:
        load_corpus(path)
    assert raised.value.exit_code == 3
    return str(raised.value).splitlines()


# The same corpus


@pytest.mark.parametrize(
    "text",
    [
        "One line, no break",
        "One line.\n",
        "Two.\r\nLines\u2028of 🚀.\r\n",
        "Một.\n\n\nHai.\n\n",
        "\n",
    ],
)
def test_an_article_is_kept_byte_by_byte(tmp_path: Path, text: str) -> None:
    file = write_many(tmp_path / "many.json", entry("one", text))
    assert load_corpus(file).items[0].text == text


def test_it_is_the_corpus_of_the_pairs_it_stands_for_with_the_same_digest(tmp_path: Path) -> None:
    # By the names of label files: a dot comes after a hyphen.
    entries = [entry("a-1"), entry("a"), entry("é", "Điện gió.\n"), entry("b")]
    pairs = write_apart(tmp_path / "texts", *entries)
    write_many(tmp_path / "many" / "texts" / "x.json", *entries[2:])
    write_many(tmp_path / "many" / "texts" / "y.json", *entries[:2])
    corpus = load_corpus(tmp_path / "many" / "texts")
    assert [item.name for item in corpus.items] == ["a-1", "a", "b", "é"]
    assert (corpus.name, corpus.items) == (pairs.name, pairs.items)
    assert corpus.gold_sha256 == pairs.gold_sha256
    assert corpus.gold_path == corpus.article_path == tmp_path / "many" / "texts"


def test_its_layout_and_its_escapes_do_not_change_the_digest(tmp_path: Path) -> None:
    entries = [entry("one", "Điện\u200b gió.\n"), entry("two")]
    digest = load_corpus(write_many(tmp_path / "many.json", *entries)).gold_sha256
    (tmp_path / "many.json").write_text(json.dumps(entries, indent=4), encoding="utf-8")
    assert load_corpus(tmp_path / "many.json").gold_sha256 == digest
    entries[0]["labels"]["annotator"] = "another"
    write_many(tmp_path / "many.json", *entries)
    assert load_corpus(tmp_path / "many.json").gold_sha256 != digest


def test_the_file_itself_can_be_named_and_its_corpus_is_called_like_it(tmp_path: Path) -> None:
    file = write_many(tmp_path / "texts" / "en.json", entry("one"))
    write_many(tmp_path / "texts" / "fr.json", entry("two"))
    corpus = load_corpus(file)
    assert (corpus.name, [item.name for item in corpus.items]) == ("en", ["one"])
    assert corpus.gold_path == corpus.article_path == file
    # As a run remembers it.
    assert load_corpora([corpus.gold_path], [corpus.article_path]) == (corpus,)


def test_a_folder_of_articles_is_not_used_for_it(tmp_path: Path) -> None:
    many = write_many(tmp_path / "many" / "en.json", entry("one")).parent
    write_article(tmp_path / "articles", "one", "another text")
    assert load_corpus(many, tmp_path / "articles") == load_corpus(many)
    assert load_corpus(many).name == "many"


def test_labels_without_a_text_are_of_an_article_that_has_a_file(tmp_path: Path) -> None:
    write_article(tmp_path / "articles", "one")
    apart = {"name": "one", "labels": entry("one")["labels"]}
    corpus = load_corpus(write_many(tmp_path / "gold" / "many.json", apart, entry("two")))
    assert [(item.name, item.text) for item in corpus.items] == [
        (name, text_of(name)) for name in ("one", "two")
    ]
    assert (corpus.name, corpus.article_path.resolve()) == ("articles", tmp_path / "articles")


def test_a_folder_may_hold_it_beside_pairs(tmp_path: Path) -> None:
    write_labels(tmp_path / "gold", labels_of("b"))
    write_article(tmp_path / "articles", "b")
    write_many(tmp_path / "gold" / "more.json", entry("a"), entry("c"))
    corpus = load_corpus(tmp_path / "gold")
    assert [(item.name, item.text) for item in corpus.items] == [
        (name, text_of(name)) for name in "abc"
    ]
    assert corpus.article_path.resolve() == tmp_path / "articles"


def test_a_file_of_the_labels_of_one_article_can_be_named_too(tmp_path: Path) -> None:
    write_corpus(tmp_path / "texts", "one", "two")
    corpus = load_corpus(tmp_path / "texts" / "two.json")
    assert (corpus.name, [item.name for item in corpus.items]) == ("texts", ["two"])


def test_a_passage_is_added_to_a_committed_file_by_writing_it_there(tmp_path: Path) -> None:
    folder = tmp_path / "challenge"
    shutil.copytree(CHALLENGE, folder)
    before = load_corpus(folder)
    passages = json.loads((folder / "en.json").read_bytes())
    (folder / "en.json").write_text(
        json.dumps([*passages, entry("en-99-tide")], indent=1, ensure_ascii=False), encoding="utf-8"
    )
    after = load_corpus(folder)
    assert len(after.items) == len(before.items) + 1
    assert [item for item in after.items if item.name != "en-99-tide"] == list(before.items)
    assert after.phenomena["tide"] == ("en-99-tide",)
    assert after.gold_sha256 != before.gold_sha256


def test_commands_take_the_file(tmp_path: Path) -> None:
    file = write_many(tmp_path / "many.json", entry("one"))
    (tmp_path / "found").mkdir()
    arguments = ["score", "--gold", str(file), "--predictions", str(tmp_path / "found")]
    done = CliRunner().invoke(main, arguments)
    assert "holds no prediction" in done.output
    done = CliRunner().invoke(main, ["ceiling", "--gold", str(file)])
    assert done.exit_code == 0, done.output
    assert "many" in done.output


# What is wrong


def test_all_faulty_articles_are_told_at_once_with_file_and_name(tmp_path: Path) -> None:
    altered = entry("altered", labels={**entry("altered")["labels"], "mood": "good"})
    write_many(
        tmp_path / "en.json",
        altered,
        entry("sound"),
        entry("changed", text=["another text"]),
        entry("copied", labels=entry("sound")["labels"]),
    )
    (tmp_path / "fr.json").write_text('[{"name": "one",}]')
    write_many(tmp_path / "vi.json", entry("twice"), entry("twice"))
    write_many(tmp_path / "xx.json", entry("sound"))
    assert told(tmp_path) == [
        "en.json: altered: mood: Extra inputs are not permitted",
        "en.json: changed: the article has another sha256 than the one that was labelled",
        "en.json: copied: labels sound.txt, not copied.txt",
        "fr.json: no JSON: trailing comma at line 1 column 17",
        "vi.json: twice: vi.json: twice has this name too",
        "xx.json: sound: en.json: sound has this name too",
    ]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (entry("one", text="A line."), "one: text: Input should be a valid list"),
        (entry("one", text=[]), "one: text: List should have at least 1 item"),
        (entry("one", note="?"), "one: note: Extra inputs are not permitted"),
        ({"name": "one", "text": ["A line."]}, "one: labels: Field required"),
        (entry("one", labels=None), "one: labels: Input should be a valid dictionary"),
        (entry("up/one"), "up/one: name: String should match pattern"),
        ({"text": ["A line."], "labels": {}}, "article 2: name: Field required"),
        ("one", "article 2: : Input should be a valid dictionary"),
    ],
    ids=["text", "no line", "key", "no labels", "null", "path", "no name", "no object"],
)
def test_what_is_no_labelled_article_is_told_with_its_name_or_its_place(
    tmp_path: Path, broken: object, message: str
) -> None:
    (fault,) = told(write_many(tmp_path / "many.json", entry("sound"), broken))
    assert fault.startswith(f"many.json: {message}")


def test_half_a_character_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "many.json"
    file.write_text(json.dumps([entry("one")]).replace("Alderon", "\\ud800"), encoding="utf-8")
    (fault,) = told(file)
    assert fault.startswith("many.json: no JSON: ")


def test_a_file_of_none_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = write_many(tmp_path / "many.json")
    with pytest.raises(DatasetError) as raised:
        load_corpus(file)
    assert str(raised.value) == f"no labelled article in {file}"
