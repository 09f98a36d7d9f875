"""`extractor-eval run` tells at once what it cannot run, and does nothing twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eval.cli import main
from eval.runs.folder import RunFolder
from eval.runs.recording import Recordings
from tests import fakeserver
from tests.articles import answer
from tests.eval.runs import statuses, write_corpus
from tests.fakeserver import Answer, FakeOpenAI, Recorded
from tests.models.remote import KEY

NAMES = ("a", "b", "c")


@pytest.fixture(name="articles")
def _articles(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "texts", *NAMES)
    return tmp_path / "texts"


@pytest.fixture(name="out")
def _out(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture(name="server")
def _server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI(nothing_found) as server:
        yield server


def nothing_found(request: Recorded) -> Answer:
    asked = json.dumps(request.body["response_format"])
    return fakeserver.reply(
        answer(
            [] if '"commitments"' in asked else None,
            [] if '"events"' in asked else None,
        )
    )


def invoke(
    *arguments: str | Path, server: FakeOpenAI | None = None, **environment: str | None
) -> Result:
    return CliRunner().invoke(
        main,
        ["run", *map(str, arguments)],
        env={
            "EXTRACTOR_OPENAI_BASE_URL": server.url if server else None,
            "OPENAI_API_KEY": KEY if server else None,
            "EXTRACTOR_STRATEGY": "document",
            "EXTRACTOR_RETRIES": "0",
            "COLUMNS": "500",
            **environment,
        },
    )


def run(articles: Path, out: Path, server: FakeOpenAI, *more: str | Path) -> Result:
    return invoke("--model", "openai/fake", "--gold", articles, "--out", out, *more, server=server)


# What cannot be run


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("no-such-model", "no model is named 'no-such-model'"),
        ("qwen2.5-coder-1.5b", "extractor models pull"),
        ("openai/fake", "Set OPENAI_API_KEY"),
    ],
    ids=["unknown", "weights", "key"],
)
def test_a_model_that_cannot_be_opened_is_told_before_anything_runs(
    articles: Path, out: Path, tmp_path: Path, model: str, told: str
) -> None:
    result = invoke(
        *("--model", model, "--gold", articles, "--out", out),
        EXTRACTOR_MODELS_DIR=str(tmp_path / "no models"),
    )
    assert result.exit_code == 2
    assert result.stderr.startswith("extractor-eval: ")
    assert result.stderr.count("\n") == 1
    assert told in result.stderr
    assert not out.exists()


def test_one_model_that_cannot_be_opened_stops_the_others_too(
    articles: Path, out: Path, server: FakeOpenAI
) -> None:
    result = run(articles, out, server, "--model", "no-such-model")
    assert result.exit_code == 2
    assert server.requests == []
    assert not out.exists()


def test_an_unknown_system_is_wrong_usage_that_names_the_systems(
    articles: Path, out: Path, server: FakeOpenAI
) -> None:
    result = run(articles, out, server, "--system", "oracle")
    assert result.exit_code == 2
    assert "'oracle' is not one of 'pipeline', 'single-shot', 'langextract'" in result.stderr


@pytest.mark.parametrize(
    "options", [("--repeat", "0"), ("--concurrency", "0"), ("--concurrency", "many")]
)
def test_numbers_that_make_no_sense_are_wrong_usage(
    articles: Path, out: Path, server: FakeOpenAI, options: tuple[str, str]
) -> None:
    assert run(articles, out, server, *options).exit_code == 2
    assert not out.exists()


def test_a_wrong_setting_is_told_by_its_variable(articles: Path, out: Path) -> None:
    result = invoke(
        "--model", "openai/fake", "--gold", articles, "--out", out, EXTRACTOR_SEED="plugh"
    )
    assert result.exit_code == 2
    assert "EXTRACTOR_SEED" in result.stderr
    assert "plugh" not in result.stderr


def test_broken_labels_are_told_all_at_once_before_anything_runs(
    articles: Path, out: Path, server: FakeOpenAI
) -> None:
    (articles / "a.json").write_text("no json")
    (articles / "c.txt").write_text("another text")
    result = run(articles, out, server, "--articles", articles)
    assert result.exit_code == 3
    first, second = result.stderr.splitlines()
    assert first.startswith("extractor-eval: a.json: ")
    assert second.startswith("c.json: ")
    assert server.requests == []
    assert not out.exists()


def test_folders_without_labels_and_folders_that_do_not_pair_up_are_told(
    articles: Path, out: Path, server: FakeOpenAI
) -> None:
    empty = invoke(
        "--model", "openai/fake", "--gold", articles / "none", "--out", out, server=server
    )
    assert (empty.exit_code, "no labels" in empty.stderr) == (3, True)
    pairs = run(articles, out, server, "--gold", articles, "--articles", articles)
    assert (pairs.exit_code, "1 folders of articles for 2" in pairs.stderr) == (3, True)


def test_a_run_folder_made_under_other_conditions_is_not_touched(
    articles: Path, out: Path, server: FakeOpenAI
) -> None:
    assert run(articles, out, server).exit_code == 0
    before = {path: path.read_bytes() for path in out.rglob("*.json")}
    server.requests.clear()
    result = invoke(
        *("--model", "openai/fake", "--gold", articles, "--out", out, "--repeat", "2"),
        server=server,
        EXTRACTOR_SEED="5",
    )
    assert result.exit_code == 3
    assert "setting seed changed" in result.stderr
    assert server.requests == []
    assert {path: path.read_bytes() for path in out.rglob("*.json")} == before


# What runs


def test_the_same_command_again_keeps_every_result_and_asks_nothing(
    articles: Path, out: Path, server: FakeOpenAI
) -> None:
    first = run(articles, out, server)
    assert first.exit_code == 0
    assert "are kept" not in first.stderr
    assert statuses(RunFolder(out)) == dict.fromkeys(NAMES, "ok")
    results = list(RunFolder(out).results())
    server.requests.clear()
    again = run(articles, out, server)
    assert again.exit_code == 0
    assert "3 of 3 results are there already and are kept" in again.stderr
    assert server.requests == []
    assert list(RunFolder(out).results()) == results
    assert len(RunFolder(out).record.sessions) == 2


def test_names_given_twice_are_run_once(articles: Path, out: Path, server: FakeOpenAI) -> None:
    twice = ("--model", "openai/fake", "--system", "pipeline", "--system", "pipeline")
    assert run(articles, out, server, *twice).exit_code == 0
    keys = [result.key for result in RunFolder(out).results()]
    assert len(keys) == len(NAMES)
    seen = [json.dumps(request.body["messages"]) for request in server.requests]
    assert len(seen) == len(set(seen))


def test_the_record_tells_under_which_conditions_a_run_was_made_and_no_secret(
    articles: Path, out: Path, server: FakeOpenAI
) -> None:
    assert run(articles, out, server, "--system", "single-shot", "--repeat", "2").exit_code == 0
    record = RunFolder(out).record
    assert record.models == {"openai/fake": None}
    assert list(record.systems) == ["single-shot"]
    assert (record.repeats, record.settings["seed"], record.settings["temperature"]) == (2, 0, 0)
    assert record.corpora["texts"].documents == len(NAMES)
    assert record.sessions[0].packages["openai"]
    for path in out.rglob("*.json"):
        written = path.read_text(encoding="utf-8")
        assert KEY not in written
        assert server.url not in written


def test_documents_that_fail_are_told_and_only_they_are_tried_again(
    articles: Path, out: Path, server: FakeOpenAI
) -> None:
    def failing(request: Recorded) -> Answer:
        if "called b" in json.dumps(request.body["messages"]):
            return fakeserver.failure(500, message="The pump is broken.")
        return nothing_found(request)

    with FakeOpenAI(failing) as broken:
        first = run(articles, out, broken)
    assert first.exit_code == 0
    assert "openai/fake · pipeline · b: error: " in first.stderr
    assert statuses(RunFolder(out)) == {"a": "ok", "b": "error", "c": "ok"}
    again = run(articles, out, server)
    assert "2 of 3 results are there already" in again.stderr
    assert statuses(RunFolder(out)) == dict.fromkeys(NAMES, "ok")
    asked = {json.dumps(request.body["messages"]) for request in server.requests}
    assert all("called b" in messages for messages in asked)


def test_every_raw_reply_is_recorded_where_it_is_asked_for(
    articles: Path, out: Path, tmp_path: Path, server: FakeOpenAI
) -> None:
    folder = tmp_path / "recordings"
    result = run(articles, out, server, "--record", folder, "--repeat", "2", "--concurrency", "3")
    assert result.exit_code == 0
    recordings = Recordings(folder)
    for stored in RunFolder(out).results():
        replies = recordings.load(stored.key)
        assert len(replies) == stored.spent.calls
        assert sum(reply.prompt_tokens for reply in replies) == stored.spent.prompt_tokens
    (file,) = (path for path in folder.rglob("*") if path.is_file())
    written = file.read_text(encoding="utf-8")
    assert KEY not in written
    assert "Alderon" not in written


def test_nothing_is_recorded_unasked(articles: Path, out: Path, server: FakeOpenAI) -> None:
    assert run(articles, out, server).exit_code == 0
    assert not list(out.parent.rglob("*.jsonl"))


def test_progress_on_a_terminal_tells_the_articles_that_are_left(
    articles: Path, out: Path, server: FakeOpenAI
) -> None:
    result = invoke(
        *("--model", "openai/fake", "--gold", articles, "--out", out),
        server=server,
        TTY_COMPATIBLE="1",
    )
    assert result.exit_code == 0
    assert "articles left" in result.stderr
    assert "articles left" not in result.stdout
