"""Two annotators are compared as a system is with its labels, and neither has the better seat."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from eval.cli.agreement import agreement
from eval.errors import DatasetError
from eval.judging.annotators import (
    CATEGORIES,
    SCORES,
    Agreement,
    agreement_of,
    labels_as_prediction,
    load_annotators,
)
from eval.labels.dataset import Corpus, LabelledArticle
from eval.labels.gold import GoldCommitment, GoldFile
from eval.scoring.rules import RECORD_TYPES, load_rules
from tests.eval.predictions import TEXT, act, day, label_file, money, party, pledge

RULES = load_rules()
ANNOTATORS = Path(__file__).parent.parent.parent / "gold" / "annotators"
UMBRA = pledge(
    "C2", actors=[party("Umbra Works")], recipients=[party("Zyx")], status="planned", deadline=None
)
OTHER = pledge("C2", actors=[party("Umbra Works")], recipients=[party("Zyx")], status="planned")


def corpus(*labels: GoldFile) -> Corpus:
    items = (LabelledArticle(Path(one.document.file).stem, TEXT, one) for one in labels)
    return Corpus("articles", tuple(items), Path("labels"), Path("articles"), "0" * 64)


def of_commitments(*labels: Sequence[GoldCommitment]) -> Corpus:
    return corpus(*(label_file(some, name=f"text{place}") for place, some in enumerate(labels)))


def agree(first: Corpus, second: Corpus) -> Agreement:
    return agreement_of(first, second, RULES)


def points(found: Agreement) -> Mapping[str, float]:
    return {name: found.commitment.scores[name].point for name in SCORES}


def test_an_annotator_agrees_perfectly_with_the_same_labels() -> None:
    labels = corpus(
        label_file([pledge(), UMBRA], [act()], name="one"), label_file([pledge()], name="two")
    )
    found = agree(labels, labels)
    assert points(found) == dict.fromkeys(SCORES, 1.0)
    assert found.commitment.labels == (3, 3)
    assert found.commitment.pairs == 3
    assert {field["f1"] for field in found.commitment.fields.values()} == {1.0}
    status = found.commitment.categories["status"]
    assert (status.same, status.pairs) == (3, 3)
    assert status.alpha
    assert status.kappa
    assert status.alpha.point == status.kappa.point == 1


def test_the_two_annotators_of_the_seeds_score_the_same_whichever_is_called_gold() -> None:
    first, second = load_annotators(ANNOTATORS / "a.json", ANNOTATORS / "b.json")
    there, back = agree(first, second), agree(second, first)
    for record_type in RECORD_TYPES:
        one, other = there.of(record_type), back.of(record_type)
        assert one.labels == other.labels[::-1]
        for name in SCORES:
            assert one.scores[name].point == pytest.approx(other.scores[name].point)
        for field, counts in one.fields.items():
            assert counts["f1"] == pytest.approx(other.fields[field]["f1"])
            assert counts["MIS"] == other.fields[field]["SPU"]
    # Else it would not matter which is called gold, and nothing would have been tried.
    assert there.policy_event.labels[0] != there.policy_event.labels[1]


def test_one_changed_status_lowers_the_agreement_on_status_and_on_nothing_else() -> None:
    first = of_commitments([pledge(), UMBRA])
    second = of_commitments([pledge(status="completed"), UMBRA])
    found = agree(first, second).commitment
    assert found.scores["detection_f1"].point == 1
    assert found.fields["status"]["f1"] == 0.5
    assert {of["f1"] for name, of in found.fields.items() if name != "status"} == {1.0}
    assert (found.categories["status"].same, found.categories["status"].pairs) == (1, 2)
    status, kind = found.categories["status"].alpha, found.categories["resource_kind"]
    assert status
    assert status.point < 1
    assert kind.same == kind.pairs


def test_a_near_status_is_no_agreement_beyond_chance_though_it_earns_half_a_field() -> None:
    labels = [pledge(), pledge("C2", actors=[party("Umbra Works")], status="completed")]
    near = [labels[0].model_copy(update={"status": "agreed"}), labels[1]]
    found = agree(of_commitments(labels), of_commitments(near)).commitment
    assert found.fields["status"]["PAR"] == 1
    assert found.categories["status"].same == 1


def test_agreement_beyond_chance_is_undefined_where_all_labels_are_alike() -> None:
    found = agree(of_commitments([pledge()]), of_commitments([pledge()])).commitment
    assert found.categories["certainty"].alpha is None
    assert found.categories["certainty"].kappa is None


def test_an_optional_label_that_the_other_lacks_costs_neither_annotator() -> None:
    optional = UMBRA.model_copy(update={"tier": "optional"})
    bare, with_optional = of_commitments([pledge()]), of_commitments([optional, pledge()])
    for found in (agree(bare, with_optional), agree(with_optional, bare)):
        assert points(found) == dict.fromkeys(SCORES, 1.0)
        assert found.commitment.labels == (1, 1)
        assert {field["f1"] for field in found.commitment.fields.values()} == {1.0}


def test_a_core_label_that_the_other_lacks_costs_whoever_has_it() -> None:
    bare, with_core = of_commitments([pledge()]), of_commitments([UMBRA, pledge()])
    for found in (agree(bare, with_core), agree(with_core, bare)):
        assert found.commitment.scores["detection_f1"].point == pytest.approx(2 / 3)


def test_optional_labels_that_both_have_count_as_a_pair() -> None:
    optional = pledge(tier="optional")
    wrong = optional.model_copy(update={"deadline": day("2031")})
    found = agree(of_commitments([optional]), of_commitments([wrong])).commitment
    assert found.pairs == 1
    assert found.fields["deadline"]["f1"] == 0


def test_values_that_an_annotator_tolerates_are_left_out_on_both_sides() -> None:
    tolerant = pledge(accept_also={"status": ["completed"]})
    first, second = of_commitments([tolerant]), of_commitments([pledge(status="completed")])
    assert points(agree(first, second)) == points(agree(second, first))
    assert agree(first, second).commitment.fields["status"]["f1"] == 0


def test_documents_are_matched_by_name_and_not_by_their_order() -> None:
    one, two = label_file([pledge()], name="one"), label_file([UMBRA], name="two")
    found = agree(corpus(one, two), corpus(two, one))
    assert points(found) == dict.fromkeys(SCORES, 1.0)


def test_articles_about_one_event_are_one_draw() -> None:
    keyed = pledge(cross_doc_key="alderon-norway")
    labels = of_commitments([keyed], [keyed])
    found = agree(labels, labels)
    assert (found.documents, found.clusters) == (2, 1)
    assert math.isinf(found.commitment.scores["slot_f1"].low)


def test_annotators_of_different_documents_are_refused_with_the_difference_named() -> None:
    first = corpus(label_file(name="one"), label_file(name="two"))
    second = corpus(label_file(name="two"), label_file(name="three"))
    with pytest.raises(DatasetError, match="only in labels: one; only in labels: three"):
        agree(first, second)


def test_annotators_of_different_texts_of_one_name_are_refused() -> None:
    labels = label_file(name="one")
    other = labels.document.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(DatasetError, match="of different texts: one"):
        agree(corpus(labels), corpus(labels.model_copy(update={"document": other})))


def test_labels_as_a_prediction_say_what_the_labels_say_and_where() -> None:
    labels = label_file([pledge(amount=money(5e6, "EUR"))], [act()])
    said = labels_as_prediction(LabelledArticle("one", TEXT, labels))
    assert said.article.sha256 == labels.document.sha256
    (commitment,), (event,) = said.commitments, said.policy_events
    assert commitment.amount == money(5e6, "EUR")
    assert event.event_type == "law_or_regulation"
    (cited,) = commitment.evidence
    assert TEXT[cited.start : cited.end] == cited.quote


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
    plain = [one.model_copy(update={"amount": None}) for one in (pledge(), OTHER)]
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
