"""Predictions on disk: one extraction a file, whatever system made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from eval.errors import PredictionError
from eval.labels.dataset import Corpus, Item
from eval.runs.results import Key, Result, Spent
from extractor.records import Extraction


def load_predictions(folder: Path, items: Sequence[Item]) -> dict[str, Extraction]:
    """The predictions for the items, by name; an item without one is left out.

    Raises:
        PredictionError: there is none for any item, or one is no extraction of its article.
    """
    found, faults = {}, []
    for item in items:
        file = folder / f"{item.name}.json"
        if file.is_file():
            try:
                found[item.name] = _load(file, item)
            except PredictionError as error:
                faults.append(str(error))
    if faults:
        raise PredictionError("\n".join(faults))
    if not found:
        raise PredictionError(f"{folder} holds no prediction (NAME.json) for any labelled article")
    return found


def _load(file: Path, item: Item) -> Extraction:
    try:
        extraction = Extraction.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        more = f" (and {error.error_count() - 1} more faults)" if error.error_count() > 1 else ""
        told = f"{where}: {first['msg']}" if where else first["msg"]
        raise PredictionError(f"{file.name} is no extraction: {told}{more}") from None
    except OSError as error:
        raise PredictionError(f"{file.name}: {error.strerror}") from None
    if extraction.article.sha256 != item.gold.document.sha256:
        raise PredictionError(f"{file.name} is the extraction of another text (its sha256 differs)")
    return extraction


def as_results(
    corpus: Corpus, predictions: Mapping[str, Extraction], name: str
) -> Iterator[Result]:
    """The predictions as results of a run, so that they are scored like one; `name` is shown."""
    for item in corpus.items:
        prediction = predictions.get(item.name)
        yield Result(
            key=Key(
                model=name, system="predictions", repeat=1, corpus=corpus.name, document=item.name
            ),
            article_sha256=item.gold.document.sha256,
            status="ok" if prediction else "error",
            detail="" if prediction else "no prediction",
            spent=Spent(),
            extraction=prediction,
        )
