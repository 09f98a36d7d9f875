"""The pages say what is so: links lead somewhere, commands exist, and the README's Python runs."""

from __future__ import annotations

import os
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Final

import click
import pytest

from eval.cli.main import main as extractor_eval
from extractor.cli.main import main as extractor
from tests.articles import answer, pledge
from tests.fakeserver import FakeOpenAI, reply

_ROOT: Final = Path(__file__).parent.parent
_WITH_PAGES: Final = ("docs", "gold", "prompts", "training", "adapters")
_PAGES: Final = sorted(
    [*_ROOT.glob("*.md"), *(page for name in _WITH_PAGES for page in (_ROOT / name).rglob("*.md"))]
)
_NAMES: Final = [page.relative_to(_ROOT).as_posix() for page in _PAGES]
_WITH_COMMANDS: Final = (
    "README.md",
    *(f"docs/{page}.md" for page in ("batch", "labels", "scale", "service", "tracker", "use")),
)
_PROGRAMS: Final = {"extractor": extractor, "extractor-eval": extractor_eval}

_FENCE: Final = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_CODE: Final = re.compile(r"`[^`\n]+`")
_LINK: Final = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_LONGEST: Final = 120


def _text(name: str) -> str:
    return (_ROOT / name).read_text(encoding="utf-8")


def _slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower().strip()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


@cache
def _anchors(page: Path) -> frozenset[str]:
    prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
    slugs = [_slug(heading) for heading in _HEADING.findall(prose)]
    repeated = Counter(slugs)
    again = (f"{slug}-{nth}" for slug, count in repeated.items() for nth in range(1, count))
    return frozenset([*slugs, *again])


def _leads_nowhere(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    found = (page.parent / path).resolve() if path else page
    if not found.exists() or not found.is_relative_to(_ROOT):
        return True
    return bool(anchor) and (found.suffix != ".md" or anchor not in _anchors(found))


@pytest.mark.parametrize("name", _NAMES)
def test_every_link_inside_the_repository_leads_somewhere(name: str) -> None:
    page = _ROOT / name
    prose = _CODE.sub("", _FENCE.sub("", _text(name)))
    targets = [found for found in _LINK.findall(prose) if "://" not in found]
    assert [target for target in targets if _leads_nowhere(page, target)] == []


def test_links_that_lead_nowhere_are_seen(tmp_path: Path) -> None:
    readme = _ROOT / "README.md"
    assert not _leads_nowhere(readme, "docs/use.md#exit-codes")
    assert not _leads_nowhere(readme, "#limits")
    assert _leads_nowhere(readme, "docs/used.md")
    assert _leads_nowhere(readme, "docs/use.md#exit")
    assert _leads_nowhere(readme, "#limit")
    assert _leads_nowhere(readme, str(tmp_path))


def test_no_page_is_left_out_of_the_links() -> None:
    """Every page under docs/ can be reached from the README, but those that only say where to."""
    seen: set[Path] = set()
    open_pages = [_ROOT / "README.md"]
    while open_pages:
        page = open_pages.pop()
        if page in seen or page.suffix != ".md" or not page.is_file():
            continue
        seen.add(page)
        links = _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))
        open_pages += [
            (page.parent / link.partition("#")[0]).resolve() for link in links if "://" not in link
        ]
    pages = {
        page for page in (_ROOT / "docs").glob("*.md") if "This page is" not in _text(str(page))
    }
    assert pages <= seen


def test_the_readme_is_short() -> None:
    lines = _text("README.md").splitlines()
    assert len(lines) <= 130
    assert [line for line in lines if len(line) > _LONGEST] == []


def test_every_path_to_change_something_exists() -> None:
    section = _text("ARCHITECTURE.md").partition("## Where to change what")[2].partition("\n## ")[0]
    paths = [code for code in re.findall(r"`([^`]+)`", section) if "/" in code and " " not in code]
    assert len(paths) > 30
    assert [path for path in paths if not (_ROOT / path).exists()] == []


