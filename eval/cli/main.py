"""The commands, and how every error ends; nothing heavy is imported before a command runs."""

from __future__ import annotations

import click

from eval.cli.agreement import agreement
from eval.cli.ceiling import ceiling
from eval.cli.comment import comment
from eval.cli.compare import compare, report
from eval.cli.gate import bless, gate
from eval.cli.injection import injection
from eval.cli.labels import labels
from eval.cli.linking import linking
from eval.cli.packing import pack, unpack
from eval.cli.run import run
from eval.cli.score import score
from eval.errors import EvaluationError
from extractor import __version__
from extractor.cli.commands import Commands, write_utf8
from extractor.errors import ExtractorError
from extractor.messages import tell_error

_USAGE = 2

_EPILOG = """\b
Exit codes:
  0    everything was done
  1    a defect of the harness
  2    wrong usage, or a model or system that cannot be opened here
  3    labels, predictions or runs that cannot be scored or compared
  130  interrupted; the same command goes on where it stopped
"""


class _Commands(Commands):
    program = "extractor-eval"
    interrupted = "interrupted; the same command goes on from here"

    def outcome_of(self, error: Exception) -> tuple[str, int]:
        """What to say of an error, and the exit code."""
        if isinstance(error, EvaluationError):
            return str(error), error.exit_code
        if isinstance(error, ExtractorError):
            return tell_error(error), _USAGE
        return super().outcome_of(error)


@click.group(
    cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, message="extractor-eval %(version)s")
def main() -> None:
    """Measure extractions against labels: run models, score, compare, report."""
    write_utf8()


for command in (
    *(run, score, compare, report, pack, unpack),
    *(gate, bless, comment, injection, agreement, ceiling, labels, linking),
):
    main.add_command(command)
