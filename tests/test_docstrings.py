"""Docstrings of all that is public tell the contract, and the errors, units and shapes in it."""

from __future__ import annotations

import ast
import builtins
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from textwrap import dedent
from typing import Final, TypeAlias

import pytest

_ROOT: Final = Path(__file__).parent.parent
_FOLDERS: Final = ("extractor", "extractor_eval", "eval", "training")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTION: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_MAKING: Final = ("__init__", "__post_init__", "__new__")
"""What runs when an object is made: its errors belong into the docstring of the class."""

_OF_DEFECTS: Final = frozenset({"AssertionError", "NotImplementedError"})
"""What is raised where the code itself is wrong, which is no part of a contract."""

_SECTION: Final = re.compile(r"^Raises:\n((?: .*\n?|\n)+)", re.MULTILINE)
_ENTRY: Final = re.compile(r" {4}(\w+(?:, \w+)*): +\S+ +\S+")
_NEXT_SENTENCE: Final = re.compile(r"(?<!\b\w)[.!?][)\"'`]* +[A-Z`\"'(]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_EMPTY_WORDS: Final = _set(
    "a all an and any are as at be by class do does for from function get gets given has have in "
    "into is it its method module object of on or that the their them they this to todo value "
    "with"
)
_PARTS_OF_NAME: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NAME: Final = re.compile(r"`([A-Za-z]+(?:_[A-Za-z]+)+|(?:[A-Z]+[a-z]+){2,})`")

_TIMES: Final = _set(
    "age clock deadline delay duration elapsed grace interval latency lifetime pause sent started "
    "timeout ttl wait"
)
_SIZES: Final = _set("budget length limit memory quota resident room size")
_EXTENTS: Final = _set("height margin width")
_UNITS_OF_TIME: Final = _set("ms second millisecond minute hour day year")
_UNITS_OF_SIZE: Final = _set(
    "article byte call character dimension event item letter line mb mib page passage record "
    "request sentence token try word"
)
_UNITS_OF_EXTENT: Final = _set("character inch pixel point")
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


_FROZEN: Final = frozenset({"eval/systems/langextract.py"})
"""Its bytes are in the fingerprint of kept answers, which a word more would make worthless."""


@dataclass(frozen=True)
class Public:
    """Something public: its place, its docstring, and the docstrings it takes over."""

    place: str
    name: str
    node: ast.Module | ast.ClassDef | _Function
    text: str | None
    inherited: str | None = None
    owner: Public | None = None

    @property
    def whole(self) -> str:
        return "\n\n".join(part for part in (self.text, self.inherited) if part)


@dataclass
class Project:
    """All files of the project, and what their docstrings may refer to."""

    trees: Mapping[str, ast.Module]
    classes: dict[str, list[ast.ClassDef]] = field(default_factory=lambda: defaultdict(list))
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for file, tree in self.trees.items():
            self.names.update(Path(file).parts[:-1], [Path(file).stem])
            documentation = {id(node) for node in _docstrings(tree)}
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    self.classes[node.name].append(node)
                if id(node) not in documentation:
                    self.names.update(_names_of(node))

    def ancestors(self, name: str) -> set[str]:
        """The class and all classes above it, by name, as far as the project defines them."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [base for each in self.classes.get(name, ()) for base in _bases(each)]
        return found

    def is_error(self, name: str) -> bool:
        """Whether it is an exception of the project or of Python."""
        return any(_is_builtin_error(each) for each in self.ancestors(name))

    @cached_property
    def _protocols(self) -> list[tuple[ast.ClassDef, set[str]]]:
        """Every protocol with the names that fulfil it."""
        known = [node for nodes in self.classes.values() for node in nodes]
        return [(node, _public(node)) for node in known if "Protocol" in _bases(node)]

    def inherited(self, owner: ast.ClassDef, method: str) -> str | None:
        """What a class above, or a protocol that the class fulfils, says of the method."""
        names = self.ancestors(owner.name) - {owner.name}
        above = [node for name in sorted(names) for node in self.classes.get(name, ())]
        asking = [(node, names) for node, names in self._protocols if method in names]
        if asking:
            has = {name for node in (owner, *above) for name in _members(node)}
            above += [node for node, names in asking if node is not owner and names <= has]
        for node in above:
            found = _methods(node).get(method)
            if found is not None and (text := ast.get_docstring(found)):
                return text
        return None

    def public(self) -> Iterator[Public]:
        for file, tree in self.trees.items():
            module = Public(f"{file}:1", Path(file).stem, tree, ast.get_docstring(tree))
            if tree.body:
                yield module
            yield from self._inside(file, tree, module)

    def _inside(
        self, file: str, node: ast.Module | ast.ClassDef, owner: Public
    ) -> Iterator[Public]:
        for each in node.body:
            if not isinstance(each, (*_FUNCTION, ast.ClassDef)) or each.name.startswith("_"):
                continue
            name, inherited = each.name, None
            if isinstance(node, ast.ClassDef):
                name = f"{owner.name}.{each.name}"
                inherited = self.inherited(node, each.name)
            place = f"{file}:{each.lineno}"
            found = Public(place, name, each, ast.get_docstring(each), inherited, owner)
            yield found
            if isinstance(each, ast.ClassDef):
                yield from self._inside(file, each, found)


def _is_builtin_error(name: str) -> bool:
    value = getattr(builtins, name, None)
    return isinstance(value, type) and issubclass(value, BaseException)


def _bases(node: ast.ClassDef) -> list[str]:
    return [_last_name(base) for base in node.bases]


def _last_name(node: ast.expr | None) -> str:
    """The name that an expression ends in: `b` of `a.b[c](d)`."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _members(node: ast.ClassDef) -> Iterator[str]:
    """The methods of a class, and what its body or its methods set."""
    yield from _methods(node)
    for each in ast.walk(node):
        if isinstance(each, ast.Name | ast.Attribute) and isinstance(each.ctx, ast.Store):
            yield _last_name(each)


