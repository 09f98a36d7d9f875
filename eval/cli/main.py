"""The commands, and how every error ends. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import errno
import sys
from io import TextIOWrapper

import click

from eval.cli.agreement import agreement
from eval.cli.compare import compare
from eval.cli.gate import bless, gate
from eval.cli.report import report
from eval.cli.run import run
from eval.cli.score import score
from eval.errors import EvaluationError
from extractor import __version__
from extractor.errors import ExtractorError
from extractor.telling import tell_defect, tell_error

_INTERRUPTED = 130
_USAGE = 2

_EPILOG = """\b
Exit codes:
  0    everything was done
  1    a defect of the harness
  2    wrong usage, or a model or system that cannot be opened here
  3    labels, predictions or runs that cannot be scored or compared
  130  interrupted; the same command goes on where it stopped
"""


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> None:
        """Run the command; every error ends as one line on stderr and an exit code."""
        try:
            super().invoke(ctx)
        except EvaluationError as error:
            click.echo(f"extractor-eval: {error}", err=True)
            ctx.exit(error.exit_code)
        except ExtractorError as error:
            click.echo(f"extractor-eval: {tell_error(error)}", err=True)
            ctx.exit(_USAGE)
        except KeyboardInterrupt:
            click.echo("extractor-eval: interrupted; the same command goes on from here", err=True)
            ctx.exit(_INTERRUPTED)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            click.echo(f"extractor-eval: {error.strerror}: {error.filename or 'output'}", err=True)
            ctx.exit(_USAGE)
        except Exception as error:
            click.echo(f"extractor-eval: {ExtractorError.hint} {tell_defect(error)}", err=True)
            ctx.exit(ExtractorError.exit_code)


@click.group(
    cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, message="extractor-eval %(version)s")
def main() -> None:
    """Measure extractions against labels: run models, score, compare, report."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


for command in (run, score, compare, report, gate, bless, agreement):
    main.add_command(command)
