"""`extractor desk` starts the service with its pages on this machine, and says where they are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
from click.testing import CliRunner

from extractor.cli import main


def test_the_desk_is_served_on_the_loopback_and_stops_when_told(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "EXTRACTOR_STORE": str(tmp_path / "desk.db"),
        "EXTRACTOR_OPENAI_BASE_URL": "http://127.0.0.1:9",
        "OPENAI_API_KEY": "none",
    }
    command = [sys.executable, "-c", "from extractor.cli import main; main()"]
    command += ["desk", "--no-browser", "--port", "0", "--model", "openai/fake"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        try:
            listening, told = process.stderr.readline(), process.stderr.readline()
            assert listening.startswith("Listening on http://127.0.0.1:")
            assert told.startswith("The desk is at ")
            url = told.split()[-1]
            page = httpx.get(url, timeout=60)
            assert page.status_code == 200
            assert "openai/fake" in page.text
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) in (0, -signal.SIGTERM)
        finally:
            process.kill()


def test_without_a_store_there_is_no_desk() -> None:
    result = CliRunner().invoke(main, ["desk", "--no-browser"], env={"EXTRACTOR_STORE": ""})
    assert result.exit_code == 2
    assert "Set EXTRACTOR_STORE" in result.output
