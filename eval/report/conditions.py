"""Under which conditions a page's numbers were made: the runs, the labels and the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from eval.judging.comparison import CorpusComparison
from eval.report.grid import Column, Grid, Row, words
from eval.runs.results import RunRecord, Session
from eval.scoring.rules import Rules


def run_tables(record: RunRecord) -> Iterator[Grid]:
    """Everything that a run's record states."""
    models = {name: digest or "remote: no digest" for name, digest in record.models.items()}
    yield _pairs("Models", "model", "sha256 of the weights", models)
    yield _pairs("Systems", "system", "digest of code, prompts and schema", record.systems)
    settings = {name: _plain(value) for name, value in record.settings.items()}
    settings |= {"repeats": str(record.repeats), "schema": record.schema_sha256}
    yield _pairs("Settings", "setting", "value", settings)
    corpora = {
        name: f"{corpus.documents} documents, labels {corpus.gold_sha256}"
        for name, corpus in record.corpora.items()
    }
    yield _pairs("Labels", "corpus", "documents and digest", corpora)
    for session in record.sessions:
        yield _pairs(f"Started {session.started}", "condition", "value", _session(session))


def changes(
    comparisons: Sequence[CorpusComparison], records: Sequence[RunRecord], rules: Rules
) -> tuple[str, ...]:
    """What is no longer as it was when the runs were made."""
    told = []
    known = {(record.rules_version, record.rules_sha256) for record in records}
    for version, digest in sorted(known - {(rules.version, rules.sha256)}):
        told.append(
            f"Scored by rules {rules.version} ({rules.sha256[:12]}); a run was made when they were "
            f"{version} ({digest[:12]})."
        )
    for found in comparisons:
        corpus = found.corpus
        digests = {
            record.corpora[corpus.name].gold_sha256
            for record in records
            if corpus.name in record.corpora
        }
        if digests - {corpus.gold_sha256}:
            told.append(f"The labels of {corpus.name} have changed since a run was made.")
    return tuple(told)


def rule_tables(rules: Rules) -> Iterator[Grid]:
    """The whole table of weights and thresholds, a part for each of its groups."""
    parts: dict[str, dict[str, str]] = {}
    table: Mapping[str, object] = rules.model_dump()
    for path, value in _flat(table):
        group, _, name = path.partition(".")
        parts.setdefault(group if name else "general", {})[name or group] = value
    for group, values in parts.items():
        yield _pairs(group.replace("_", " "), "rule", "value", values)


def _session(session: Session) -> Mapping[str, str]:
    dirty = {None: "", True: ", with uncommitted changes", False: ""}[session.git_dirty]
    return {
        "git revision": f"{session.git_revision or 'unknown'}{dirty}",
        "python": session.python,
        "platform": f"{session.platform}, {session.cpus} processors",
        **session.packages,
    }


def _pairs(title: str, corner: str, column: str, values: Mapping[str, str]) -> Grid:
    rows = tuple(Row(name, (words(value),)) for name, value in values.items())
    return Grid(title, corner, (Column(column),), rows)


def _flat(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _flat(part, f"{path}.{name}" if path else str(name))
    else:
        yield path, _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, list):
        nested = any(isinstance(part, list) for part in value)
        return ("; " if nested else ", ").join(_plain(part) for part in value) or "none"
    return "none" if value is None else str(value)
