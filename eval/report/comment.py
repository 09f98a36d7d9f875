"""The comment of a pull request, as Markdown: what the change did, its cost, the worst records.

Quotes and titles are strangers' texts, so they stand in spans of code: there no name is called, no
picture is fetched and no mark has a meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from eval.judging.changes import Change
from eval.judging.comparison import Cost
from eval.judging.pull_request import ChangeWord, CostChange, RunChange, ScoreChange
from eval.report.numbers import interval, p_value, share, signed
from eval.report.tables import HEADINGS, Table, markdown_of
from extractor.messages import clean_line
from extractor.phrases import many

MARK: Final = "<!-- extractor-eval comment -->"
"""The first line, by which a workflow finds the comment that it posted before."""
_WORST: Final = 5
_LONGEST: Final = 400
_ICONS: Final[dict[ChangeWord, str]] = {"regression": "🔴", "noise": "⚪", "better": "🟢"}
_MEANING: Final[dict[ChangeWord, str]] = {
    "regression": "a score fell by more than chance explains",
    "noise": "no score moved by more than chance explains",
    "better": "a score rose by more than chance explains, and none fell",
}


def comment_of(change: RunChange, *, stamp: str) -> str:
    """The comment; `stamp` says under which rules it was scored."""
    same = not change.changes and all(one.is_same for one in change.scores)
    meaning = "nothing that is counted changed" if same else _MEANING[change.word]
    parts = [
        MARK,
        f"## {_ICONS[change.word]} {change.word}: {meaning}",
        _counted(change),
        markdown_of(iter([_scores([one for one in change.scores if not one.is_same])])).strip(),
        _folded([one for one in change.scores if one.is_same]),
        markdown_of(iter([_costs(change)])).strip(),
        *_worst(change.worst(_WORST)),
        *(f"Not compared: {literal(one)}" for one in change.left_out),
        f"<sub>Intervals of 95 % from resampling independent articles; p of paired randomisation, "
        f"adjusted for {len(change.scores)} comparisons (Holm). {stamp}</sub>",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def literal(text: str) -> str:
    """A text in one line as a span of code, whatever it holds."""
    line = clean_line(text)
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST - 1]}…"
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line or '–'} {fence}"


def _counted(change: RunChange) -> str:
    kinds = {
        "lost": "lost",
        "won": "won",
        "new false alarm": "new false alarms",
        "false alarm gone": "false alarms gone",
        "field": "with other fields",
    }
    counts = [
        f"{words} {times}"
        for kind, words in kinds.items()
        if (times := sum(one.kind == kind for one in change.changes))
    ]
    return f"Records: {', '.join(counts)}." if counts else ""


def _scores(scores: Sequence[ScoreChange]) -> Table:
    head = ("verdict", "model · system", "corpus", "records", "score", "before", "now")
    return Table(
        "Scores",
        (*head, "difference", "p (Holm)"),
        [_score_row(one) for one in scores],
        _detectable(scores),
    )


def _score_row(one: ScoreChange) -> Sequence[str]:
    found = one.comparison
    return (
        f"{_ICONS[one.word]} {one.word}",
        str(one.contender),
        one.corpus,
        HEADINGS[one.record_type].lower(),
        one.metric.replace("_f1", " F1"),
        interval(one.before),
        interval(one.after),
        f"{signed(found.difference)} ({signed(found.low)} to {signed(found.high)})",
        p_value(one.adjusted_p),
    )


def _folded(scores: Sequence[ScoreChange]) -> str:
    """The scores of which nothing changed, out of the way."""
    if not scores:
        return ""
    table = Table(
        "Unchanged",
        ("model · system", "corpus", "records", "score", "now"),
        [
            (
                str(one.contender),
                one.corpus,
                HEADINGS[one.record_type].lower(),
                one.metric.replace("_f1", " F1"),
                interval(one.after),
            )
            for one in scores
        ],
    )
    told = f"<details><summary>{many(len(scores), 'score')} of unchanged counts</summary>"
    return f"{told}\n\n{markdown_of(iter([table])).strip()}\n\n</details>"


def _costs(change: RunChange) -> Table:
    return Table(
        "Cost and time, now : before",
        ("model · system", "corpus", "seconds", "calls", "prompt tokens", "output tokens", "USD"),
        [_cost_row(one) for one in change.costs],
    )


def _detectable(scores: Sequence[ScoreChange]) -> str:
    seen = [one.comparison.mde for one in scores if 0 < one.comparison.mde < 1]
    if not seen:
        return ""
    return (
        f"A true difference of {share(min(seen))} to {share(max(seen))}, depending on the row, "
        "would mostly be seen."
    )


def _cost_row(one: CostChange) -> Sequence[str]:
    figures: tuple[tuple[Callable[[Cost], float | None], str], ...] = (
        (lambda cost: cost.seconds, ",.0f"),
        (lambda cost: cost.calls, ",.0f"),
        (lambda cost: cost.prompt_tokens, ",.0f"),
        (lambda cost: cost.output_tokens, ",.0f"),
        (lambda cost: cost.cost_usd, ".4f"),
    )
    ratios = (_ratio(of(one.before), of(one.after), written) for of, written in figures)
    return (str(one.contender), one.corpus, *ratios)


def _ratio(before: float | None, after: float | None, written: str) -> str:
    if before is None or after is None:
        return "unknown"
    if not before:
        return "–" if not after else f"{after:{written}}, before not kept"
    return f"× {after / before:.2f} ({after:{written}})"


def _worst(worst: Sequence[Change]) -> Iterator[str]:
    if not worst:
        yield "No record got worse."
        return
    yield f"### The {len(worst)} worst records" if len(worst) > 1 else "### The worst record"
    for number, one in enumerate(worst, start=1):
        what = "changed" if one.kind == "field" else one.kind
        yield (
            f"{number}. **{what}**, {one.record_type.replace('_', ' ')} in "
            f"{literal(f'{one.corpus}/{one.document}')} ({one.contender}): {literal(one.told)}\n"
            f"   > {literal(one.quote)}"
        )
