"""The page of a ledger: all rows and sources in one file; nothing foreign runs, nobody is asked."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from extractor.cli import main
from extractor.pages.ledger_page import render_ledger
from extractor.pledges.ledger import PledgeLedger
from extractor.pledges.parties import load_parties
from extractor.pledges.rows import PledgeRow
from extractor.pledges.sums import sum_rows
from extractor.storage import open_store
from tests.pledges.cases import told_articles
from tests.pledges.test_ledger import _keep

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module", name="store")
def _store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ledger") / "tracker.db"
    with open_store(file) as store:
        _keep(store, told_articles()[:24])
        PledgeLedger(store, load_parties()).build()
    return file


@pytest.fixture(scope="module", name="rows")
def _rows(store: Path) -> list[PledgeRow]:
    with open_store(store) as opened:
        return PledgeLedger(opened, load_parties()).rows()


def test_every_row_stands_there_with_its_sources_and_quotes(rows: list[PledgeRow]) -> None:
    page = unescape(render_ledger(rows))
    for row in rows:
        assert row.id in page
        for source in row.sources:
            assert source.quotes[0].quote in page
    for one in sum_rows(rows, "year").sums:
        assert f"{one.low:,f}" in page


def test_the_browser_may_run_the_one_script_and_reach_nothing(rows: list[PledgeRow]) -> None:
    page = render_ledger(rows)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    allowed = unescape(policy[1])
    for name in ("style", "script"):
        [content] = re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        digest = b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in allowed
    assert "default-src 'none'" in allowed
    assert not re.search(r'(src|href)="(?!#|https?://)', page)


def test_what_an_article_says_is_text_and_no_address_runs(rows: list[PledgeRow]) -> None:
    source = (
        rows[0]
        .sources[0]
        .model_copy(
            update={"publisher": HOSTILE, "source_url": "javascript:alert(1)", "words": HOSTILE}
        )
    )
    row = rows[0].model_copy(update={"title": HOSTILE, "sources": [source]})
    page = render_ledger([row])
    assert HOSTILE not in page
    assert "javascript:" not in page
    assert page.count("<script>") == 1


def test_the_command_writes_the_page_by_the_name_or_by_the_format(
    store: Path, rows: list[PledgeRow], tmp_path: Path
) -> None:
    def run(*words: str) -> int:
        arguments = ["ledger", "export", *words, "--store", f"sqlite:///{store}"]
        return CliRunner().invoke(main, arguments).exit_code

    assert run(str(tmp_path / "a.html")) == 0
    assert run(str(tmp_path / "b.page"), "--format", "html") == 0
    pages = [(tmp_path / name).read_text(encoding="utf-8") for name in ("a.html", "b.page")]
    assert pages == [render_ledger(rows)] * 2
    assert run(str(tmp_path / "c.html"), "--since", "1") == 3
    assert run(str(tmp_path / "d.tsv"), "--format", "csv") == 0
    assert (tmp_path / "d.tsv").read_text(encoding="utf-8-sig").startswith("id,")
    assert run(str(tmp_path / "e.docx")) == 3
