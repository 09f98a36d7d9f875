"""The network of a catalogue model with an adapter on every projection, for training.

Two architectures of llama.cpp, `qwen2` and `llama`, as their GGUF files lay the weights out: the
order of their rotary pairs differs. Texts are packed into rows; each sees only itself and its
prefix, which was read before, without the adapter (activated LoRA, arXiv 2504.12397).

Sources: LoRA, arXiv 2106.09685; Qwen2, arXiv 2407.10671; Llama 2, arXiv 2307.09288.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp

from training.adapter.batches import Batch, Numbers

PROJECTIONS: Final = (
    "attn_q",
    "attn_k",
    "attn_v",
    "attn_output",
    "ffn_gate",
    "ffn_up",
    "ffn_down",
)
"""The adapted weights, by their names in GGUF."""

Layer: TypeAlias = dict[str, jax.Array]
"""Weights by name: matrices of outputs x inputs, biases of outputs, norms of inputs."""
Projecting: TypeAlias = Callable[[str, jax.Array], jax.Array]
"""A weight's name and values, put through it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file says of its network besides the weights; `head_size` is in dimensions."""

    architecture: Literal["qwen2", "llama"]
    heads: int
    head_size: int
    rotary_base: float
    epsilon: float


class Base(NamedTuple):
    """The frozen weights.

    `embedding` and `output` are tokens x width of the network; `last_norm` has a value for each
    place of that width.
    """

    embedding: jax.Array
    layers: tuple[Layer, ...]
    last_norm: jax.Array
    output: jax.Array


class LowRankPair(NamedTuple):
    """The factors of an adapted weight: rank x inputs, and outputs x rank."""

    a: jax.Array
    b: jax.Array


Adapter: TypeAlias = tuple[dict[str, LowRankPair], ...]
"""The pairs of each layer, by the names of the weights."""


class KeyValueCache(NamedTuple):
    """What the plain network keeps of the prefixes of texts."""

    layers: tuple[tuple[jax.Array, jax.Array], ...]
    """Keys and contents of each layer: rows x places x heads x size of a head."""
    behind: Numbers
    """Which prefix of its row a place belongs to, from 1; 0 where nothing stands."""


def new_adapter(base: Base, rank: int, key: jax.Array) -> Adapter:
    """An adapter that changes nothing yet: the second factor is zero.

    `key` is a scalar of jax's own kind, from which the first factors are drawn.
    """

    def pair(weight: jax.Array, part: jax.Array) -> LowRankPair:
        outputs, inputs = weight.shape
        a = jax.random.normal(part, (rank, inputs)) * inputs**-0.5
        return LowRankPair(a, jnp.zeros((outputs, rank)))

    return tuple(
        {
            name: pair(weights[name], part)
            for name, part in zip(PROJECTIONS, jax.random.split(own, len(PROJECTIONS)), strict=True)
        }
        for weights, own in zip(base.layers, jax.random.split(key, len(base.layers)), strict=True)
    )


def loss(
    adapter: Adapter, base: Base, batch: Batch, reading: KeyValueCache, shape: Shape, scale: float
) -> jax.Array:
    """Summed negative log-likelihood of what is wanted of a batch: a scalar, in nats."""
    hidden = _hidden(adapter, base, batch, reading, shape, scale)
    rows, length = batch.tokens.shape
    asked = (batch.asked + length * jnp.arange(rows)[:, None]).reshape(-1)
    hidden = hidden[asked]
    wanted = (hidden * base.output[batch.wanted.reshape(-1)]).sum(axis=1)
    all_of_them = jax.nn.logsumexp(hidden @ base.output.T, axis=1)
    return ((all_of_them - wanted) * batch.counts.reshape(-1)).sum()


def next_tokens(
    adapter: Adapter, base: Base, batch: Batch, reading: KeyValueCache, shape: Shape, scale: float
) -> jax.Array:
    """The log-probability of every token after each place: rows x places x tokens, in nats."""
    logits = _hidden(adapter, base, batch, reading, shape, scale) @ base.output.T
    return jax.nn.log_softmax(logits, axis=1).reshape(*batch.tokens.shape, -1)


def read(base: Base, tokens: Numbers, shape: Shape) -> jax.Array:
    """Keys and contents of one text without an adapter: layers x 2 x places x heads x size."""
    cosine, sine = _rotation(jnp.arange(len(tokens))[None], shape)
    mask = _seen(jnp.ones((1, len(tokens)), dtype=int))
    hidden = base.embedding[tokens]
    kept = []
    for weights in base.layers:
        project = partial(_project, weights, {}, 0.0)
        queries, *own = _attending(hidden[None], weights, project, (cosine, sine), shape)
        kept.append(jnp.concatenate(own))
        hidden += project("attn_output", _attend(queries, own[0], own[1], mask))
        hidden += _fed(hidden, weights, project, shape)
    return jnp.stack(kept)


