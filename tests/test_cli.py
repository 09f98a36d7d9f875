import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from starlette.testclient import TestClient

from extractor.api.app import create_app
from extractor.api.examples import ARTICLE
from extractor.cli import main
from extractor.errors import (
    ModelError,
    ModelRateLimited,
    ModelRefusedKey,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnavailable,
)
from extractor.extraction import Extractor
from extractor.models.base import ModelRequest
from extractor.models.scripted import Answer, ScriptedModel
from extractor.records import Extraction
from extractor.settings import Settings
from tests.articles import answer, pledge, wanted

_SECRET = "XYZZYPLUGH"
_SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


def _pledge(request: ModelRequest) -> str:
    asked = wanted(request)
    found = pledge(who=["Nordlys Compute"], what="a data centre", money="m1")
    return answer([found] if "commitments" in asked else None, [] if "events" in asked else None)


def _extract(
    *arguments: str | Path,
    model: Callable[[ModelRequest], Answer] = _pledge,
    stdin: bytes | None = None,
    columns: int = 120,
    **environment: str,
) -> Result:
    def open_scripted(name: str | None, settings: Settings) -> Extractor:
        return Extractor(ScriptedModel(model), settings=settings)

    return CliRunner().invoke(
        main,
        ["extract", *map(str, arguments)],
        input=stdin,
        obj=open_scripted,
        env={
            "EXTRACTOR_STRATEGY": "document",
            "EXTRACTOR_RETRIES": "0",
            "COLUMNS": str(columns),
            **environment,
        },
    )


@pytest.fixture(name="article")
def _article(tmp_path: Path) -> Path:
    path = tmp_path / "nordlys.txt"
    path.write_text(ARTICLE)
    return path


def test_one_article_as_json_is_one_extraction(article: Path) -> None:
    result = _extract(article, "--format", "json", "--published-at", "2026-03-31")
    assert (result.exit_code, result.stderr) == (0, "")
    extraction = Extraction.model_validate_json(result.stdout)
    assert extraction.article.article_id == "nordlys"
    assert extraction.article.published_at == "2026-03-31"
    assert [record.actors[0].name for record in extraction.commitments] == ["Nordlys Compute"]


def test_several_articles_as_json_are_an_array(article: Path) -> None:
    result = _extract(article, article, "--format", "json")
    assert [one["article"]["article_id"] for one in json.loads(result.stdout)] == ["nordlys"] * 2


def test_ndjson_has_one_line_per_article(article: Path) -> None:
    result = _extract(article, article, "--format", "ndjson")
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert [Extraction.model_validate_json(line).commitments[0].id for line in lines] == ["C1"] * 2


