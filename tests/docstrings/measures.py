"""Numbers are told with their unit, arrays with their shape."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from tests.docstrings.project import (
    FUNCTION,
    Function,
    Project,
    Public,
    last_name,
    names_of,
    words_of,
)
from tests.docstrings.wording import WORD

_TIMES: Final = words_of(
    "age clock deadline delay duration elapsed grace interval latency lifetime pause sent started "
    "timeout ttl wait"
)
_SIZES: Final = words_of("budget length limit memory quota resident room size")
_EXTENTS: Final = words_of("height margin width")
_UNITS_OF_TIME: Final = words_of("ms second millisecond minute hour day year")
_UNITS_OF_SIZE: Final = words_of(
    "article byte call character dimension event item letter line mb mib page passage record "
    "request sentence token try word"
)
_UNITS_OF_EXTENT: Final = words_of("character inch pixel point")
_MEASURED: Final = (
    ("time", _TIMES, _UNITS_OF_TIME),
    ("size", _SIZES, _UNITS_OF_SIZE),
    ("extent", _EXTENTS, _UNITS_OF_EXTENT),
)
_ARRAYS: Final = frozenset({"Array", "NDArray", "ndarray"})
_SHAPE: Final = re.compile(
    r"\b\w+ x \w+\b|\b(?:shape|scalar|vector|matrix|row|column|dimension)(?:s|es)?\b|\bmatrices\b"
    r"|\b(?:a|an|one|its) (?:\w+ )?(?:for|of) each\b",
    re.IGNORECASE,
)


def unit_faults(it: Public) -> Iterator[str]:
    """The unit of every number that measures time or size."""
    for name, text in _numbers(it):
        words = name.lower().split("_")
        in_name = {*words, *map(_singular, words)}
        said = {_singular(word.lower()) for word in WORD.findall(text)}
        last = "delay" if name == "retry_after" else name.rpartition("_")[2]
        for what, measures, units in _MEASURED:
            if last in measures and not (in_name | said) & units:
                yield f"has no unit of {what} for {name}"


def _singular(word: str) -> str:
    return {"tries": "try", "inches": "inch"}.get(word, word.removesuffix("s"))


def _numbers(it: Public) -> Iterator[tuple[str, str]]:
    """Numbers that a function takes or returns, or a class holds, with all that is said of them."""
    if isinstance(it.node, FUNCTION):
        above = it.owner.whole if it.owner and isinstance(it.owner.node, ast.ClassDef) else ""
        for name, annotation in _signature(it.node):
            if _is_number(annotation):
                yield name, f"{it.whole}\n{above}"
        if _is_number(it.node.returns):
            yield it.node.name, f"{it.whole}\n{above}"
    elif isinstance(it.node, ast.ClassDef):
        for each, after in zip(it.node.body, [*it.node.body[1:], None], strict=True):
            match each, after:
                case ast.AnnAssign(target=ast.Name(id=name)), _ if _is_number(each.annotation):
                    yield name, it.whole + _said_after(after) + ast.unparse(each)
                case ast.FunctionDef(name="__init__"), _:
                    own = ast.get_docstring(each) or ""
                    for name, annotation in _signature(each):
                        if _is_number(annotation):
                            yield name, f"{it.whole}\n{own}"


def _said_after(node: ast.stmt | None) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return f"\n{text}\n"
    return "\n"


def _signature(node: Function) -> Iterator[tuple[str, ast.expr | None]]:
    for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        if not each.arg.startswith("_"):
            yield each.arg, each.annotation


def _is_number(annotation: ast.expr | None) -> bool:
    """Whether it is int or float, or may be None besides."""
    match annotation:
        case ast.Name(id="int" | "float"):
            return True
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            return _is_number(left)
    return False


def shape_faults(it: Public, arrays: Collection[str]) -> Iterator[str]:
    """The shape of every array that a function takes or returns, or a class holds."""
    annotations: list[ast.expr | None] = []
    if isinstance(it.node, FUNCTION):
        annotations += [annotation for _, annotation in _signature(it.node)] + [it.node.returns]
    elif isinstance(it.node, ast.ClassDef):
        annotations += [each.annotation for each in it.node.body if isinstance(each, ast.AnnAssign)]
    said = it.whole
    if isinstance(it.node, ast.ClassDef):
        said += "".join(map(_said_after, it.node.body))
    if any(_holds(each, arrays) for each in annotations) and not _SHAPE.search(said):
        yield "takes, holds or returns an array of which it tells no shape"


def _holds(annotation: ast.expr | None, arrays: Collection[str]) -> bool:
    names = {name for node in ast.walk(annotation or ast.Constant(None)) for name in names_of(node)}
    return not names.isdisjoint(arrays)


def arrays_by_file(project: Project) -> dict[str, set[str]]:
    """What each file calls its arrays: the classes, and aliases that it makes or imports."""
    found = {file: set(_ARRAYS) for file in project.trees}
    before = -1
    while before != (before := sum(map(len, found.values()))):
        for file, tree in project.trees.items():
            for node in _at_the_top(tree):
                found[file] |= _more_arrays(node, found, found[file])
    return found


def _at_the_top(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements of a file, and those that only a type checker sees."""
    for node in tree.body:
        yield node
        if isinstance(node, ast.If):
            yield from node.body


def _more_arrays(node: ast.AST, found: Mapping[str, set[str]], known: set[str]) -> set[str]:
    match node:
        case ast.ImportFrom(module=str(module)):
            there = found.get(module.replace(".", "/") + ".py", set())
            return {each.name for each in node.names if each.name in there}
        case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=value):
            is_array = _holds(value, known) and not _holds(value, {"Callable"})
            return {name} if last_name(kind) == "TypeAlias" and is_array else set()
    return set()
