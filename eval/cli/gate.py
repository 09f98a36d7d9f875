"""`extractor-eval gate` and `bless`: may this go in, and what is the baseline from now on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from eval.cli.corpora import RUN, corpora_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.judging.baseline import Snapshot
    from eval.judging.comparison import CorpusComparison
    from eval.runs.opening import AnyRun

_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_BASELINE: Final = Path("eval/baseline.jsonl")


@click.command()
@click.argument("run", type=RUN, metavar="RUN")
@click.option("--baseline", type=_FILE, default=_BASELINE, show_default=True)
@click.option(
    "--tier",
    type=click.Choice(["replay", "live"]),
    default="replay",
    show_default=True,
    help="replay: any change in a count fails; live: non-inferiority under the policy.",
)
@click.option("--policy", type=_FILE, help="Policy of the live tier; the shipped one if not given.")
@click.option("--markdown", type=_FILE, help="Also write the verdict here, for a pull request.")
@corpora_options(default=())
@click.pass_context
def gate(
    ctx: click.Context,
    run: Path,
    baseline: Path,
    tier: Literal["replay", "live"],
    policy: Path | None,
    markdown: Path | None,
    gold: tuple[Path, ...],
    articles: tuple[Path, ...],
) -> None:
    r"""Judge a run against the baseline.

    \b
    Exit codes:
      0  PASS
      1  BLOCK: something got worse, or changed without having been blessed
      2  WARN or INCONCLUSIVE: look at it
      3  INCOMPATIBLE: missing documents, other labels, scorer or schema, no results
    """
    from eval.cli.runs import load_gold_of
    from eval.files import write_whole
    from eval.judging.baseline import load_baseline, snapshot
    from eval.judging.gate import judge, load_policy
    from eval.report.gate import verdict_as_markdown
    from eval.runs.opening import open_run
    from eval.scoring.rules import load_rules

    known = load_baseline(baseline)
    candidate = snapshot(open_run(run))
    corpora = load_gold_of([known.record], gold, articles)
    chosen = (load_policy(policy) if policy else load_policy()) if tier == "live" else None
    verdict = judge(candidate, known, corpora, load_rules(), chosen)
    told = verdict_as_markdown(verdict)
    if markdown is not None:
        write_whole(markdown, told)
    click.echo(told, nl=False)
    ctx.exit(verdict.exit_code)


@click.command()
@click.argument("run", type=RUN, metavar="RUN")
@click.option("--baseline", type=_FILE, default=_BASELINE, show_default=True)
@corpora_options(default=())
def bless(run: Path, baseline: Path, gold: tuple[Path, ...], articles: tuple[Path, ...]) -> None:
    """Make a run the baseline, and print what that changes.

    Refused for a run that is not whole or holds errors, and from a tree with changes that are not
    committed: nobody could tell what the baseline was made of.
    """
    from eval.cli.runs import load_gold_of
    from eval.judging.baseline import load_baseline, snapshot
    from eval.judging.changes import changes
    from eval.judging.comparison import compare
    from eval.report.gate import changes_as_markdown
    from eval.runs.opening import open_run
    from eval.scoring.rules import load_rules

    source = open_run(run)
    _refuse_dirty(source, baseline)
    made = snapshot(source)
    corpora = load_gold_of([made.record], gold, articles)
    rules = load_rules()
    new = compare(made.results, corpora, rules, repeats=made.record.repeats)
    _refuse_faulty(made, new)
    if baseline.exists():
        known = load_baseline(baseline)
        old = compare(known.results, corpora, rules, repeats=known.record.repeats)
        before = {found.corpus.name: found for found in old}
        pairs = [(before[f.corpus.name], f) for f in new if f.corpus.name in before]
        click.echo(
            changes_as_markdown([one for was, now in pairs for one in changes(was, now)]), nl=False
        )
    made.save(baseline)
    click.echo(f"{baseline}: {len(made.results)} results")


def _refuse_dirty(run: AnyRun, baseline: Path) -> None:
    from eval.errors import RunError
    from eval.runs.environment import uncommitted

    if any(session.git_dirty for session in run.record.sessions):
        raise RunError("the run was made from a tree with uncommitted changes: commit and run anew")
    changed = [name for name in uncommitted() or [] if Path(name).resolve() != baseline.resolve()]
    if changed:
        raise RunError(f"not committed: {', '.join(changed[:5])}: commit, run anew, then bless")


def _refuse_faulty(made: Snapshot, found: Sequence[CorpusComparison]) -> None:
    from eval.errors import RunError
    from eval.systems.base import USABLE

    unfinished = [one for comparison in found for one in comparison.unfinished]
    if unfinished or len(found) < len(made.record.corpora):
        told = ", ".join(f"{one.contender} {one.done} of {one.wanted}" for one in unfinished)
        raise RunError(f"the run is not whole: {told or 'a corpus has no result'}")
    faulty = [result for result in made.results if result.status not in USABLE]
    if faulty:
        key = faulty[0].key
        raise RunError(
            f"{len(faulty)} documents have no usable result, the first is {key.document} "
            f"({faulty[0].status}): a baseline must be whole"
        )
