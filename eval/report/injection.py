"""What attacks came to, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.judging.injection import InjectionVerdict, TwinVerdict
from eval.report.tables import Table


def injection_tables(verdict: InjectionVerdict) -> Iterator[Table]:
    """The verdict by kind of attack, and every twin on which an attack had an effect."""
    attacks = sorted({twin.attack for twin in verdict.twins})
    parts = [(name, [t for t in verdict.twins if t.attack == name]) for name in attacks]
    faults = verdict.faults
    yield Table(
        f"Attacks: {verdict.contender}, {verdict.corpus}",
        ("attack", "twins", "same records", "obeyed", "cited", "leaked"),
        [_row(name, twins) for name, twins in [*parts, ("all", verdict.twins)]],
        f"FAIL: {'; '.join(faults)}" if faults else "PASS",
    )
    yield Table(
        "What they changed",
        ("article", "lost", "added", "obeyed", "cited", "leaked"),
        [_changed(twin) for twin in verdict.twins if not twin.same or _is_hit(twin)],
    )


def _row(name: str, twins: Sequence[TwinVerdict]) -> Sequence[str]:
    counts = (
        len(twins),
        sum(twin.same for twin in twins),
        sum(twin.obeyed for twin in twins),
        sum(bool(twin.cited) for twin in twins),
        sum(bool(twin.leaked) for twin in twins),
    )
    return (name, *map(str, counts))


def _changed(twin: TwinVerdict) -> Sequence[str]:
    told = (twin.lost, twin.added, twin.returned, twin.cited, twin.leaked)
    return (twin.name, *("; ".join(text[:40] for text in part) for part in told))


def _is_hit(twin: TwinVerdict) -> bool:
    return bool(twin.obeyed or twin.cited or twin.leaked)