def _methods(node: ast.ClassDef) -> dict[str, _Function]:
    return {each.name: each for each in node.body if isinstance(each, _FUNCTION)}


def _public(node: ast.ClassDef) -> set[str]:
    return {name for name in _methods(node) if not name.startswith("_")}


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """The constants that only document: each stands alone as a statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _names_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.alias(name=name):
            yield name
        case ast.keyword(arg=str(name)) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.Constant(value=str(text)):
            yield from re.findall(r"\w+", text)


# --- The rules: each yields what is missing, in words.


def _summary(it: Public) -> Iterator[str]:
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
    said = {word.lower() for word in _WORD.findall(first)} - _EMPTY_WORDS
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


def _sections(it: Public, project: Project, foreign: frozenset[str]) -> Iterator[str]:
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


def _errors(it: Public, project: Project, raised: Mapping[int, set[str]]) -> Iterator[str]:
    """Every error that is raised here, or in a private helper of this file, by name."""
    if isinstance(it.node, ast.Module) or _is_command(it.node):
        return
    nodes: list[_Function] = []
    if isinstance(it.node, ast.ClassDef):
        nodes += [method for name, method in _methods(it.node).items() if name in _MAKING]
    else:
        nodes.append(it.node)
    told = {name for text in (it.text, it.inherited) if text for name in _raises(text)}
    for node in nodes:
        told |= set(_raises(ast.get_docstring(node) or ""))
    for name in sorted({name for node in nodes for name in raised[id(node)]}):
        if not told & project.ancestors(name):
            yield f"raises {name} and has it in no section Raises:"


def _is_command(node: ast.ClassDef | _Function) -> bool:
    """Whether its docstring is the help of a command: exit codes tell the errors there."""
    return any(_last_name(each) in {"command", "group"} for each in node.decorator_list)


def _units(it: Public) -> Iterator[str]:
    """The unit of every number that measures time or size."""
    for name, text in _numbers(it):
        words = name.lower().split("_")
        in_name = {*words, *map(_singular, words)}
        said = {_singular(word.lower()) for word in _WORD.findall(text)}
        last = "delay" if name == "retry_after" else name.rpartition("_")[2]
        for what, measures, units in _MEASURED:
            if last in measures and not (in_name | said) & units:
                yield f"has no unit of {what} for {name}"


def _singular(word: str) -> str:
    return {"tries": "try", "inches": "inch"}.get(word, word.removesuffix("s"))


def _numbers(it: Public) -> Iterator[tuple[str, str]]:
    """Numbers that a function takes or returns, or a class holds, with all that is said of them."""
    if isinstance(it.node, _FUNCTION):
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


def _signature(node: _Function) -> Iterator[tuple[str, ast.expr | None]]:
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


def _shapes(it: Public, arrays: Collection[str]) -> Iterator[str]:
    """The shape of every array that a function takes or returns, or a class holds."""
    annotations: list[ast.expr | None] = []
    if isinstance(it.node, _FUNCTION):
        annotations += [annotation for _, annotation in _signature(it.node)] + [it.node.returns]
    elif isinstance(it.node, ast.ClassDef):
        annotations += [each.annotation for each in it.node.body if isinstance(each, ast.AnnAssign)]
    said = it.whole
    if isinstance(it.node, ast.ClassDef):
        said += "".join(map(_said_after, it.node.body))
    if any(_holds(each, arrays) for each in annotations) and not _SHAPE.search(said):
        yield "takes, holds or returns an array of which it tells no shape"


def _holds(annotation: ast.expr | None, arrays: Collection[str]) -> bool:
    names = {
        name for node in ast.walk(annotation or ast.Constant(None)) for name in _names_of(node)
    }
    return not names.isdisjoint(arrays)


def _arrays_by_file(project: Project) -> dict[str, set[str]]:
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
            return {name} if _last_name(kind) == "TypeAlias" and is_array else set()
    return set()


def _foreign_errors(tree: ast.Module) -> frozenset[str]:
    """What this file raises by a name of another package."""
    raised = (node for node in ast.walk(tree) if isinstance(node, ast.Raise))
    return frozenset(_last_name(node.exc) for node in raised)


def _references(it: Public, project: Project) -> Iterator[str]:
    """No name of code in backticks that the code no longer has."""
    for name in _NAME.findall(it.text or ""):
        if name not in project.names:
            yield f"names `{name}`, which is nowhere in the code"


# --- What a function raises.


class _Raising:
    """The errors of the project that leave each function of one file."""

    def __init__(self, tree: ast.Module, project: Project) -> None:
        self._project = project
        self._functions = {each.name: each for each in tree.body if isinstance(each, _FUNCTION)}
        self._found: dict[int, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for method in _methods(node).values():
                    self._of(method, _methods(node))
        for function in self._functions.values():
            self._of(function, {})

    def found(self) -> dict[int, set[str]]:
        return self._found

    def _of(self, node: _Function, siblings: Mapping[str, _Function]) -> set[str]:
        if id(node) not in self._found:
            self._found[id(node)] = set()  # for a function that calls itself
            self._found[id(node)] = self._leaving(node.body, siblings)
        return self._found[id(node)]

    def _leaving(self, nodes: Sequence[ast.AST], siblings: Mapping[str, _Function]) -> set[str]:
        return {name for node in nodes for name in self._leaving_one(node, siblings)}

    def _leaving_one(self, node: ast.AST, siblings: Mapping[str, _Function]) -> set[str]:
        inside = list(ast.iter_child_nodes(node))
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                return set()
            case ast.Try():
                caught = self._leaving(node.body, siblings)
                for handler in node.handlers:
                    if not _raises_again(handler):
                        caught = {name for name in caught if not self._catches(handler, name)}
                rest = (*node.handlers, *node.orelse, *node.finalbody)
                return caught | self._leaving(rest, siblings)
            case ast.Raise(exc=exception):
                name = _last_name(exception)
                told = self._project.is_error(name) and not name.startswith("_")
                own = {name} if told and name not in _OF_DEFECTS else set()
                return own | self._leaving(inside, siblings)
            case ast.Call(func=ast.Name(id=name)) if name.startswith("_"):
                helper = self._functions.get(name)
                called = self._of(helper, {}) if helper else set()
                return called | self._leaving(inside, siblings)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name)):
                helper = siblings.get(name) if name.startswith("_") else None
                called = self._of(helper, siblings) if helper else set()
                return called | self._leaving(inside, siblings)
        return self._leaving(inside, siblings)

    def _catches(self, handler: ast.ExceptHandler, name: str) -> bool:
        if handler.type is None:
            return True
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        return not self._project.ancestors(name).isdisjoint(_last_name(each) for each in types)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(
        isinstance(node, ast.Raise)
        and (node.exc is None or (isinstance(node.exc, ast.Name) and node.exc.id == handler.name))
        for node in ast.walk(handler)
    )


# --- The tests.


def _load() -> Project:
    files = sorted(file for name in _FOLDERS for file in (_ROOT / name).rglob("*.py"))
    return Project(
        {
            file.relative_to(_ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
            for file in files
        }
    )


def _missing(project: Project) -> list[str]:
    arrays = _arrays_by_file(project)
    foreign = {file: _foreign_errors(tree) for file, tree in project.trees.items()}
    raised: dict[int, set[str]] = {}
    for tree in project.trees.values():
        raised |= _Raising(tree, project).found()
    missing = []
    for it in project.public():
        file = it.place.rpartition(":")[0]
        faults = [
            *_summary(it),
            *_sections(it, project, foreign[file]),
            *(() if file in _FROZEN else _errors(it, project, raised)),
            *_units(it),
            *_shapes(it, arrays[file]),
            *_references(it, project),
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
