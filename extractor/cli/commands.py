"""A group of commands in which every error ends as one line on stderr and an exit code."""

from __future__ import annotations

import errno
import sys
from io import TextIOWrapper
from typing import ClassVar

import click

from extractor.errors import ExtractorError
from extractor.messages import tell_defect, tell_error

_INTERRUPTED = 130
_CANNOT_WRITE = 2


class Commands(click.Group):
    """The commands of one program."""

    program: ClassVar[str] = "extractor"
    interrupted: ClassVar[str] = "interrupted"

    def invoke(self, ctx: click.Context) -> None:
        """Run the command."""
        try:
            super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except KeyboardInterrupt:
            self._end(ctx, self.interrupted, _INTERRUPTED)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            self._end(ctx, f"{error.strerror}: {error.filename or 'output'}", _CANNOT_WRITE)
        except Exception as error:
            self._end(ctx, *self.outcome_of(error))

    def outcome_of(self, error: Exception) -> tuple[str, int]:
        """What to say of an error, and the exit code."""
        if isinstance(error, ExtractorError):
            return tell_error(error), error.exit_code
        return f"{ExtractorError.hint} {tell_defect(error)}", ExtractorError.exit_code

    def _end(self, ctx: click.Context, told: str, exit_code: int) -> None:
        click.echo(f"{self.program}: {told}", err=True)
        ctx.exit(exit_code)


def write_utf8() -> None:
    """JSON is UTF-8 whatever the locale, and an undecodable file name must not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
