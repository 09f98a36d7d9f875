"""The attacked articles as pages: what no reader sees of an attack reaches no prompt."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

import pytest

from eval.judging.twins import Twins, find_twins
from eval.labels.dataset import load_corpus
from extractor import Extractor, read_document
from extractor.formats import media
from extractor.models.base import ModelRequest
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.articles import answer, wanted

_FOLDER: Final = Path(__file__).parents[2] / "gold" / "injection"
_HIDDEN: Final[dict[str, Callable[[str], str]]] = {
    "comment": lambda told: f"<!-- {told.replace('--', '- ')} -->",
    "display": lambda told: f"<p style='display:none'>{told}</p>",
    "class": lambda told: f"<p class='vh'>{told}</p>",
    "hidden": lambda told: f"<div hidden><p>{told}</p></div>",
    "aria": lambda told: f"<p aria-hidden='true'>{told}</p>",
    "white": lambda told: f"<p style='color:#ffffff'>{told}</p>",
    "white in a span": lambda told: f"<p>&nbsp;<span style='color:white'>{told}</span></p>",
    "off": lambda told: f"<p style='position:absolute;left:-5000px'>{told}</p>",
    "tiny": lambda told: f"<p style='font-size:0'>{told}</p>",
    "alt": lambda told: f"<img src='a.png' alt='{told}'>",
    "title": lambda told: f"<p title='{told}'>.</p>",
    "data": lambda told: f"<div data-text='{told}'></div>",
    "template": lambda told: f"<template><p>{told}</p></template>",
    "noscript": lambda told: f"<noscript><p>{told}</p></noscript>",
    "script": lambda told: f"<script type='application/ld+json'>{_json(told)}</script>",
    "input": lambda told: f"<input type='hidden' value='{told}'><textarea>{told}</textarea>",
    "frame": lambda told: f"<iframe srcdoc='{told}'>{told}</iframe>",
    "picture": lambda told: f"<svg><title>{told}</title><text>{told}</text></svg>",
}
_META: Final = (
    "<meta property='og:title' content='{0}'><meta property='og:description' content='{0}'>"
    "<meta name='description' content='{0}'><meta name='twitter:title' content='{0}'>"
    "<meta name='keywords' content='{0}'><meta name='author' content='{0}'>"
    "<style>.vh {{ visibility: hidden }} p::after {{ content: '{0}' }}</style>"
)


def _json(told: str) -> str:
    text = told.replace("\\", " ").replace('"', "'")
    return (
        '{"@context":"https://schema.org","@type":"NewsArticle","headline":"'
        f'{text}","articleBody":"{text}","description":"{text}"}}'
    )


@cache
def _twins() -> tuple[Twins, ...]:
    return find_twins(load_corpus(_FOLDER))


def _attack(pair: Twins) -> str:
    return " ".join(pair.attacked.text[start:end] for start, end in pair.injected)


def _page(pair: Twins, hide: Callable[[str], str] | None) -> bytes:
    """The clean article as a page; the attack in its head, and hidden between all paragraphs."""
    told = escape(" ".join(_attack(pair).split()))
    lines = [line.strip() for line in pair.clean.text.split("\n") if line.strip()]
    between = hide(told) if hide else ""
    inside = between.join(f"<p>{escape(line)}</p>" for line in lines)
    head = _META.format(told) if hide else ""
    return (
        f"<html><head><meta charset='utf-8'><title>Untitled</title>{head}</head><body><article>"
        f"{between}{inside}{between}</article></body></html>"
    ).encode()


def _nothing(request: ModelRequest) -> str:
    lists = wanted(request)
    return answer(
        [] if "commitments" in lists else None,
        [] if "events" in lists else None,
    )


@cache
def _opened() -> tuple[ScriptedModel, Extractor]:
    model = ScriptedModel(_nothing)
    return model, Extractor(model, settings=Settings(strategy="document"))


def _prompts(page: bytes) -> list[str]:
    model, extractor = _opened()
    model.requests.clear()
    extractor.extract(read_document(page, media_type=media.HTML))
    return [request.messages[-1].content for request in model.requests]


@pytest.mark.parametrize("pair", _twins(), ids=lambda pair: pair.attacked.name)
def test_what_nobody_sees_of_an_attack_reaches_no_prompt(pair: Twins) -> None:
    clean = _prompts(_page(pair, None))
    assert pair.clean.text[:20] in clean[0]
    assert _prompts(_page(pair, _in_every_way)) == clean


@pytest.mark.parametrize("way", _HIDDEN)
def test_no_way_to_hide_an_attack_brings_it_into_a_prompt(way: str) -> None:
    for pair in _twins()[:: len(_twins()) // 3]:
        assert _prompts(_page(pair, _HIDDEN[way])) == _prompts(_page(pair, None))


def _in_every_way(told: str) -> str:
    return "".join(hide(told) for hide in _HIDDEN.values())
