"""`python -m eval.bench.walk PAGE`: the commands of a page, run again, and their output written in.

In blocks of the language `console` a line that begins with `$ ` is a command, and what follows it
is what it printed. All commands of a page run in one shell, in a new folder.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import click

_BLOCK: Final = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
_PROMPT: Final = "$ "
_COLUMNS: Final = 110


def commands_of(block: str) -> list[str]:
    """The commands of a block; one goes on in the next line after a backslash."""
    found: list[str] = []
    goes_on = False
    for line in block.splitlines():
        if goes_on:
            found[-1] += f"\n{line}"
        elif line.startswith(_PROMPT):
            found.append(line.removeprefix(_PROMPT))
        else:
            continue
        goes_on = line.endswith("\\")
    return found


def walked(page: str, run: Callable[[str], str]) -> str:
    """The page with what its commands print now."""

    def walk(block: re.Match[str]) -> str:
        told = ""
        for command in commands_of(block[0]):
            printed = "\n".join(line.rstrip() for line in run(command).splitlines())
            told += f"{_PROMPT}{command}\n" + (f"{printed}\n" if printed else "")
        return told

    return _BLOCK.sub(walk, page)


class WalkShell:
    """A shell in a folder of its own, with the project's commands."""

    def __init__(self, folder: Path) -> None:
        programs = str(Path(sys.executable).parent)
        environment = {
            **{name: value for name, value in os.environ.items() if "EXTRACTOR_" not in name},
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": str(_COLUMNS),
        }
        self._shell = subprocess.Popen(
            ["bash"],  # noqa: S607 - whichever the machine has
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.killpg(self._shell.pid, signal.SIGKILL)  # what it left in the background too
        self._shell.communicate()

    def run(self, command: str) -> str:
        """What a command prints.

        Raises:
            BrokenPipeError: the shell has ended.
        """
        click.echo(f"{_PROMPT}{command}", err=True)
        told, heard = self._shell.stdin, self._shell.stdout
        if told is None or heard is None:
            raise BrokenPipeError
        end = f"end of {hash(command)}"
        told.write(f"{command}\necho; echo '{end}'\n")
        told.flush()
        lines: list[str] = []
        for line in heard:
            if line.rstrip("\n") == end:
                break
            click.echo(line.rstrip("\n"), err=True)
            lines.append(line)
        return "".join(lines).strip("\n")


@click.command()
@click.argument("page", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(page: Path) -> None:
    """Run the commands of PAGE in a new folder, and write what they print into it."""
    with tempfile.TemporaryDirectory() as folder, WalkShell(Path(folder)) as shell:
        told = walked(page.read_text(encoding="utf-8"), shell.run)
    page.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
