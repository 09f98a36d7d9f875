"""Fits the lines of the confidence on records of which labels tell whether they are right.

    python -m training.confidence RUN --gold gold --gold gold/held-out

RUN is a folder of `extractor-eval run`. A record counts as right if it is paired with a label. What
is printed goes into `extractor/checking/confidence.toml`, under the policy of the run; beside each
line stand the expected calibration error and the Brier score of five folds by article.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import numpy as np

from eval.labels.dataset import Corpus, LabelledArticle, load_corpora
from eval.runs.folder import RunFolder
from eval.scoring.documents import Case, Scorer
from eval.scoring.rules import RECORD_TYPES, load_rules
from extractor.article import read_article
from extractor.kinds import KINDS, AnyRecord
from extractor.records import Extraction, RecordType
from extractor.selection import Finder, open_finder
from extractor.settings import load_settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST: Final = 0.02
_MOST: Final = 0.9999
_FOLDS: Final = 5
_BINS: Final = 5
# Few wrong records tell little of each sign: the line is held near flat.
_STRENGTH: Final = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """One record: what is known of it, and whether a label says that it is right."""

    document: str
    odds: float
    """Log odds of the finder."""
    doubts: int
    right: bool


@click.command()
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--gold", multiple=True, required=True, type=click.Path(path_type=Path))
@click.option("--articles", multiple=True, type=click.Path(path_type=Path))
def main(run: Path, gold: tuple[Path, ...], articles: tuple[Path, ...]) -> None:
    """Print a line for each kind of record of RUN."""
    finder = open_finder(load_settings())
    corpora = load_corpora(gold, articles)
    for record_type in RECORD_TYPES:
        seen = list(seen_in(run, corpora, record_type, finder))
        if len({one.right for one in seen}) < 2:
            click.echo(f"# {record_type}: {len(seen)} records, all alike: no line can be fitted")
            continue
        line = fit(seen)
        guessed = np.concatenate([_held_out(seen, fold) for fold in range(_FOLDS)])
        error, brier = _calibration(guessed)
        click.echo(
            f"# {len(seen)} records, {sum(one.right for one in seen)} right; "
            f"five folds: ECE {error:.3f}, Brier {brier:.3f}\n[{record_type}]\n"
            f"start = {line[0]:.2f}\nfinder = {line[1]:.2f}\ndoubt = {-line[2]:.2f}\n"
        )


def seen_in(
    run: Path, corpora: Sequence[Corpus], record_type: RecordType, finder: Finder
) -> Iterator[Seen]:
    """The records of one kind in a run."""
    scorer = Scorer(load_rules())
    items = {(corpus.name, item.name): item for corpus in corpora for item in corpus.items}
    for result in RunFolder(run).results():
        item = items.get((result.key.corpus, result.key.document))
        if item is not None and result.extraction is not None:
            yield from _records(item, result.extraction, record_type, scorer, finder)


def _records(
    item: LabelledArticle,
    found: Extraction,
    record_type: RecordType,
    scorer: Scorer,
    finder: Finder,
) -> Iterator[Seen]:
    score = scorer.score(Case(item.gold, found, item.text)).of(record_type)
    paired = {pair.predicted for pair in score.alignment.pairs}
    article = read_article(item.text, published_at=item.published_at)
    records: Sequence[AnyRecord] = getattr(found, KINDS[record_type].listed)
    cited = {evidence.sentence for record in records for evidence in record.evidence}
    chosen = finder.find(article, cited)[record_type]
    for place, record in enumerate(records):
        numbers = [evidence.sentence for evidence in record.evidence]
        chance = max((chosen[n].probability for n in numbers if n in chosen), default=0.0)
        chance = min(max(chance, _LEAST), _MOST)
        rules = {doubt.rule for doubt in record.doubts}
        yield Seen(item.name, math.log(chance / (1 - chance)), len(rules), place in paired)


def fit(seen: Sequence[Seen]) -> NDArray[np.float64]:
    """A vector: start, weight of the finder's odds, weight of a doubt (never above nothing)."""
    from sklearn.linear_model import LogisticRegression

    signs = np.array([[one.odds, one.doubts] for one in seen])
    right = np.array([one.right for one in seen])
    fitted = LogisticRegression(C=_STRENGTH).fit(signs, right)
    finder, doubt = fitted.coef_[0]
    return np.array([fitted.intercept_[0], max(finder, 0.0), min(doubt, 0.0)])


def _held_out(seen: Sequence[Seen], fold: int) -> NDArray[np.float64]:
    """Probability and rightness of the records of a fold, by a line that has not seen it."""
    inside = [one for one in seen if _fold_of(one.document) == fold]
    outside = [one for one in seen if _fold_of(one.document) != fold]
    if not inside or len({one.right for one in outside}) < 2:
        return np.empty((0, 2))
    line = fit(outside)
    odds = np.array([line @ (1.0, one.odds, one.doubts) for one in inside])
    return np.column_stack([1 / (1 + np.exp(-odds)), [one.right for one in inside]])


def _calibration(guessed: NDArray[np.float64]) -> tuple[float, float]:
    parts = np.array_split(guessed[guessed[:, 0].argsort()], _BINS)
    gaps = [len(part) * abs(part[:, 0].mean() - part[:, 1].mean()) for part in parts if len(part)]
    return sum(gaps) / len(guessed), float(((guessed[:, 0] - guessed[:, 1]) ** 2).mean())


def _fold_of(document: str) -> int:
    return hashlib.sha256(document.encode()).digest()[0] % _FOLDS


if __name__ == "__main__":
    main()