def test_every_package_of_the_product_is_among_the_layers() -> None:
    section = _text("ARCHITECTURE.md").partition("## The layers")[2].partition("\n## ")[0]
    named = {code for line in section.splitlines() if line.startswith("|") for code in _names(line)}
    homes = {path.stem for path in (_ROOT / "extractor").iterdir() if _is_module(path)}
    assert homes <= named


def _names(row: str) -> list[str]:
    return re.findall(r"`(\w+)`", row.split("|")[1])


def _is_module(path: Path) -> bool:
    package = path.is_dir() and (path / "__init__.py").exists()
    return package or (path.suffix == ".py" and path.stem != "__init__")


def _commands(text: str) -> Iterator[list[str]]:
    """The words of every command line of ours, in blocks and in the text."""
    blocks = [block for _, _, block in _FENCE.findall(text)]
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    lines += [code.strip("`") for code in _CODE.findall(_FENCE.sub("", text))]
    for line in lines:
        line = line.removeprefix("$ ")
        try:
            split = shlex.shlex(line, posix=True, punctuation_chars="|<>&;")
            split.whitespace_split = True
            words = list(split)
        except ValueError:  # no command line: a word with an apostrophe
            continue
        for command in _split(words):
            if command and command[0].rpartition("/")[2] in _PROGRAMS:
                yield command


def _split(words: list[str]) -> Iterator[list[str]]:
    """Commands of one line, without settings before them and redirections behind."""
    command: list[str] = []
    for word in [*words, ";"]:
        if set(word) <= set("|<>&;"):
            yield list(command)
            command = []
        elif command or not re.fullmatch(r"[A-Z_]+=.*", word):
            command.append(word)


def _mistake(command: list[str]) -> str | None:
    """What click minds about commands and names of options, if anything."""
    program: click.Command = _PROGRAMS[command[0].rpartition("/")[2]]
    words = command[1:]
    context = click.Context(program)
    try:
        while isinstance(program, click.Group):
            options = list(takewhile(lambda word: word.startswith("-"), words))
            program.make_parser(context).parse_args(list(options))
            words = words[len(options) :]
            if not words:
                return None
            _, found, words = program.resolve_command(context, words)
            if found is None:
                return f"no such command in {command}"
            program, context = found, click.Context(found, parent=context)
        program.make_parser(context).parse_args(list(words))
    except click.UsageError as error:
        return error.format_message()
    return None


@pytest.mark.parametrize("name", _WITH_COMMANDS)
def test_every_command_line_has_commands_and_options_that_exist(name: str) -> None:
    commands = list(_commands(_text(name)))
    assert commands
    assert [mistake for mistake in map(_mistake, commands) if mistake is not None] == []


def test_command_lines_that_do_not_exist_are_seen() -> None:
    wrong = (
        "```\nKEY=… .venv/bin/extractor extract a.txt --modell x | wc\nextractor modles list\n```"
    )
    mistakes = [_mistake(command) for command in _commands(wrong)]
    assert len(mistakes) == 2
    assert all(mistakes)


def test_the_python_of_the_readme_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = [
        code for _, language, code in _FENCE.findall(_text("README.md")) if language == "python"
    ]
    assert blocks
    answered = pledge(2, who=["Varnholt Energy"], money="340 million euros", what="a wind farm")
    for name in [name for name in os.environ if name.startswith("EXTRACTOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("EXTRACTOR_MODEL", "openai/fake")
    monkeypatch.setenv("EXTRACTOR_FINDER", "rules")
    monkeypatch.chdir(_ROOT)
    for block in blocks:
        with FakeOpenAI(lambda _: reply(answer([answered], []))) as server:
            monkeypatch.setenv("EXTRACTOR_OPENAI_BASE_URL", server.url)
            exec(compile(block, "README.md", "exec"), {})  # noqa: S102
        assert "340000000" in capsys.readouterr().out
