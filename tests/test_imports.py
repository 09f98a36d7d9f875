import ast
import asyncio
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from collections import defaultdict
from pathlib import Path

import pytest

_FORBID_SOCKETS = """
import socket
def forbid(*arguments, **options):
    raise AssertionError("a socket was opened")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = forbid
"""
_HEAVY = (
    "litellm",
    "openai",
    "instructor",
    "fastapi",
    "uvicorn",
    "xllamacpp",
    "pydantic",
    "babel",
    "rich",
    "numpy",
    "scipy",
    "matplotlib",
    "langextract",
    "sqlalchemy",
    "pyarrow",
)
_SDKS = ("litellm", "openai", "instructor", "xllamacpp")


def _run(code: str, *arguments: str) -> str:
    async def run() -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", "-c", code, *arguments), stdout=PIPE, stderr=PIPE
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    return asyncio.run(run())


def _loaded(statement: str, modules: tuple[str, ...]) -> list[str]:
    check = f"import sys\nprint(*(name for name in {modules!r} if name in sys.modules))"
    return _run(f"{_FORBID_SOCKETS}\n{statement}\n{check}").split()


@pytest.mark.parametrize("module", ["extractor.cli", "eval.cli", "eval.pytest_plugin"])
def test_the_command_lines_import_nothing_heavy_and_open_no_socket(module: str) -> None:
    assert _loaded(f"import {module}", _HEAVY) == []


def test_the_package_imports_nothing_heavy() -> None:
    assert _loaded("import extractor", _HEAVY) == []


@pytest.mark.parametrize("module", ["extractor.extraction", "extractor.api.app"])
def test_the_library_and_the_service_import_no_sdk_and_open_no_socket(module: str) -> None:
    assert _loaded(f"import {module}", _SDKS) == []


def test_the_models_of_providers_are_listed_without_an_sdk_or_a_socket() -> None:
    listing = "from extractor.models.hosted import list_hosted\nassert list_hosted().models"
    assert _loaded(listing, _SDKS) == []


def test_a_heavy_import_would_be_seen() -> None:
    assert _loaded("import rich.console", _HEAVY) == ["rich"]


def test_help_takes_less_than_half_a_second() -> None:
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        assert "Exit codes:" in _run("from extractor.cli import main; main()", "--help")
        seconds.append(time.perf_counter() - started)
    assert statistics.median(seconds) < 0.5


def test_no_two_public_classes_have_one_name() -> None:
    found = defaultdict(list)
    root = Path(__file__).parent.parent
    for folder in ("extractor", "eval", "training"):
        for file in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].append(str(file.relative_to(root)))
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
