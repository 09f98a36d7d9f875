"""Labelled articles as a corpus, a model that knows them, and pages that run their commands."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from eval.bench.labelled import LabelsServer, corpus_lines
from eval.bench.walk import WalkShell, commands_of, walked
from eval.labels.linking import LinkingLabels, load_linking
from extractor.errors import ModelRejected
from extractor.extraction import Extractor
from extractor.settings import Settings

_GOLD = Path(__file__).parents[2] / "gold" / "linking"


@pytest.fixture(name="labels", scope="module")
def _labels() -> LinkingLabels:
    return load_linking(_GOLD)


@pytest.fixture(name="settings")
def _settings(labels: LinkingLabels) -> Iterator[Settings]:
    with LabelsServer(labels.items[:3], 0, 0.0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield Settings(model="openai/labels", openai_base_url=server.url, retries=0)
        server.shutdown()
        thread.join()


def test_the_server_says_of_an_article_what_its_labels_say(
    labels: LinkingLabels, settings: Settings
) -> None:
    item = labels.items[0]
    with Extractor(settings=settings) as extractor:
        found = extractor.extract(item.text, published_at=item.published_at)
        assert [one.title for one in found.commitments]
        assert len(found.commitments) == len(item.gold.commitments)
        with pytest.raises(ModelRejected, match="400"):
            extractor.extract("Kestrel Lines will buy six tugs.", language="en")


def test_the_corpus_is_in_the_order_of_its_days(labels: LinkingLabels) -> None:
    rows = [json.loads(line) for line in corpus_lines(labels, 50)]
    days = [date.fromisoformat(row["published_at"]) for row in rows]
    assert len(rows) == len({row["id"] for row in rows}) == 50
    assert days == sorted(days)
    assert all(row["publisher"] and row["text"] for row in rows)


def test_commands_of_a_page_are_run_in_one_shell_and_their_output_is_written_in(
    tmp_path: Path,
) -> None:
    block = "```console\n$ name=Lan\n$ echo $name; pwd\nold\n```\n"
    page = f"Before.\n\n{block}\n```\n$ no command\n```\n"
    with WalkShell(tmp_path) as shell:
        told = walked(page, shell.run)
    assert told == page.replace("old\n", f"Lan\n{tmp_path}\n")
    assert walked(told, lambda command: {"name=Lan": ""}.get(command, f"Lan\n{tmp_path}")) == told


def test_a_command_goes_on_after_a_backslash() -> None:
    assert commands_of("$ one \\\n  two\nsaid\n$ three\n") == ["one \\\n  two", "three"]
