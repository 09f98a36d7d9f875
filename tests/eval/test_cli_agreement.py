"""`extractor-eval agreement` reads two folders of labels and prints what their scores are."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from eval.cli.agreement import agreement
from eval.errors import DatasetError
from eval.judging.annotators import CATEGORIES, SCORES, agreement_of, load_annotators
from eval.labels.gold import GoldFile
from eval.scoring.rules import RECORD_TYPES, load_rules
from tests.eval.predictions import TEXT, label_file, party, pledge

UMBRA = pledge("C2", actors=[party("Umbra Works")], recipients=[party("Zyx")], status="planned")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.txt").write_bytes(TEXT.encode())
    return folder


def annotate(folder: Path, *labels: GoldFile) -> Path:
    folder.mkdir()
    for one in labels:
        file = folder / Path(one.document.file).with_suffix(".json")
        file.write_text(one.model_dump_json(), encoding="utf-8")
    return folder


def run(command: click.Command, *arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments])


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    # Labels are checked against the text, which holds no figure.
    plain = [one.model_copy(update={"amount": None}) for one in (pledge(), UMBRA)]
    changed = [plain[0].model_copy(update={"status": "completed"}), plain[1]]
    first = annotate(tmp_path / "a", label_file(plain, name="one"), label_file(plain, name="two"))
    second = annotate(
        tmp_path / "b", label_file(changed, name="one"), label_file(plain[:1], name="two")
    )
    return first, second


def test_the_json_output_has_the_numbers_of_the_library(
    folders: tuple[Path, Path], articles: Path
) -> None:
    result = run(agreement, *folders, "--articles", articles, "--format", "json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    found = agreement_of(*load_annotators(*folders, articles), load_rules())
    assert (told["documents"], told["clusters"]) == (2, 2)
    for record_type in RECORD_TYPES:
        part, expected = told[record_type], found.of(record_type)
        assert part["labels"] == list(expected.labels)
        assert part["fields"] == expected.fields
        for name in SCORES:
            assert part["scores"][name]["point"] == expected.scores[name].point
            assert part["scores"][name]["high"] == expected.scores[name].high
        for name in CATEGORIES[record_type]:
            alpha = expected.categories[name].alpha
            assert part["categories"][name]["same"] == expected.categories[name].same
            assert part["categories"][name]["alpha"] == (
                alpha and {field: getattr(alpha, field) for field in alpha.__slots__}
            )
    # 3 of 4 labels of one annotator were found by the other: 2 * 3 / (4 + 3).
    assert told["commitment"]["scores"]["detection_f1"]["point"] == pytest.approx(6 / 7)
    assert told["commitment"]["categories"]["status"]["same"] == 2


def test_the_table_shows_scores_fields_and_how_few_documents_there_are(
    folders: tuple[Path, Path], articles: Path
) -> None:
    result = run(agreement, *folders, "--articles", articles)
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    assert "Documents: 2, about 2 different events." in result.stdout
    assert "wide intervals" in " ".join(result.stdout.split())
    assert "Commitments: 4 labels in A, 3 in B, 3 pairs" in result.stdout
    assert ["detection", "0.857"] in [line[:2] for line in lines]
    assert ["status", "2", "of", "3"] in [line[:4] for line in lines]
    assert ["certainty", "3", "of", "3", "-", "all", "alike", "-", "all", "alike"] in lines


def test_the_interval_of_a_single_document_is_unknown_and_not_infinite(
    tmp_path: Path, articles: Path
) -> None:
    labels = label_file([pledge(amount=None)], name="one")
    folders = annotate(tmp_path / "a", labels), annotate(tmp_path / "b", labels)
    table = run(agreement, *folders, "--articles", articles)
    assert ["detection", "1.000", "unknown"] in [line.split() for line in table.stdout.splitlines()]
    told = json.loads(run(agreement, *folders, "--articles", articles, "--format", "json").stdout)
    score = told["commitment"]["scores"]["detection_f1"]
    assert (score["point"], score["low"], score["high"]) == (1, None, None)


def test_folders_of_different_documents_end_with_the_error_that_names_them(
    tmp_path: Path, articles: Path
) -> None:
    first = annotate(tmp_path / "a", label_file(name="one"), label_file(name="two"))
    second = annotate(tmp_path / "b", label_file(name="one"))
    result = run(agreement, first, second, "--articles", articles)
    assert result.exit_code != 0
    assert isinstance(result.exception, DatasetError)
    assert result.exception.exit_code == 3
    assert f"only in {first}: two" in str(result.exception)


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    result = run(agreement, tmp_path / "a", tmp_path / "b")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr
