"""What the files of the project hold that is public, and what its classes are of."""

from __future__ import annotations

import ast
import builtins
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias


def words_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTION: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
MAKING: Final = ("__init__", "__post_init__", "__new__")
"""What runs when an object is made: its errors belong into the docstring of the class."""


@dataclass(frozen=True)
class Public:
    """Something public: its place, its docstring, and the docstrings it takes over."""

    place: str
    name: str
    node: ast.Module | ast.ClassDef | Function
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
                    self.names.update(names_of(node))

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
            found = methods_of(node).get(method)
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
            if not isinstance(each, (*FUNCTION, ast.ClassDef)) or each.name.startswith("_"):
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
    return [last_name(base) for base in node.bases]


def last_name(node: ast.expr | None) -> str:
    """The name that an expression ends in: `b` of `a.b[c](d)`."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _members(node: ast.ClassDef) -> Iterator[str]:
    """The methods of a class, and what its body or its methods set."""
    yield from methods_of(node)
    for each in ast.walk(node):
        if isinstance(each, ast.Name | ast.Attribute) and isinstance(each.ctx, ast.Store):
            yield last_name(each)


def methods_of(node: ast.ClassDef) -> dict[str, Function]:
    return {each.name: each for each in node.body if isinstance(each, FUNCTION)}


def _public(node: ast.ClassDef) -> set[str]:
    return {name for name in methods_of(node) if not name.startswith("_")}


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """The constants that only document: each stands alone as a statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def names_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.alias(name=name):
            yield name
        case ast.keyword(arg=str(name)) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.Constant(value=str(text)):
            yield from re.findall(r"\w+", text)
