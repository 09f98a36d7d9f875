"""Docstrings of all that is public tell the contract, and the errors, units and shapes in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest

from tests.docstrings.measures import arrays_by_file, shape_faults, unit_faults
from tests.docstrings.project import Project
from tests.docstrings.raising import Raising
from tests.docstrings.wording import (
    error_faults,
    foreign_errors,
    reference_faults,
    section_faults,
    summary_faults,
)

_ROOT: Final = Path(__file__).parent.parent
_FOLDERS: Final = ("extractor", "extractor_eval", "eval", "training")
_FROZEN: Final = frozenset({"eval/systems/langextract.py"})
"""Its bytes are in the fingerprint of kept answers, which a word more would make worthless."""


def _load() -> Project:
    files = sorted(file for name in _FOLDERS for file in (_ROOT / name).rglob("*.py"))
    return Project(
        {
            file.relative_to(_ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
            for file in files
        }
    )


def _missing(project: Project) -> list[str]:
    arrays = arrays_by_file(project)
    foreign = {file: foreign_errors(tree) for file, tree in project.trees.items()}
    raised: dict[int, set[str]] = {}
    for tree in project.trees.values():
        raised |= Raising(tree, project).found()
    missing = []
    for it in project.public():
        file = it.place.rpartition(":")[0]
        faults = [
            *summary_faults(it),
            *section_faults(it, project, foreign[file]),
            *(() if file in _FROZEN else error_faults(it, project, raised)),
            *unit_faults(it),
            *shape_faults(it, arrays[file]),
            *reference_faults(it, project),
        ]
        missing += [f"{it.place} {it.name}: {fault}" for fault in faults]
    return missing


def test_every_public_docstring_tells_the_contract() -> None:
    project = _load()
    assert project.trees.keys() >= _FROZEN
    missing = _missing(project)
    assert not missing, "\n" + "\n".join(missing)


_NOTHING_MISSING: Final = '''
"""A file in which nothing is missing."""

import numpy as np


class Late(Exception):
    """It took too long."""


class Reader(Protocol):
    """Gives lines, one after the other."""

    def read(self, seconds: float) -> str:
        """The next line.

        Raises:
            Late: none came in this time.
        """


class Pipe:
    """A `Reader` of a pipe; `timeout` is in seconds.

    Raises:
        ValueError: the pipe is closed.
    """

    size: int = 0
    """Bytes that are in it."""

    def __init__(self, timeout: float) -> None:
        if timeout < 0:
            raise ValueError(timeout)

    def read(self, seconds: float) -> str:
        return self._line()

    def skip(self) -> None:
        """Read past one line, if there is one."""
        try:
            self._line()
        except Late:
            pass

    def _line(self) -> str:
        raise Late("no line")


def weights(texts: list[str]) -> np.ndarray:
    """The weights of texts: a row for each."""
'''
_SOMETHING_MISSING: Final = {
    "has no docstring": "def work() -> None: ...",
    "ends without a full stop": 'def work() -> None:\n    """Do all that there is"""',
    "more than one sentence": 'def work() -> None:\n    """Do it. Then rest."""',
    "no more than its name": 'class ResultStore:\n    """The store of results."""',
    "raises Late": """
        def work() -> None:
            '''Do what is to be done.'''
            _work()

        def _work() -> None:
            raise Late("too late")
        """,
    "names Later, which is no error": """
        def work() -> None:
            '''Do what is to be done.

            Raises:
                Later: it took too long.
            '''
        """,
    "does not say when Late is raised": """
        def work() -> None:
            '''Do what is to be done.

            Raises:
                Late: always
            '''
        """,
    "no unit of time for timeout": """
        def work(timeout: float) -> None:
            '''Do it before the timeout.'''
        """,
    "no unit of size for limit": """
        class Desk:
            '''Where one works.'''

            limit: int | None = None
        """,
    "no shape": """
        def work() -> "np.ndarray":
            '''What is to be done.'''
        """,
    "`work_late`, which is nowhere": """
        def work() -> None:
            '''As `work_late` does it.'''
        """,
}


def _missing_in(code: str) -> list[str]:
    return _missing(Project({"made/up.py": ast.parse(code)}))


def test_nothing_is_missed_where_nothing_is_missing() -> None:
    assert _missing_in(_NOTHING_MISSING) == []


@pytest.mark.parametrize("fault", _SOMETHING_MISSING)
def test_what_is_missing_is_told_with_its_place(fault: str) -> None:
    head = _NOTHING_MISSING.rstrip() + "\n\n\n"
    missing = _missing_in(head + dedent(_SOMETHING_MISSING[fault]).lstrip())
    assert len(missing) == 1
    assert fault in missing[0]
    assert re.match(r"made/up\.py:\d+ \w", missing[0])
