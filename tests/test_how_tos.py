"""The how-tos are followed, step by step, in a copy of the project."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

_ROOT: Final = Path(__file__).parents[1]
_PAGES: Final = sorted((_ROOT / "docs" / "how-to").glob("*.md"))
_COPIED: Final = (
    "extractor",
    "extractor_eval",
    "eval",
    "training",
    "tests",
    "prompts",
    "gold",
    "seeds",
    "adapters",
)
_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "compared")
_BLOCK: Final = re.compile(r"^```(\w+)(?: \{([^\n]*)\})?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_OPTION: Final = re.compile(r'(\w+)(?:=("(?:[^"\\]|\\.)*"|\S+))?')


@dataclass(frozen=True)
class Step:
    """A block of a page: a file to write or change, or commands to run."""

    language: str
    options: dict[str, str]
    text: str


def _steps(page: Path) -> list[Step]:
    """Its blocks that say what they are for; the others are for reading."""
    found = []
    for language, options, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        named = {key: _unquoted(value) for key, value in _OPTION.findall(options)}
        if language == "console" or "file" in named:
            found.append(Step(language, named, text))
    return found


def _unquoted(value: str) -> str:
    return str(json.loads(value)) if value.startswith('"') else value


def _follow(step: Step, copy: Path) -> None:
    if step.language != "console":
        _write(step, copy / step.options["file"])
        return
    for line in step.text.splitlines():
        if line.startswith("$ "):
            done = _run(line.removeprefix("$ "), copy)
            succeeded = done.returncode == 0
            assert succeeded != ("fails" in step.options), f"{line}\n{done.stdout}{done.stderr}"


def _write(step: Step, file: Path) -> None:
    if "replace" not in step.options:
        assert not file.exists(), f"{file} is there already"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step.text, encoding="utf-8")
        return
    before, place = file.read_text(encoding="utf-8"), step.options["replace"]
    assert before.count(place) == 1, f"{place!r} stands {before.count(place)} times in {file}"
    file.write_text(before.replace(place, step.text.rstrip("\n")), encoding="utf-8")


def _run(command: str, copy: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(copy),
        # What the first command of a page compiles, the others need not.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    # What a page of ours says, not what anybody sends.
    return subprocess.run(  # noqa: S602
        command, shell=True, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_how_to_leads_where_it_says(page: Path, tmp_path: Path) -> None:
    for name in _COPIED:
        shutil.copytree(_ROOT / name, tmp_path / name, ignore=_LEFT_OUT)
    shutil.copy(_ROOT / "pyproject.toml", tmp_path)
    steps = _steps(page)
    assert any(step.language == "console" for step in steps)
    for step in steps:
        _follow(step, tmp_path)
