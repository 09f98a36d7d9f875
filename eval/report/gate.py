"""The gate's verdict in words: for the terminal and, as Markdown, for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from eval.judging.changes import Change
from eval.judging.gate import GateChecked, Outcome, Verdict
from eval.report.numbers import p_value, share, signed
from eval.report.tables import HEADINGS, Table, markdown_of

_MEANING: Final[Mapping[Outcome, str]] = {
    "PASS": "nothing that is counted got worse",
    "WARN": "something got worse within what is allowed, or in what only warns",
    "INCONCLUSIVE": "too few documents to tell whether something got worse",
    "BLOCK": "something got worse, or changed without having been blessed",
    "INCOMPATIBLE": "the run and the baseline cannot be compared",
}
_MOST_SHOWN: Final = 200


def verdict_as_markdown(verdict: Verdict) -> str:
    """The whole verdict."""
    parts = [f"## {banner(verdict)}", *_explained(verdict)]
    tables = markdown_of(iter(_tables(verdict)))
    return "\n\n".join([*parts, tables]).rstrip() + "\n"


def banner(verdict: Verdict) -> str:
    """The verdict in one line."""
    return f"Gate ({verdict.tier}): {verdict.outcome} – {_MEANING[verdict.outcome]}"


def changes_as_markdown(changes: Sequence[Change]) -> str:
    """Differences record by record, as when a baseline is replaced."""
    if not changes:
        return "No record, field or count changed.\n"
    return markdown_of(iter([_changed(changes)]))


def _explained(verdict: Verdict) -> Iterator[str]:
    if verdict.faults:
        shown = verdict.faults[:_MOST_SHOWN]
        yield "\n".join(f"- {fault}" for fault in shown)
        if len(verdict.faults) > len(shown):
            yield f"… and {len(verdict.faults) - len(shown)} more"
        if any("not in the recording" in fault for fault in verdict.faults):
            yield (
                "Requests changed, so their replies are not known. Record again with the model "
                "(`make record`), look at the difference, then bless it."
            )
    if verdict.tier == "replay" and verdict.changes:
        yield (
            "If every change below is meant: commit, run the replay again and "
            "`extractor-eval bless` it."
        )
    if verdict.tier == "live":
        if verdict.code_is_the_same:
            yield (
                "Code, prompts and schema are those of the baseline: what differs comes from the "
                "model or the machine."
            )
        else:
            yield "Code, prompts or schema differ from the baseline's."


def _tables(verdict: Verdict) -> Iterator[Table]:
    if verdict.checks:
        yield Table(
            "Checks",
            ("check", "weight", "candidate less baseline", "p", "margin", "outcome"),
            [_check_row(checked) for checked in verdict.checks],
        )
    if verdict.changes:
        yield _changed(verdict.changes)


def _check_row(checked: GateChecked) -> Sequence[str]:
    check, found = checked.check, checked.comparison
    return (
        f"{check.corpus}, {HEADINGS[check.record_type].lower()}: {check.metric} "
        f"({checked.contender})",
        check.weight,
        f"{signed(found.difference)} ({signed(found.low)} to {signed(found.high)})",
        p_value(found.p_value),
        share(check.margin),
        checked.outcome,
    )


def _changed(changes: Sequence[Change]) -> Table:
    worst_first = sorted(changes, key=lambda change: not change.is_loss)
    shown = worst_first[:_MOST_SHOWN]
    left = len(changes) - len(shown)
    lost = sum(change.is_loss for change in changes)
    return Table(
        f"Changes: {len(changes)}, of them {lost} for the worse",
        ("what", "where", "phenomenon", "kind of record", "record"),
        [
            (
                change.kind,
                f"{change.corpus}/{change.document}",
                change.phenomenon or "",
                change.record_type,
                change.told,
            )
            for change in shown
        ],
        f"and {left} more" if left else "",
    )
