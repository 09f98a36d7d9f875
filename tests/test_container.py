"""The image cannot be built in a test; what can be known of it without an engine is checked."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from extractor.cli.main import main
from extractor.settings import Settings

_ROOT = Path(__file__).parent.parent
_DOCKERFILE = (_ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_linter_of_dockerfiles_finds_nothing() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        pytest.skip("hadolint has no build for this platform")
    outcome = subprocess.run([hadolint, _ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (outcome.returncode, outcome.stdout) == (0, "")


def test_everything_the_image_copies_is_there_and_let_through() -> None:
    ignored = (_ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", _DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert copied
    for source in copied:
        assert (_ROOT / source).exists()
        assert any(Path(source).match(pattern) for pattern in let_through), source


def test_the_image_runs_as_nobody_in_particular_and_the_program_gets_its_signals() -> None:
    last = _DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*$", last, re.MULTILINE)
    assert 'ENTRYPOINT ["extractor"]' in last


def test_the_image_can_keep_results_in_both_kinds_of_store() -> None:
    locked = (_ROOT / "requirements-service.lock").read_text(encoding="utf-8")
    assert {"sqlalchemy", "alembic", "psycopg", "psycopg-binary"} <= set(
        re.findall(r"^([a-z-]+)==", locked, re.MULTILINE)
    )
    service = yaml.safe_load((_ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert {"EXTRACTOR_STORE", "PGPASSWORD"} <= set(service["extractor"]["environment"])


@pytest.mark.parametrize("where", ["Dockerfile", "compose.yaml", "docs/service.md"])
def test_every_setting_that_is_named_exists(where: str) -> None:
    text = (_ROOT / where).read_text(encoding="utf-8")
    named = set(re.findall(r"EXTRACTOR_([A-Z_]+)\b", text))
    assert named
    assert named <= {name.upper() for name in Settings.model_fields}


def test_the_service_waits_longer_for_its_end_than_the_drain_takes() -> None:
    service = yaml.safe_load((_ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    grace = service["extractor"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > Settings().drain_seconds + 30
    assert service["extractor"]["read_only"] is True


def test_the_operators_page_holds_the_table_of_settings_as_the_code_has_it() -> None:
    page = (_ROOT / "docs" / "service.md").read_text(encoding="utf-8")
    told = "run `extractor settings` and put its table into docs/service.md"
    assert CliRunner().invoke(main, ["settings"]).output in page, told
