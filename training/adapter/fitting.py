"""Fitting: the adapter is trained batch by batch, and goes on where it was stopped.

A step holds few examples, and its noise is averaged away twice: the rate rises for a while, stays,
and falls linearly to nothing (arXiv 2502.15938), and what comes out is the mean of the weights on
the way (arXiv 1803.05407). Every so often the mean is tried on the held-out batches: the best is
kept, and training ends early when it no longer gets better.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import jax
import numpy as np
import optax

from training.adapter.batches import BY_STRATEGY, Batch, Packed, RowShape, batches_of
from training.adapter.network import Adapter, Base, KeyValueCache, loss, new_adapter
from training.adapter.prefixes import PrefixCache
from training.adapter.tokens import Text
from training.adapter.weights import ModelWeights

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAVES: Final = 20
"""How often the state is kept on the way."""


@dataclass(frozen=True)
class Recipe:
    """All that decides what comes out, beside the model and the texts."""

    rank: int = 16
    alpha: float = 32.0
    rate: float = 2e-4
    epochs: int = 2
    warmup: float = 0.05
    """Share of the steps in which the rate rises."""
    decay: float = 0.15
    """Share of the steps in which it falls."""
    averaged: float = 0.67
    """Share of the steps, the last ones, whose weights are averaged."""
    checks: int = 6
    """How often the held-out batches are tried."""
    patience: int = 2
    """Checks in a row without a better result after which training ends."""
    seed: int = 0

    @property
    def scale(self) -> float:
        """What the adapter's part is multiplied by."""
        return self.alpha / self.rank


class Checkpoint(NamedTuple):
    """Mean loss over the tokens to be told, in nats, after so many steps."""

    step: int
    held_out: float


class Step(NamedTuple):
    """A step that was made."""

    number: int
    steps: int
    tokens_per_second: float
    loss: float
    """Mean over its tokens to be told, in nats."""
    checks: tuple[Checkpoint, ...]


class _State(NamedTuple):
    step: int
    adapter: Adapter
    slopes: Any
    """What the optimiser remembers of them."""
    mean: Adapter
    """Of the weights so far, from the first step that is averaged on; until then the weights."""
    best: Adapter
    checks: tuple[Checkpoint, ...]


class Fit(NamedTuple):
    """What came out."""

    adapter: Adapter
    checks: tuple[Checkpoint, ...]
    steps: int


def fit(
    weights: ModelWeights,
    texts: Sequence[Text],
    held_out: Sequence[Text],
    recipe: Recipe,
    state_file: Path,
    on_step: Callable[[Step], None],
    shape: RowShape = BY_STRATEGY["passage"],
    begin_from: Adapter | None = None,
) -> Fit:
    """The adapter that does best on the held-out texts.

    The state is kept in the file as training goes; the same call goes on from there. What was
    read of prefixes is kept beside it. A token that occurs in no text is never
    written, as the grammar would not let it: so the loss leaves it out.
    """
    known = np.unique([token for text in (*texts, *held_out) for token in text.tokens])
    base = weights.base._replace(output=weights.base.output[known])
    batches = [_among(known, packed) for packed in _batches(texts, recipe, shape)]
    tried = [_among(known, packed) for packed in batches_of(held_out, shape)]
    prefixes = PrefixCache(weights, state_file.parent / "prefixes", shape.read)
    optimiser = _optimiser(recipe, len(batches))
    cost_of = jax.jit(partial(loss, shape=weights.shape, scale=recipe.scale))
    told = sum(int(packed.batch.counts.sum()) for packed in tried)

    @jax.jit
    def learn(
        adapter: Adapter, base: Base, slopes: Any, batch: Batch, reading: KeyValueCache
    ) -> tuple[Adapter, Any, Any]:
        cost, slope = jax.value_and_grad(cost_of)(adapter, base, batch, reading)
        # Per token to be told, so that a step is as long whatever its batch holds.
        slope = jax.tree.map(lambda values: values / batch.counts.sum(), slope)
        change, slopes = optimiser.update(slope, slopes, adapter)
        return optax.apply_updates(adapter, change), slopes, cost / batch.counts.sum()

    adapter = begin_from or new_adapter(weights.base, recipe.rank, jax.random.key(recipe.seed))
    state = _State(0, adapter, optimiser.init(adapter), adapter, adapter, ())
    unaveraged = round(len(batches) * (1 - recipe.averaged))
    if state_file.exists():
        state = _load(state_file, state)
    checked, saved = _places(len(batches), recipe.checks), _places(len(batches), _SAVES)
    while state.step < len(batches) and not _is_stale(state.checks, recipe.patience):
        packed, step = batches[state.step], state.step + 1
        batch, reading = packed.batch, prefixes.of(packed)
        began = time.perf_counter()
        adapter, slopes, cost = learn(state.adapter, base, state.slopes, batch, reading)
        mean_loss = float(cost)
        speed = int((batch.text > 0).sum()) / (time.perf_counter() - began)
        mean = _moved(state.mean, adapter, 1 / max(1, step - unaveraged))
        state = state._replace(step=step, adapter=adapter, slopes=slopes, mean=mean)
        if step in checked:
            costs = (cost_of(mean, base, each.batch, prefixes.of(each)) for each in tried)
            state = _with_check(state, Checkpoint(step, sum(map(float, costs)) / told))
        if step in saved or step in checked:
            _save(state_file, state)
        on_step(Step(step, len(batches), speed, mean_loss, state.checks))
    return Fit(state.best, state.checks, state.step)


