"""A docstring says in a sentence what is not in the name, and tells of all errors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from tests.docstrings.project import (
    MAKING,
    Function,
    Project,
    Public,
    last_name,
    methods_of,
    words_of,
)

_SECTION: Final = re.compile(r"^Raises:\n((?: .*\n?|\n)+)", re.MULTILINE)
_ENTRY: Final = re.compile(r" {4}(\w+(?:, \w+)*): +\S+ +\S+")
_NEXT_SENTENCE: Final = re.compile(r"(?<!\b\w)[.!?][)\"'`]* +[A-Z`\"'(]")
WORD: Final = re.compile(r"[^\W\d_]+")
_EMPTY_WORDS: Final = words_of(
    "a all an and any are as at be by class do does for from function get gets given has have in "
    "into is it its method module object of on or that the their them they this to todo value "
    "with"
)
_PARTS_OF_NAME: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NAME: Final = re.compile(r"`([A-Za-z]+(?:_[A-Za-z]+)+|(?:[A-Z]+[a-z]+){2,})`")


def summary_faults(it: Public) -> Iterator[str]:
    """A first paragraph that is one sentence and says more than the name."""
    if it.text is None:
        if it.inherited is None:
            yield "has no docstring"
        return
    first = it.text.partition("\n\n")[0].replace("\n", " ").strip()
    if not first.endswith("."):
        yield "its first paragraph ends without a full stop"
    if _NEXT_SENTENCE.search(first):
        yield "its first paragraph is more than one sentence"
    named = {word.lower() for word in _PARTS_OF_NAME.findall(it.name)}
    said = {word.lower() for word in WORD.findall(first)} - _EMPTY_WORDS
    if all(any(word.startswith(name[:4]) for name in named) for word in said):
        yield "its first sentence says no more than its name"


def _raises(text: str) -> dict[str, str]:
    """The errors of a `Raises:` section, each with the line that names it."""
    found = _SECTION.search(text)
    lines = found.group(1).splitlines() if found else []
    return {
        name: line
        for line in lines
        if line.startswith("    ") and not line.startswith("     ")
        for name in line.partition(":")[0].strip().split(", ")
    }


def section_faults(it: Public, project: Project, foreign: frozenset[str]) -> Iterator[str]:
    """A `Raises:` section of errors that exist, each with when it is raised."""
    text = it.text or ""
    if "Raises:" in text and not _raises(text):
        yield "its section Raises: has no entries"
    for name, line in _raises(text).items():
        # Those of other packages are at least raised in this file.
        if not (project.is_error(name) or name in foreign):
            yield f"its section Raises: names {name}, which is no error"
        if not _ENTRY.match(line):
            yield f"its section Raises: does not say when {name} is raised"


def error_faults(it: Public, project: Project, raised: Mapping[int, set[str]]) -> Iterator[str]:
    """Every error that is raised here, or in a private helper of this file, by name."""
    if isinstance(it.node, ast.Module) or _is_command(it.node):
        return
    nodes: list[Function] = []
    if isinstance(it.node, ast.ClassDef):
        nodes += [method for name, method in methods_of(it.node).items() if name in MAKING]
    else:
        nodes.append(it.node)
    told = {name for text in (it.text, it.inherited) if text for name in _raises(text)}
    for node in nodes:
        told |= set(_raises(ast.get_docstring(node) or ""))
    for name in sorted({name for node in nodes for name in raised[id(node)]}):
        if not told & project.ancestors(name):
            yield f"raises {name} and has it in no section Raises:"


def _is_command(node: ast.ClassDef | Function) -> bool:
    """Whether its docstring is the help of a command: exit codes tell the errors there."""
    return any(last_name(each) in {"command", "group"} for each in node.decorator_list)


def foreign_errors(tree: ast.Module) -> frozenset[str]:
    """What this file raises by a name of another package."""
    raised = (node for node in ast.walk(tree) if isinstance(node, ast.Raise))
    return frozenset(last_name(node.exc) for node in raised)


def reference_faults(it: Public, project: Project) -> Iterator[str]:
    """No name of code in backticks that the code no longer has."""
    for name in _NAME.findall(it.text or ""):
        if name not in project.names:
            yield f"names `{name}`, which is nowhere in the code"
