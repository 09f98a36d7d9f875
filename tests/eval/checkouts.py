"""Copies of this checkout that a test may break, and the commands run in them."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.eval.runs import some_of, write_pairs

ROOT = Path(__file__).parent.parent.parent
_IGNORED = shutil.ignore_patterns(
    "__pycache__", "_prompts", "recordings", "compared", "baseline.jsonl"
)

_IN_TURN = """
import json, sys
from eval.cli import main
for command in json.loads(sys.argv[1]):
    try:
        main(command)
    except SystemExit as ended:
        code = ended.code
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    exit_code: int
    output: str
    """Both streams."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A copy of the code, with some of the labelled articles and their recordings."""

    path: Path

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a piece of the code that is there exactly once."""
        text = (self.path / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        (self.path / file).write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *command: str) -> Done:
        """Run a program in the copy; `python` and the harness are this interpreter's."""
        return asyncio.run(self._run(command))

    def evaluate(self, *arguments: str) -> Done:
        """Run the harness of the copy."""
        return self.evaluate_in_turn(arguments)

    def evaluate_in_turn(self, *commands: Sequence[str]) -> Done:
        """Run commands of its harness in one process; the exit code is that of the last."""
        return self.run(sys.executable, "-c", _IN_TURN, json.dumps(commands))

    async def _run(self, command: Sequence[str]) -> Done:
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.path),
            # What one command compiles, the next ones and further copies need not.
            "PYTHONDONTWRITEBYTECODE": "",
            "COLUMNS": "200",
        }
        process = await asyncio.create_subprocess_exec(
            *command, stdout=PIPE, stderr=PIPE, cwd=self.path, env=environment
        )
        out, err = await process.communicate()
        return Done(process.returncode or 0, out.decode() + err.decode())


def copy_checkout(path: Path, articles: Sequence[str], model: str) -> Checkout:
    """A copy with these articles only, given as CORPUS/NAME, and the model's replies to them."""
    for folder in ("extractor", "eval", "prompts"):
        shutil.copytree(ROOT / folder, path / folder, ignore=_IGNORED)
    for article in articles:
        corpus, name = article.split("/")
        labels = ROOT / ("gold" if corpus == "seeds" else "gold/challenge")
        write_pairs(path / "labelled" / corpus, some_of(labels, name))
        recorded = Path("eval", "recordings", model, "pipeline", f"{corpus}.jsonl")
        copy_recording(ROOT / recorded, path / recorded, name)
    return Checkout(path)


def copy_recording(source: Path, target: Path, document: str) -> None:
    """Add what was recorded of a document to another recording."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("ab") as copy:
        copy.writelines(_lines_of(source.read_bytes(), document))


def forget(recordings: Path) -> None:
    """Take the first document out of a recording."""
    file = next(iter(sorted(recordings.rglob("*.jsonl"))))
    whole = file.read_bytes()
    first = json.loads(whole.splitlines()[0])["document"]
    file.write_bytes(whole.removeprefix(b"".join(_lines_of(whole, first))))


def _lines_of(recording: bytes, document: str) -> list[bytes]:
    lines = recording.splitlines(keepends=True)
    return [line for line in lines if json.loads(line)["document"] == document]