def _hidden(
    adapter: Adapter, base: Base, batch: Batch, reading: KeyValueCache, shape: Shape, scale: float
) -> jax.Array:
    turned = _rotation(batch.positions, shape)
    mask = jnp.concatenate([_seen_before(batch, reading), _seen(batch.text)], axis=-1)
    rows, length = batch.tokens.shape
    # All rows under one another: XLA takes twice as long for products of more than two dimensions.
    hidden = base.embedding[batch.tokens.reshape(-1)]
    # Not `lax.scan`: on a CPU it takes half as long again, copying the weights of each layer.
    for weights, pairs, before in zip(base.layers, adapter, reading.layers, strict=True):
        project = partial(_project, weights, pairs, scale)
        over = hidden.reshape(rows, length, -1)
        queries, keys, content = _attending(over, weights, project, turned, shape)
        keys, content = (
            jnp.concatenate([read, own], axis=1)
            for read, own in zip(before, (keys, content), strict=True)
        )
        hidden += project("attn_output", _attend(queries, keys, content, mask))
        hidden += _fed(hidden, weights, project, shape)
    return _norm(hidden, base.last_norm, shape.epsilon)


def _attending(
    hidden: jax.Array,
    weights: Layer,
    project: Projecting,
    turned: tuple[jax.Array, jax.Array],
    shape: Shape,
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Queries, keys and contents: rows x places x heads x size."""
    rows, length, width = hidden.shape
    values = _norm(hidden.reshape(-1, width), weights["attn_norm"], shape.epsilon)
    queries, keys, content = (
        project(name, values).reshape(rows, length, -1, shape.head_size)
        for name in ("attn_q", "attn_k", "attn_v")
    )
    return _rotate(queries, *turned, shape), _rotate(keys, *turned, shape), content


def _fed(hidden: jax.Array, weights: Layer, project: Projecting, shape: Shape) -> jax.Array:
    values = _norm(hidden, weights["ffn_norm"], shape.epsilon)
    return project("ffn_down", jax.nn.silu(project("ffn_gate", values)) * project("ffn_up", values))


def _project(
    weights: Layer, pairs: dict[str, LowRankPair], scale: float, name: str, values: jax.Array
) -> jax.Array:
    plain = values @ weights[name].T
    if pair := pairs.get(name):
        plain += scale * (values @ pair.a.T) @ pair.b.T
    return plain + weights[f"{name}.bias"] if f"{name}.bias" in weights else plain


def _norm(values: jax.Array, weight: jax.Array, epsilon: float) -> jax.Array:
    return values * jax.lax.rsqrt((values**2).mean(axis=-1, keepdims=True) + epsilon) * weight


def _rotation(positions: Numbers | jax.Array, shape: Shape) -> tuple[jax.Array, jax.Array]:
    half = shape.head_size // 2
    angles = positions[..., None] * shape.rotary_base ** (-jnp.arange(half) / half)
    return jnp.cos(angles)[:, :, None, :], jnp.sin(angles)[:, :, None, :]


def _rotate(values: jax.Array, cosine: jax.Array, sine: jax.Array, shape: Shape) -> jax.Array:
    if shape.architecture == "llama":  # Pairs stand side by side; else half a head apart.
        first, second = values[..., ::2], values[..., 1::2]
    else:
        first, second = jnp.split(values, 2, axis=-1)
    turned = (first * cosine - second * sine, first * sine + second * cosine)
    if shape.architecture == "llama":
        return jnp.stack(turned, axis=-1).reshape(values.shape)
    return jnp.concatenate(turned, axis=-1)


def _seen(text: Numbers | jax.Array) -> jax.Array:
    """Nought where a token may look, in its own text up to itself, and far below elsewhere."""
    same = (text[:, :, None] == text[:, None, :]) & (text[:, :, None] > 0)
    order = jnp.arange(text.shape[1])
    seen = same & (order[:, None] >= order[None, :]) | jnp.eye(len(order), dtype=bool)
    return jnp.where(seen, 0.0, -1e30)[:, None, None]


def _seen_before(batch: Batch, reading: KeyValueCache) -> jax.Array:
    """The same for the prefix that a text stands behind."""
    same = (batch.behind[:, :, None] == reading.behind[:, None, :]) & (batch.behind > 0)[:, :, None]
    return jnp.where(same, 0.0, -1e30)[:, None, None]


def _attend(queries: jax.Array, keys: jax.Array, content: jax.Array, mask: jax.Array) -> jax.Array:
    """Grouped attention, laid out so that all of it is products of matrices.

    There may be more keys than queries.
    """
    rows, length, heads, size = queries.shape
    shared = keys.shape[2]
    group = heads // shared
    asking = queries.reshape(rows, length, shared, group, size).transpose(0, 2, 3, 1, 4)
    asking = asking.reshape(rows, shared, group * length, size)
    scores = asking @ keys.transpose(0, 2, 3, 1) * size**-0.5
    scores = scores.reshape(rows, shared, group, length, -1) + mask
    weights = jax.nn.softmax(scores, axis=-1).reshape(rows, shared, group * length, -1)
    seen = weights @ content.transpose(0, 2, 1, 3)
    seen = seen.reshape(rows, shared, group, length, size).transpose(0, 3, 1, 2, 4)
    return seen.reshape(rows * length, heads * size)