def test_ndjson_is_written_as_each_article_finishes(article: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.ndjson"
    lines_before_call = []

    def reply(request: ModelRequest) -> str:
        lines_before_call.append(len(target.read_text().splitlines()))
        return _pledge(request)

    _extract(article, article, "--format", "ndjson", "--output", target, model=reply)
    assert lines_before_call == [0, 1]


def test_standard_input_is_read_as_bytes() -> None:
    result = _extract("-", "--format", "json", stdin=ARTICLE.encode("utf-8-sig"))
    extraction = Extraction.model_validate_json(result.stdout)
    assert extraction.article.article_id is None
    assert extraction.commitments[0].evidence[0].quote == ARTICLE


def test_output_goes_to_the_file_named(article: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    result = _extract(article, "--format", "json", "--output", target)
    assert (result.exit_code, result.stdout) == (0, "")
    assert Extraction.model_validate_json(target.read_bytes()).commitments


def test_an_article_is_never_overwritten(article: Path) -> None:
    result = _extract(article, "--format", "json", "--output", article)
    assert result.exit_code == 3
    assert article.read_text() == ARTICLE


def test_an_output_file_that_cannot_be_written_is_reported(article: Path, tmp_path: Path) -> None:
    result = _extract(article, "--output", tmp_path / "missing" / "out.json")
    assert result.exit_code == 2
    assert "No such file" in result.stderr


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_the_table_tells_every_value_with_its_proof(
    article: Path, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # By its bare name: a long path is wrapped, wherever temporary folders happen to be.
    monkeypatch.chdir(article.parent)
    result = _extract(Path(article.name), columns=columns)
    assert result.exit_code == 0
    table = result.stdout
    assert all(len(line) <= columns for line in table.splitlines())
    told = " ".join(re.sub(r"[─\s]+", " ", table).split())
    for words in ("nordlys.txt", "scripted", "Commitments (1)", "C1", "Nordlys", "Cites", "[1]"):
        assert words in told
    assert ARTICLE in told
    assert "output tokens" in told


@pytest.mark.parametrize("columns", [80, 120])
def test_long_names_and_figures_are_wrapped_and_never_cut(columns: int) -> None:
    article = (
        "Tập đoàn Công nghệ Ánh Dương Phương Bắc sẽ đầu tư hơn 12,5 tỷ USD vào trung tâm dữ liệu."
    )

    def reply(request: ModelRequest) -> str:
        if "commitments" not in wanted(request):
            return answer(events=[])
        who = "Tập đoàn Công nghệ Ánh Dương Phương Bắc"
        found = pledge(who=[who], what="đầu tư vào trung tâm dữ liệu", money="m1")
        return answer([found], [] if "events" in wanted(request) else None)

    table = _extract("-", model=reply, stdin=article.encode(), columns=columns).stdout
    told = set(table.split())
    assert (
        set(
            [
                "Tập",
                "đoàn",
                "Công",
                "nghệ",
                "Ánh",
                "Dương",
                "Phương",
                "Bắc",
                "12.5",
                "billion",
                "USD",
            ]
        )
        <= told
    )
    assert "…" not in table
    assert all(len(line) <= columns for line in table.splitlines())


def test_the_table_lets_no_article_steer_the_terminal() -> None:
    hostile = ARTICLE.replace("Tromsø", "\x1b[31mTromsø\x1b[0m\x07\u202e [bold]here[/bold]\x9b1m")
    result = _extract("-", stdin=hostile.encode())
    assert result.exit_code == 0
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", result.stdout)
    assert "[bold]here[/bold]" in " ".join(result.stdout.split())


def test_refused_values_and_notices_are_told(article: Path) -> None:
    def invent(request: ModelRequest) -> str:
        found = pledge(who=["Sudlys Compute"], what="a data centre", money="m1")
        asked = wanted(request)
        return answer([found], [] if "events" in asked else None)

    result = _extract(article, "--language", "nb", model=invent)
    assert "Refused (" in result.stdout
    assert "Sudlys Compute" in result.stdout
    assert "unsupported language" in result.stdout


def _bad_articles() -> list[tuple[str, bytes]]:
    return [
        ("empty", b""),
        ("blank", b" \n\t\n"),
        ("not UTF-8", f"{_SECRET} société été".encode("cp1252")),
        ("binary", bytes(range(256)) * 8),
        ("pdf", b"%PDF-1.7 " + _SECRET.encode()),
        ("too large", f"{_SECRET} ".encode() * 450_000),
        ("html", f"<!DOCTYPE html><html><body><p>{_SECRET}</p></body></html>".encode()),
    ]


@pytest.mark.parametrize(
    "data", [data for _, data in _bad_articles()], ids=[name for name, _ in _bad_articles()]
)
def test_a_bad_article_is_told_and_the_others_are_done(
    data: bytes, article: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(data)
    result = _extract(bad, article, "--format", "ndjson")
    assert result.exit_code == 3
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.startswith(f"{bad}: ")
    assert result.stderr.count("\n") == 1
    assert _SECRET not in result.stderr


def test_a_missing_file_and_an_empty_folder_are_told_and_the_others_are_done(
    article: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "none"
    folder.mkdir()
    result = _extract(tmp_path / "missing.txt", folder, article, "--format", "json")
    assert result.exit_code == 3
    assert len(json.loads(result.stdout)) == 1
    assert f"{tmp_path / 'missing.txt'}: There is no such file." in result.stderr
    assert f"{folder}: This is a folder without documents." in result.stderr


def test_nothing_is_printed_for_one_bad_article(tmp_path: Path) -> None:
    result = _extract(tmp_path / "missing.txt", "--format", "json")
    assert (result.exit_code, result.stdout) == (3, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--published-at", "31/03/2026"),
        ("--published-at", "2026-02-30"),
        ("--language", "no language"),
    ],
)
def test_a_wrong_option_is_bad_input(article: Path, arguments: tuple[str, str]) -> None:
    result = _extract(article, *arguments)
    assert result.exit_code == 3
    assert result.stdout == ""


def test_an_unsupported_language_is_extracted_with_a_warning(article: Path) -> None:
    result = _extract(article, "--language", "nb", "--format", "json")
    assert result.exit_code == 0
    codes = [notice["code"] for notice in json.loads(result.stdout)["notices"]]
    assert "unsupported_language" in codes


@pytest.mark.parametrize(
    "error",
    [
        ModelRefusedKey("The key was refused."),
        ModelRateLimited("Too many requests."),
        ModelUnavailable("The server answered 500."),
        ModelTimeout("No answer in 300 s."),
        ModelReplyInvalid("The reply is no completion."),
    ],
)
def test_a_failing_model_is_exit_code_5(article: Path, error: ModelError) -> None:
    # A provider that asks for fewer requests is waited for as long as one call may take.
    result = _extract(article, model=lambda _: error, EXTRACTOR_TIMEOUT_SECONDS="0.3")
    assert result.exit_code == 5
    assert result.stderr == f"{article}: {error.detail} {error.advice}\n"


@pytest.mark.parametrize("reply", ["certainly!", '{"commitments": [{"sentence": 1, "wh'])
def test_garbage_from_the_model_is_told_as_a_notice(article: Path, reply: str) -> None:
    result = _extract(article, "--format", "json", model=lambda _: reply)
    assert result.exit_code == 0
    assert "passage_unread" in [one["code"] for one in json.loads(result.stdout)["notices"]]


def test_a_defect_in_one_article_costs_no_other_and_tells_no_text(
    article: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text(f"{_SECRET}. {ARTICLE}")

    def fail(request: ModelRequest) -> str:
        if any(_SECRET in message.content for message in request.messages):
            raise LookupError(_SECRET)
        return _pledge(request)

    result = _extract(bad, tmp_path / "missing.txt", article, "--format", "ndjson", model=fail)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert "LookupError" in result.stderr
    assert _SECRET not in result.stderr


@pytest.mark.parametrize(
    ("output_format", "count"),
    [("json", lambda out: len(json.loads(out))), ("ndjson", lambda out: out.count("\n"))],
)
def test_an_interruption_keeps_what_is_finished(
    article: Path, tmp_path: Path, output_format: str, count: Callable[[str], int]
) -> None:
    second = tmp_path / "second.txt"
    second.write_text(f"Stop here. {ARTICLE}")

    def interrupt(request: ModelRequest) -> str:
        if any("Stop here." in message.content for message in request.messages):
            raise KeyboardInterrupt
        return _pledge(request)

    result = _extract(article, second, "--format", output_format, model=interrupt)
    assert result.exit_code == 130
    assert count(result.stdout) == 1
    assert "interrupted" in result.stderr


def test_progress_is_shown_on_a_terminal_only(article: Path) -> None:
    assert _extract(article, article, "--format", "json").stderr == ""
    shown = _extract(article, article, "--format", "json", TTY_COMPATIBLE="1")
    assert "2 of 2, " in shown.stderr
    assert len(json.loads(shown.stdout)) == 2


def test_records_are_shown_on_a_terminal_as_they_come(article: Path) -> None:
    shown = _extract(article, "--format", "json", TTY_COMPATIBLE="1")
    (record,) = json.loads(shown.stdout)["commitments"]
    assert f"found: {record['actors'][0]['name']} · " in shown.stderr


def _run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)


def test_an_unknown_model_is_exit_code_2(article: Path) -> None:
    result = _run("extract", article, "--model", "no-such-model")
    assert result.exit_code == 2
    assert "extractor models list" in result.stderr


def test_a_missing_model_file_is_exit_code_4(article: Path, tmp_path: Path) -> None:
    result = _run("extract", article, EXTRACTOR_MODELS_DIR=str(tmp_path))
    assert result.exit_code == 4
    assert "extractor models pull" in result.stderr


def test_a_path_of_a_model_file_that_is_missing_or_no_model_is_exit_code_4(
    article: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"no model")
    for path, told in ((other, "not a GGUF file"), (tmp_path / "gone.gguf", "no file gone.gguf")):
        for result in (
            _run("extract", article, "--model", path),
            _run("extract", article, EXTRACTOR_MODEL=str(path)),
        ):
            assert result.exit_code == 4
            assert told in result.stderr


def test_a_wrong_setting_is_exit_code_2_and_names_the_variable(article: Path) -> None:
    result = _run("extract", article, EXTRACTOR_MAX_CALLS=f"many {_SECRET}")
    assert result.exit_code == 2
    assert "EXTRACTOR_MAX_CALLS" in result.stderr
    assert _SECRET not in result.stderr


def test_no_article_at_all_is_wrong_usage() -> None:
    assert _run("extract").exit_code == 2


def test_the_service_returns_the_same_records_as_the_command() -> None:
    seed = _SEEDS[0]

    def reply(request: ModelRequest) -> str:
        return answer(
            [pledge(2, money="m1"), pledge(3)] if "commitments" in wanted(request) else None,
            [] if "events" in wanted(request) else None,
        )

    said = json.loads(_extract(seed, "--format", "json", model=reply).stdout)
    settings = Settings(strategy="document")
    with TestClient(
        create_app(settings, extractor=Extractor(ScriptedModel(reply), settings=settings))
    ) as client:
        served = client.post(
            "/extract", json={"text": seed.read_text(encoding="utf-8"), "article_id": seed.stem}
        ).json()
    assert said["article"].pop("source")["media_type"] == "text/plain"
    assert served["article"].pop("source") is None
    for document in (said, served):
        del document["usage"]["seconds"]
    assert said["commitments"]
    assert said == served
