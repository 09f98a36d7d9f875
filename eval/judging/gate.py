"""The gate: whether a change may go in.

The replay tier compares counts exactly: recorded replies leave nothing to chance, so any difference
is the work of the code, and passes only once it has been blessed. The live tier asks whether a
model's new answers are not worse than the baseline's by more than a margin (non-inferiority), on
the documents that both have.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from eval.errors import EvaluationError
from eval.judging.baseline import Snapshot
from eval.judging.changes import Change, changes
from eval.judging.comparison import ContenderResult, CorpusComparison, compare
from eval.labels.dataset import Corpus
from eval.scoring.counts import METRICS, metric_named
from eval.scoring.rules import Rules
from eval.statistics.intervals import Comparison, paired_difference
from extractor.records import RecordType

Tier: TypeAlias = Literal["replay", "live"]
Weight: TypeAlias = Literal["critical", "supporting", "advisory"]
Outcome: TypeAlias = Literal["PASS", "WARN", "INCONCLUSIVE", "BLOCK", "INCOMPATIBLE"]

EXIT_CODES: Final[Mapping[Outcome, int]] = {
    "PASS": 0,
    "BLOCK": 1,
    "WARN": 2,
    "INCONCLUSIVE": 2,
    "INCOMPATIBLE": 3,
}
# Worse outcomes later: the worst of all checks decides.
_ORDER: Final[tuple[Outcome, ...]] = ("PASS", "INCONCLUSIVE", "WARN", "BLOCK", "INCOMPATIBLE")
_POLICY: Final = Path(__file__).with_name("policy.toml")


class PolicyError(EvaluationError):
    """The policy file cannot be used; the message says why."""

    exit_code = 2


class GateCheck(BaseModel):
    """One thing that must not get worse."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    corpus: str
    record_type: RecordType
    metric: str
    weight: Weight
    """critical: a loss blocks; supporting: a loss warns; advisory: a loss is told."""
    margin: Annotated[float, Field(gt=0, lt=1)]
    """How much worse is still not worse."""

    @field_validator("metric")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in METRICS:
            raise ValueError(f"no metric {name!r}")
        return name


class GatePolicy(BaseModel):
    """All checks of the live tier."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    check: Annotated[tuple[GateCheck, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class GateChecked:
    """A check, and what the documents say."""

    check: GateCheck
    contender: str
    comparison: Comparison
    """Candidate less baseline."""
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says, with its reasons."""

    tier: Tier
    faults: tuple[str, ...]
    """Why the runs cannot be compared; then nothing else counts."""
    changes: tuple[Change, ...]
    checks: tuple[GateChecked, ...]
    code_is_the_same: bool
    """Whether code, prompts and schema are those of the baseline: then only models drift."""

    @property
    def outcome(self) -> Outcome:
        """The worst of everything: banner and exit code come from here."""
        if self.faults:
            return "INCOMPATIBLE"
        if self.tier == "replay":
            return "BLOCK" if self.changes else "PASS"
        return max((one.outcome for one in self.checks), key=_ORDER.index, default="INCOMPATIBLE")

    @property
    def exit_code(self) -> int:
        """0 may go in, 1 must not, 2 look at it, 3 could not be compared."""
        return EXIT_CODES[self.outcome]


def load_policy(file: Path = _POLICY) -> GatePolicy:
    """The policy of a file; without one, the one shipped.

    Raises:
        PolicyError: the file cannot be used.
    """
    try:
        return GatePolicy.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{file.name}: {error}") from None
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        raise PolicyError(
            f"{file.name}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        ) from None


def judge(
    candidate: Snapshot,
    baseline: Snapshot,
    corpora: Sequence[Corpus],
    rules: Rules,
    policy: GatePolicy | None = None,
) -> Verdict:
    """Judge a run against the baseline: by policy, or without one exactly, as a replay.

    Raises:
        RunError: there is no result of any document.
    """
    repeats = baseline.record.repeats
    old = compare(baseline.results, corpora, rules, repeats=repeats)
    new = compare(candidate.results, corpora, rules, repeats=candidate.record.repeats)
    faults = tuple(_faults(candidate, baseline, corpora, rules))
    by_name = {found.corpus.name: found for found in new}
    pairs = [(found, by_name[found.corpus.name]) for found in old if found.corpus.name in by_name]
    checks: tuple[GateChecked, ...] = ()
    if policy is not None and not faults:
        checks = tuple(_checks(policy, pairs))
        if not checks:
            faults = ("no check of the policy belongs to what was run",)
    systems = baseline.record.systems
    return Verdict(
        tier="live" if policy else "replay",
        faults=faults,
        changes=tuple(change for was, now in pairs for change in changes(was, now)),
        checks=checks,
        code_is_the_same=all(
            candidate.record.systems.get(name) == digest for name, digest in systems.items()
        ),
    )


def _faults(
    candidate: Snapshot, baseline: Snapshot, corpora: Sequence[Corpus], rules: Rules
) -> Iterator[str]:
    old, new = baseline.record, candidate.record
    if old.rules_sha256 != rules.sha256:
        yield f"the baseline was scored by table {old.rules_version}, this is {rules.version}"
    if old.schema_sha256 != new.schema_sha256:
        yield "the schema of an extraction is another than the baseline's"
    now = {corpus.name: corpus.gold_sha256 for corpus in corpora}
    for name, known in old.corpora.items():
        if now.get(name) != known.gold_sha256:
            yield f"the labels of {name} are others than the baseline's"
    wanted = {result.key for result in baseline.results}
    if not wanted:
        yield "the baseline holds no result"
    found = {result.key: result for result in candidate.results}
    for key in sorted(wanted - set(found), key=str):
        yield f"{key.corpus}/{key.document}: no result of {key.model} · {key.system}"
    for key in sorted(wanted & set(found), key=str):
        if found[key].status == "error":
            yield f"{key.corpus}/{key.document}: {found[key].detail}"
    for corpus in corpora:
        for item in corpus.items:
            if not any(key.document == item.name for key in wanted):
                yield f"{corpus.name}/{item.name}: the baseline has no result"


def _checks(
    policy: GatePolicy, pairs: Sequence[tuple[CorpusComparison, CorpusComparison]]
) -> Iterator[GateChecked]:
    for check in policy.check:
        for was, now in pairs:
            if was.corpus.name != check.corpus:
                continue
            before = {result.contender: result for result in was.results}
            for result in now.results:
                if result.contender in before:
                    yield _checked(check, was.corpus, before[result.contender], result)


def _checked(
    check: GateCheck, corpus: Corpus, old: ContenderResult, new: ContenderResult
) -> GateChecked:
    found = paired_difference(
        new.types[check.record_type].rows,
        old.types[check.record_type].rows,
        metric_named(check.metric),
        clusters=corpus.clusters,
    )
    return GateChecked(check, str(new.contender), found, outcome_of(found, check))


def outcome_of(found: Comparison, check: GateCheck) -> Outcome:
    """What one comparison means under its margin and weight; the first rule that fits decides."""
    outcome: Outcome
    if found.high < -check.margin or (found.difference < -check.margin and found.p_value < 0.05):
        outcome = "BLOCK"
    elif found.low > -check.margin:
        outcome = "WARN" if found.high < 0 else "PASS"
    else:
        outcome = "INCONCLUSIVE"
    if check.weight == "advisory":
        return "PASS"
    return "WARN" if check.weight == "supporting" and outcome == "BLOCK" else outcome
