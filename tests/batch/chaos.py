"""What tests of killing have in common: who still runs, what is kept, and what to tell of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import psutil
from sqlalchemy import select

from extractor.storage import open_store
from extractor.storage.tables import RESULTS
from tests.batch.fakes import SETTINGS, open_fake, text_of


def still_runs(process: psutil.Process) -> bool:
    """Whether a process goes on; what is left of one that ended does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end_all(process: psutil.Process) -> None:
    """Kill a process, if it runs, and wait until it is gone; those that it started go with it."""
    if still_runs(process):
        process.kill()
        process.wait()


def kept_in(address: str) -> dict[str, str]:
    """What every result says, but for the seconds that it took, by digest of its article."""
    with open_store(address) as store, store.reading() as rows:
        found = rows.execute(select(RESULTS.c.article_sha256, RESULTS.c.extraction)).all()
    assert len({sha256 for sha256, _ in found}) == len(found)
    return {sha256: _timeless(extraction) for sha256, extraction in found}


def undisturbed(articles: Iterable[int]) -> dict[str, str]:
    """The same of a run that nobody kills; the plan of the model is in the environment."""
    alone = open_fake(None, SETTINGS)
    read = [alone.extract(text_of(number), language="en") for number in articles]
    return {each.article.sha256: _timeless(each.model_dump_json()) for each in read}


def _timeless(extraction: str) -> str:
    found = json.loads(extraction)
    found["usage"]["seconds"] = None
    return json.dumps(found)


def note(**figures: object) -> None:
    """Tell what happened, and add it to the file that CHAOS_OUT names, a line each."""
    line = json.dumps(figures)
    print(line)
    if name := os.environ.get("CHAOS_OUT"):
        file = Path(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{line}\n")
