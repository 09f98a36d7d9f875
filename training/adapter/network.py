"""The network of a catalogue model with an adapter on every projection, for training.

Two architectures of llama.cpp, `qwen2` and `llama`, as their GGUF files lay the weights out: the
order of their rotary pairs differs. Texts are packed into one row; each sees only itself.

Sources: LoRA, arXiv 2106.09685; Qwen2, arXiv 2407.10671; Llama 2, arXiv 2307.09288.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp

from training.adapter.rows import Numbers, Row

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

Layers: TypeAlias = dict[str, jax.Array]
"""Weights by name, stacked over the layers."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file says of its network besides the weights."""

    architecture: Literal["qwen2", "llama"]
    layers: int
    heads: int
    head_size: int
    rotary_base: float
    epsilon: float


class Base(NamedTuple):
    """The frozen weights."""

    embedding: jax.Array
    layers: Layers
    last_norm: jax.Array
    output: jax.Array


class Pair(NamedTuple):
    """The factors of an adapted weight: layers x rank x inputs, and layers x outputs x rank."""

    a: jax.Array
    b: jax.Array


Adapter: TypeAlias = dict[str, Pair]


def new_adapter(base: Base, rank: int, key: jax.Array) -> Adapter:
    """An adapter that changes nothing yet: the second factor is zero."""
    adapter = {}
    for name, part in zip(PROJECTIONS, jax.random.split(key, len(PROJECTIONS)), strict=True):
        layers, outputs, inputs = base.layers[name].shape
        a = jax.random.normal(part, (layers, rank, inputs)) * inputs**-0.5
        adapter[name] = Pair(a, jnp.zeros((layers, outputs, rank)))
    return adapter


def loss(adapter: Adapter, base: Base, row: Row, shape: Shape, scale: float) -> jax.Array:
    """Summed negative log-likelihood of what is wanted of a row."""
    logits = _hidden(adapter, base, row, shape, scale)[row.asked] @ base.output.T
    told = jnp.take_along_axis(logits, row.wanted[:, None], axis=1)[:, 0]
    return ((jax.nn.logsumexp(logits, axis=1) - told) * row.counts).sum()


def next_tokens(adapter: Adapter, base: Base, row: Row, shape: Shape, scale: float) -> jax.Array:
    """The log-probability of every token after each place of a row."""
    logits = _hidden(adapter, base, row, shape, scale) @ base.output.T
    return jax.nn.log_softmax(logits, axis=1)


def _hidden(adapter: Adapter, base: Base, row: Row, shape: Shape, scale: float) -> jax.Array:
    cosine, sine = _rotation(row.positions, shape)
    same = (row.text[:, None] == row.text[None, :]) & (row.text[:, None] > 0)
    order = jnp.arange(len(row.tokens))
    seen = same & (order[:, None] >= order[None, :]) | jnp.eye(len(order), dtype=bool)

    def layer(hidden: jax.Array, both: tuple[Layers, Adapter]) -> tuple[jax.Array, None]:
        weights, pairs = both

        def project(name: str, values: jax.Array) -> jax.Array:
            pair = pairs[name]
            plain = values @ weights[name].T + scale * (values @ pair.a.T) @ pair.b.T
            return plain + weights[f"{name}.bias"] if f"{name}.bias" in weights else plain

        values = _norm(hidden, weights["attn_norm"], shape.epsilon)
        queries, keys, content = (
            project(name, values).reshape(len(values), -1, shape.head_size)
            for name in ("attn_q", "attn_k", "attn_v")
        )
        queries = _rotate(queries, cosine, sine, shape)
        keys = _rotate(keys, cosine, sine, shape)
        hidden += project("attn_output", _attend(queries, keys, content, seen))
        values = _norm(hidden, weights["ffn_norm"], shape.epsilon)
        gated = jax.nn.silu(project("ffn_gate", values)) * project("ffn_up", values)
        return hidden + project("ffn_down", gated), None

    hidden, _ = jax.lax.scan(layer, base.embedding[row.tokens], (base.layers, adapter))
    return _norm(hidden, base.last_norm, shape.epsilon)


def _norm(values: jax.Array, weight: jax.Array, epsilon: float) -> jax.Array:
    return values * jax.lax.rsqrt((values**2).mean(axis=-1, keepdims=True) + epsilon) * weight


def _rotation(positions: Numbers, shape: Shape) -> tuple[jax.Array, jax.Array]:
    half = shape.head_size // 2
    angles = positions[:, None] * shape.rotary_base ** (-jnp.arange(half) / half)
    return jnp.cos(angles)[:, None, :], jnp.sin(angles)[:, None, :]


def _rotate(values: jax.Array, cosine: jax.Array, sine: jax.Array, shape: Shape) -> jax.Array:
    if shape.architecture == "llama":  # Pairs stand side by side; else half a head apart.
        first, second = values[..., ::2], values[..., 1::2]
    else:
        first, second = jnp.split(values, 2, axis=-1)
    turned = (first * cosine - second * sine, first * sine + second * cosine)
    if shape.architecture == "llama":
        return jnp.stack(turned, axis=-1).reshape(values.shape)
    return jnp.concatenate(turned, axis=-1)


def _attend(queries: jax.Array, keys: jax.Array, content: jax.Array, seen: jax.Array) -> jax.Array:
    length, heads, size = queries.shape
    shared = keys.shape[1]
    grouped = queries.reshape(length, shared, heads // shared, size)
    scores = jnp.einsum("qsgd,ksd->sgqk", grouped, keys) * size**-0.5
    weights = jax.nn.softmax(jnp.where(seen, scores, -1e30), axis=-1)
    return jnp.einsum("sgqk,ksd->qsgd", weights, content).reshape(length, heads * size)
