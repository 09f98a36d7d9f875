"""Predictions on disk: one extraction a file, whatever system made it, or the results of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from eval.errors import PredictionError
from eval.labels.dataset import Corpus, LabelledArticle
from eval.runs.migrations import upgraded
from eval.runs.opening import AnyRun, is_run, open_run
from eval.runs.results import Key, Result, Spent
from extractor.records import Extraction


def load_predictions(folder: Path, items: Sequence[LabelledArticle]) -> dict[str, Extraction]:
    """The predictions for the items, by name; an item without one is left out.

    Raises:
        PredictionError: there is none for any item, or one is no extraction of its article.
        RunError: it is a run that cannot be read.
    """
    if is_run(folder):
        return _of_run(open_run(folder), items)
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


def _of_run(run: AnyRun, items: Sequence[LabelledArticle]) -> dict[str, Extraction]:
    wanted = {(item.name, item.gold.document.sha256) for item in items}
    made = [one for one in run.results() if (one.key.document, one.article_sha256) in wanted]
    if len({(one.key.model, one.key.system, one.key.repeat) for one in made}) > 1:
        raise PredictionError(
            f"{run.path} holds more than one prediction of an article: put them side by side with "
            "`extractor-eval compare`"
        )
    found = {one.key.document: one.extraction for one in made if one.extraction is not None}
    if not found:
        raise PredictionError(f"{run.path} holds no result for any labelled article")
    return found


def _load(file: Path, item: LabelledArticle) -> Extraction:
    try:
        extraction = _extraction(file.read_bytes())
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


def _extraction(data: bytes) -> Extraction:
    try:
        stored = json.loads(data)
    except ValueError:
        stored = None
    if not isinstance(stored, dict):
        # It raises, and says what is wrong.
        return Extraction.model_validate_json(data)
    return Extraction.model_validate(upgraded(stored))


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
