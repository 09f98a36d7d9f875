"""The notebook in the how-tos runs, cell by cell, on a small store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.pledges.ledger import PledgeLedger
from extractor.pledges.parties import load_parties
from extractor.storage import open_store
from tests.pledges.cases import told_articles
from tests.pledges.test_exports import keep

_NOTEBOOK = Path(__file__).parents[2] / "docs" / "how-to" / "charts-of-a-tracker.ipynb"


@pytest.mark.parametrize("warnings", ["error"])
def test_the_notebook_makes_its_three_charts(tmp_path: Path, warnings: str) -> None:
    with open_store(tmp_path / "tracker.db") as store:
        keep(store, told_articles())
        PledgeLedger(store, load_parties()).build()
    cells = json.loads(_NOTEBOOK.read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    script = tmp_path / "notebook.py"
    script.write_text("\n\n".join(code), encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-W", warnings, script],
        cwd=tmp_path,
        env={**os.environ, "TRACKER": f"sqlite:///{tmp_path}/tracker.db", "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "of which may be summed" in done.stdout
    for name in ("by-giver.png", "by-stage.png", "by-month.png"):
        assert (tmp_path / name).stat().st_size > 5_000