def _batches(texts: Sequence[Text], recipe: Recipe, shape: RowShape) -> Iterator[Packed]:
    """The batches of all epochs; each has the texts in an order of its own.

    Texts that begin alike stay together, so that their prefix stands in few batches.
    """
    together: dict[object, list[Text]] = {}
    for number, text in enumerate(texts):
        together.setdefault(text.tokens[: text.read] or number, []).append(text)
    for epoch in range(recipe.epochs):
        order = list(together.values())
        random.Random(recipe.seed + epoch).shuffle(order)  # noqa: S311
        yield from batches_of(chain.from_iterable(order), shape)


def _among(known: NDArray[np.int64], packed: Packed) -> Packed:
    """The batch with what is wanted as places among the known tokens."""
    batch = packed.batch
    places = np.searchsorted(known, batch.wanted).astype(np.int32) * batch.counts
    return replace(packed, batch=batch._replace(wanted=places))


def _optimiser(recipe: Recipe, steps: int) -> optax.GradientTransformation:
    rising, falling = round(steps * recipe.warmup), round(steps * recipe.decay)
    rate = optax.join_schedules(
        [
            optax.linear_schedule(0.0, recipe.rate, rising),
            optax.constant_schedule(recipe.rate),
            optax.linear_schedule(recipe.rate, 0.0, falling),
        ],
        [rising, steps - falling],
    )
    # As one vector: rules for hundreds of small arrays take XLA longer to compile than the network.
    return optax.flatten(optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, b2=0.99)))


def _places(steps: int, times: int) -> set[int]:
    """So many steps, evenly spread, the last one among them."""
    return {round(steps * number / times) for number in range(1, times + 1)}


@jax.jit
def _moved(mean: Adapter, adapter: Adapter, share: float) -> Adapter:
    """The mean, moved by that share of the way to the adapter."""
    moved: Adapter = jax.tree.map(lambda one, other: one + share * (other - one), mean, adapter)
    return moved


def _with_check(state: _State, check: Checkpoint) -> _State:
    is_best = check.held_out < min((c.held_out for c in state.checks), default=float("inf"))
    best = state.mean if is_best else state.best
    return state._replace(best=best, checks=(*state.checks, check))


def _is_stale(checks: Sequence[Checkpoint], patience: int) -> bool:
    losses = [check.held_out for check in checks]
    return len(losses) > patience and min(losses[-patience:]) > min(losses[:-patience])


def _save(file: Path, state: _State) -> None:
    """Write the state, whole or not at all."""
    leaves = jax.tree.leaves((state.adapter, state.slopes, state.mean, state.best))
    arrays = {f"leaf{number}": np.asarray(leaf) for number, leaf in enumerate(leaves)}
    told = json.dumps({"step": state.step, "checks": state.checks})
    part = file.with_suffix(".part")
    with part.open("wb") as opened:
        np.savez(opened, allow_pickle=False, told=np.array(told), **arrays)
    part.replace(file)


def _load(file: Path, like: _State) -> _State:
    known, shape = jax.tree.flatten((like.adapter, like.slopes, like.mean, like.best))
    with np.load(file) as kept:
        told = json.loads(str(kept["told"]))
        leaves = [jax.numpy.asarray(kept[f"leaf{n}"]) for n in range(len(known))]
    adapter, slopes, mean, best = jax.tree.unflatten(shape, leaves)
    checks = tuple(Checkpoint(*check) for check in told["checks"])
    return _State(told["step"], adapter, slopes, mean, best, checks)
