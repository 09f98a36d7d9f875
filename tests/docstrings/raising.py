"""Which errors of the project leave which function."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final

from tests.docstrings.project import FUNCTION, Function, Project, last_name, methods_of

_OF_DEFECTS: Final = frozenset({"AssertionError", "NotImplementedError"})
"""What is raised where the code itself is wrong, which is no part of a contract."""


class Raising:
    """The errors of the project that leave each function of one file."""

    def __init__(self, tree: ast.Module, project: Project) -> None:
        self._project = project
        self._functions = {each.name: each for each in tree.body if isinstance(each, FUNCTION)}
        self._found: dict[int, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                for method in methods_of(node).values():
                    self._of(method, methods_of(node))
        for function in self._functions.values():
            self._of(function, {})

    def found(self) -> dict[int, set[str]]:
        return self._found

    def _of(self, node: Function, siblings: Mapping[str, Function]) -> set[str]:
        if id(node) not in self._found:
            self._found[id(node)] = set()  # for a function that calls itself
            self._found[id(node)] = self._leaving(node.body, siblings)
        return self._found[id(node)]

    def _leaving(self, nodes: Sequence[ast.AST], siblings: Mapping[str, Function]) -> set[str]:
        return {name for node in nodes for name in self._leaving_one(node, siblings)}

    def _leaving_one(self, node: ast.AST, siblings: Mapping[str, Function]) -> set[str]:
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
                name = last_name(exception)
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
        return not self._project.ancestors(name).isdisjoint(last_name(each) for each in types)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(
        isinstance(node, ast.Raise)
        and (node.exc is None or (isinstance(node.exc, ast.Name) and node.exc.id == handler.name))
        for node in ast.walk(handler)
    )
