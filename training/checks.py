"""What a machine can check of the corpus: labels that fit, words of its own, no passage twice.

`python -m training.checks FILE...` prints what is wrong and what the corpus holds; exit code 1 if
anything is wrong.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

from eval.errors import DatasetError
from eval.labels.dataset import load_corpora
from eval.labels.gold import GoldCommitment, GoldFile, GoldRecord, faults_of
from eval.labels.passages import CorpusPassage, load_passages
from eval.scoring.dates import parse_edtf
from extractor.article import read_article
from extractor.article.folding import fold_text
from extractor.mentions import find_mentions

_ROOT: Final = Path(__file__).parent.parent
_OTHERS: Final = (_ROOT / "gold", _ROOT / "gold" / "challenge")
# A run of so many words in common is no accident.
_LONG_RUN: Final = 8
# Share of common four-word runs, names and numbers aside, from which two passages are one.
_ALIKE: Final = 0.35
_WORD: Final = re.compile(r"\w+")
_NOTHING_SHARE: Final = 0.40


@dataclass(frozen=True, slots=True)
class CorpusFault:
    """Something wrong with one passage."""

    passage: str
    told: str


def faults(passages: Sequence[CorpusPassage]) -> Iterator[CorpusFault]:
    """Everything that is wrong."""
    counted = Counter(passage.id for passage in passages)
    for name, times in counted.items():
        if times > 1:
            yield CorpusFault(name, f"the id is used {times} times")
    for passage in passages:
        yield from (CorpusFault(passage.id, told) for told in _label_faults(passage))
    yield from _borrowed(passages)
    yield from _repeated(passages)


def _label_faults(passage: CorpusPassage) -> Iterator[str]:
    try:
        gold = passage.gold("check")
    except DatasetError as error:
        yield str(error)
        return
    yield from faults_of(gold, passage.article.encode())
    for record in gold.records:
        yield from _date_faults(record)
        quoted = " … ".join(item.quote for item in record.evidence)
        for name in _names(record):
            if name not in passage.body:
                yield f"{record.id}: {name!r} is not in the passage"
        if isinstance(record, GoldCommitment):
            yield from _figure_faults(record, quoted, passage, gold)


def _names(record: GoldRecord) -> Iterator[str]:
    for field in ("actors", "recipients", "announced_by", "targets", "places"):
        yield from (party.name for party in getattr(record, field, ()))


def _date_faults(record: GoldRecord) -> Iterator[str]:
    for field in ("announced_on", "start", "deadline", "date"):
        value = getattr(record, field, None)
        if value is not None and value.edtf is not None and parse_edtf(value.edtf) is None:
            yield f"{record.id}: {field} {value.edtf!r} is no EDTF of ours"


def _figure_faults(
    record: GoldCommitment, quoted: str, passage: CorpusPassage, gold: GoldFile
) -> Iterator[str]:
    """A figure that our own reading of the quotes does not find: a slip of one or the other."""
    if record.amount is None or record.amount.value is None:
        return
    rules = read_article(passage.article, language=passage.language).rules
    found = find_mentions(fold_text(quoted), rules, None).money
    values = {(float(item.value), item.currency) for item in found if item.value is not None}
    if (float(record.amount.value), record.amount.currency) not in values:
        yield f"{record.id}: {record.amount.raw!r} does not read as {record.amount.value}"


def _borrowed(passages: Sequence[CorpusPassage]) -> Iterator[CorpusFault]:
    known: dict[tuple[str, ...], str] = {}
    for corpus in load_corpora(_OTHERS, ()):
        for item in corpus.items:
            for run in _runs(item.text, _LONG_RUN):
                known[run] = item.name
    for passage in passages:
        for run in _runs(passage.article, _LONG_RUN):
            if run in known:
                yield CorpusFault(passage.id, f"shares {' '.join(run)!r} with {known[run]}")
                break


def _repeated(passages: Sequence[CorpusPassage]) -> Iterator[CorpusFault]:
    """Passages that differ in names and numbers only: a template counts once."""
    shapes = {passage.id: frozenset(_runs(_shape(passage.article), 4)) for passage in passages}
    for language in ("vi", "fr", "en"):
        mine = [passage.id for passage in passages if passage.language == language]
        for one, other in combinations(mine, 2):
            shared = len(shapes[one] & shapes[other])
            if shared and shared / min(len(shapes[one]), len(shapes[other])) >= _ALIKE:
                yield CorpusFault(other, f"is {one} with other names or numbers")


def _shape(text: str) -> str:
    """The text with one sign for every name and number."""
    return re.sub(r"(?<=[\w,;:»”] )[A-ZÀ-ỸĐ]\w*|\d[\d.,\s]*", " # ", text)


def _runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    yield from zip(*(words[start:] for start in range(length)), strict=False)


def summary(passages: Sequence[CorpusPassage]) -> Iterator[str]:
    """What the corpus holds, in lines."""
    empty = sum(not (passage.commitments or passage.events) for passage in passages)
    share = empty / max(1, len(passages))
    yield f"{len(passages)} passages, {empty} with nothing to find ({share:.0%})"
    yield f"languages: {_counted(passage.language for passage in passages)}"
    yield f"domains: {_counted(passage.domain for passage in passages)}"
    commitments = [record for passage in passages for record in passage.commitments]
    events = [record for passage in passages for record in passage.events]
    yield f"{len(commitments)} commitments: {_counted(record.kind for record in commitments)}"
    yield f"  status: {_counted(record.status for record in commitments)}"
    yield f"  certainty: {_counted(record.certainty for record in commitments)}"
    yield f"{len(events)} policy events: {_counted(record.type for record in events)}"
    yield f"  status: {_counted(record.status for record in events)}"
    yield f"phenomena: {_counted(name for passage in passages for name in passage.about)}"


def _counted(names: Iterator[str]) -> str:
    return ", ".join(f"{name} {times}" for name, times in Counter(names).most_common())


def main(files: Sequence[str]) -> int:
    """Check files; print faults and the summary."""
    try:
        passages = load_passages([Path(file) for file in files])
    except DatasetError as error:
        print(error)
        return 1
    found = list(faults(passages))
    for fault in found:
        print(f"{fault.passage}: {fault.told}")
    print("\n".join(summary(passages)))
    print(f"{len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
