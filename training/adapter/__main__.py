"""Train an adapter: `python -m training.adapter`; `make train` brings what it needs.

It reads the corpus, trains on the catalogue's own weights, and writes OUT/NAME.gguf, its figures
beside it. Stopped, it goes on where it was when the same command is given again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    track,
)

from eval.files import write_whole
from extractor.models.catalogue import load_catalogue
from extractor.models.embedded import EmbeddedModel, WeightsFile
from extractor.models.local_files import find_local_file, is_local_file
from extractor.models.weights import file_sha256, find_weights
from extractor.prompting import Prompt, load_prompts
from extractor.prompting.rendering import ROWS_ASKED
from extractor.records import Strategy
from extractor.settings import load_settings
from training.adapter.batches import BY_STRATEGY
from training.adapter.examples import TrainingExample, examples_in_passages, examples_in_view
from training.adapter.file import read_adapter, write_adapter
from training.adapter.fitting import Recipe, Step, fit
from training.adapter.network import Adapter
from training.adapter.tokens import Tokenizer
from training.adapter.weights import load_weights
from training.corpora import ARTICLES, DATA, as_corpus, files_sha256, passages_in, place_of
from training.finder import chances_by_document, open_vectors, read_labelled

_CORPORA: Final[Mapping[Strategy, tuple[Path, ...]]] = {
    "passage": (DATA, ARTICLES),
    "article": (ARTICLES,),
}
_LEAST_CHANCE: Final = 0.4
"""From which a sentence without a record is an example, as it is a question of the pipeline. With
more of them a model learns to say nothing."""
_HELD_OUT: Final = 0.04
_CONTEXT_TOKENS: Final = 4096
_LINE_EVERY: Final = 20
"""Steps from one line to the next in a log, where no bar moves."""


@click.command()
@click.option(
    "--model",
    "name",
    default="qwen2.5-coder-0.5b",
    show_default=True,
    help="Of the catalogue, or the path of a GGUF file.",
)
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs/adapter"))
@click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True), default=1.0, help="Of the corpus."
)
@click.option(
    "--strategy",
    type=click.Choice(["passage", "article"]),
    default="passage",
    show_default=True,
    help="What it learns: questions about a sentence, or about a whole article.",
)
@click.option(
    "--from",
    "begun_from",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An adapter of the same rank to begin from.",
)
@click.option(
    "--corpus",
    "corpora",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of labelled passages, or several; by default ours for the strategy.",
)
@click.option("--epochs", default=Recipe.epochs, show_default=True)
@click.option("--rank", default=Recipe.rank, show_default=True)
@click.option("--rate", default=Recipe.rate, show_default=True)
@click.option("--seed", default=Recipe.seed, show_default=True)
def main(
    name: str,
    out: Path,
    share: float,
    strategy: Strategy,
    begun_from: Path | None,
    corpora: tuple[Path, ...],
    epochs: int,
    rank: int,
    rate: float,
    seed: int,
) -> None:
    """Train, and write the adapter."""
    console = Console()
    model, path = _find(name)
    file = out / f"{model.name.removesuffix('.gguf')}.gguf"
    if file.resolve() == path.resolve():
        raise click.ClickException(f"{file.name} is the model itself: give another --out")
    recipe = Recipe(rank=rank, alpha=2.0 * rank, rate=rate, epochs=epochs, seed=seed)
    out.mkdir(parents=True, exist_ok=True)
    corpora = corpora or _CORPORA[strategy]
    prompts = [one for one in load_prompts(tuned=True).values() if one.strategy == strategy]
    conditions = {
        "model": model.name,
        "model_sha256": model.digest_with(None),
        "corpus_sha256": [files_sha256(folder=corpus) for corpus in corpora],
        "prompts": {prompt.name: prompt.sha256 for prompt in prompts},
        "share": share,
        "begun_from": begun_from and file_sha256(begun_from),
        "recipe": asdict(recipe),
    }
    begin = _begin(begun_from, rank) if begun_from else None
    _keep_conditions(out / "conditions.json", json.dumps(conditions, indent=1))
    examples = _examples(corpora, strategy, prompts, console)
    weights = load_weights(path)
    with closing(
        EmbeddedModel(model, path, threads=None, context_tokens=_CONTEXT_TOKENS)
    ) as engine:
        on_from = ROWS_ASKED if strategy == "article" else ""
        tokenizer = Tokenizer(engine.server_url, weights.end, on_from)
        texts = [
            (place_of(example.document), tokenizer.text(example))
            for example in track(examples, "tokens", console=console)
        ]
        tokenizer.close()
    held_out = [text for place, text in texts if place < _HELD_OUT]
    last = _HELD_OUT + (1 - _HELD_OUT) * share
    taken = [text for place, text in texts if _HELD_OUT <= place < last]
    with _progress(console) as bar:
        task = bar.add_task("training", total=None, told="")

        def on_step(step: Step) -> None:
            bar.update(task, total=step.steps, completed=step.number, told=_told(step))
            if not console.is_terminal and step.number % _LINE_EVERY == 0:
                console.print(f"step {step.number} of {step.steps}: {_told(step)}")

        fitted = fit(
            weights,
            taken,
            held_out,
            recipe,
            out / "state.npz",
            on_step,
            BY_STRATEGY[strategy],
            begin,
        )
    write_adapter(
        file,
        fitted.adapter,
        weights.shape,
        recipe.alpha,
        model.name,
        tokenizer.invocation,
    )
    figures = {
        "steps": fitted.steps,
        "texts": len(taken),
        "tokens": sum(len(text.tokens) for text in taken),
        "held_out_texts": len(held_out),
        "held_out_losses": {check.step: round(check.held_out, 4) for check in fitted.checks},
        "bytes": file.stat().st_size,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    write_whole(out / "figures.json", json.dumps(figures, indent=1) + "\n")
    console.print(f"{file}: {figures['bytes']:,} bytes, sha256 {figures['sha256']}")


def _find(name: str) -> tuple[WeightsFile, Path]:
    """The model of that name, and where its file is."""
    if is_local_file(name):
        local = find_local_file(name, _CONTEXT_TOKENS)
        return local, local.path
    model = load_catalogue().get(name)
    return model, find_weights(model, load_settings().models_dir)


def _begin(file: Path, rank: int) -> Adapter:
    try:
        adapter = read_adapter(file)
    except ValueError as error:
        raise click.ClickException(f"--from: {error}") from error
    if (found := adapter[0]["attn_q"].a.shape[0]) != rank:
        raise click.ClickException(f"{file.name} has rank {found}: give --rank {found}")
    return adapter


def _keep_conditions(file: Path, conditions: str) -> None:
    """Write down what decides the outcome; a folder keeps to what it was begun with."""
    if file.exists() and file.read_text(encoding="utf-8") != conditions + "\n":
        raise click.ClickException(
            f"{file.parent} was begun under other conditions (see {file.name}): give another --out"
        )
    write_whole(file, conditions + "\n")


def _examples(
    corpora: Sequence[Path], strategy: Strategy, prompts: Sequence[Prompt], console: Console
) -> list[TrainingExample]:
    passages = [passage for corpus in corpora for passage in passages_in(corpus)]
    items = as_corpus(passages, "corpus").items
    if strategy == "article":
        return [example for item in items for example in examples_in_view(item, prompts)]
    embed = open_vectors()
    chances = chances_by_document(read_labelled(track(items, "finder", console=console), embed))
    embed.keep()
    return [
        example
        for item in items
        for example in examples_in_passages(item, prompts, chances[item.name], _LEAST_CHANCE)
    ]


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
        console=console,
    )


def _told(step: Step) -> str:
    tried = f", held out {step.checks[-1].held_out:.3f}" if step.checks else ""
    return f"{step.tokens_per_second:.0f} tokens/s, loss {step.loss:.3f}{tried}"


if __name__ == "__main__":
    main()
