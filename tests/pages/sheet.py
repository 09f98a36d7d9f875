"""A sheet: an article, the words around it, and a record of all that is put on its page."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final, Literal

_HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("en", "fr", "vi")
Kind = Literal["standfirst", "paragraph", "heading", "item", "row"]
_SIGNS: Final[dict[str, Kind]] = {
    "~": "standfirst",
    "#": "heading",
    "-": "item",
    "|": "row",
}
_FEWEST_WORDS: Final = 3
"""Shorter furniture, a button or a name, tells no story and is not asked for."""


@dataclass(frozen=True, slots=True)
class Block:
    """A line of an article; of a row its cells."""

    kind: Kind
    text: str

    @property
    def typed(self) -> str:
        """As a line of plain text."""
        return f"- {self.text}" if self.kind == "item" else self.text

    @property
    def cells(self) -> list[str]:
        return [cell.strip() for cell in self.text.split("|")]


@dataclass(frozen=True, slots=True)
class Story:
    """An article, as its author wrote it."""

    name: str
    language: str
    published_at: date
    title: str
    blocks: tuple[Block, ...]

    @property
    def clean(self) -> str:
        """Its text with its title, a line a block, as one would type it."""
        return "\n".join([self.title, *(block.typed for block in self.blocks)])


@cache
def stories() -> tuple[Story, ...]:
    """All articles, those of one language after the other."""
    return tuple(story for language in LANGUAGES for story in _stories(language))


def _stories(language: str) -> Iterator[Story]:
    text = (_HERE / "articles" / f"{language}.txt").read_text(encoding="utf-8")
    for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        head, *lines = part.strip().split("\n")
        name, day, title = head.split(" | ")
        blocks = tuple(_block(line) for line in lines)
        yield Story(name, language, date.fromisoformat(day), title, blocks)


def _block(line: str) -> Block:
    kind = _SIGNS.get(line[0])
    return Block("paragraph", line) if kind is None else Block(kind, line.strip("~#-| "))


@cache
def words(language: str, half: str) -> Mapping[str, Any]:
    """The furniture of a language, of one half of the pages."""
    found = tomllib.loads((_HERE / "furniture" / f"{language}.toml").read_text(encoding="utf-8"))
    return dict(found[half])


@dataclass
class Sheet:
    """What a layout draws: it escapes all, and remembers what of it is no part of the article."""

    story: Story
    half: str
    unwanted: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return escape(self.story.title)

    @property
    def day(self) -> str:
        return self.story.published_at.isoformat()

    @property
    def language(self) -> str:
        return self.story.language

    def text(self, key: str) -> str:
        """A piece of furniture."""
        return self.put(str(words(self.language, self.half)[key]))

    def texts(self, key: str) -> list[str]:
        """A list of it."""
        return [self.put(each) for each in words(self.language, self.half)[key]]

    def pairs(self, key: str) -> list[tuple[str, str]]:
        """A list of names or headlines, each with its words."""
        found = words(self.language, self.half)[key]
        return [(self.put(first), self.put(second)) for first, second in found]

    def put(self, told: str) -> str:
        """Words that are no part of the article."""
        told = told.replace("{day}", self.story.published_at.strftime("%d/%m/%Y"))
        if len(re.findall(r"\w+", told)) >= _FEWEST_WORDS:
            self.unwanted.append(told)
        return escape(told)

    def links(self, key: str, form: str = "<li><a href='/{n}'>{text}</a></li>") -> str:
        """A list of links."""
        return "".join(
            form.format(n=f"{key}-{n}", text=text) for n, text in enumerate(self.texts(key))
        )

    def cards(self, form: str, key: str = "teasers") -> str:
        """Other articles, each with its headline and summary."""
        return "".join(
            form.format(n=f"{key}-{n}", head=head, text=text)
            for n, (head, text) in enumerate(self.pairs(key))
        )

    def said(self, number: int) -> str:
        """A sentence of the article, to be shown twice: the second time it is unwanted."""
        paragraphs = [block.text for block in self.story.blocks if block.kind == "paragraph"]
        sentence = re.split(r"(?<=[.!?”»\"]) (?=[A-ZĐ“«])", paragraphs[number])[0]
        self.repeated.append(sentence)
        return escape(sentence)

    def body(
        self,
        paragraph: str = "<p>{}</p>",
        *,
        heading: str = "<h2>{}</h2>",
        standfirst: str = "<p class='standfirst'>{}</p>",
        items: str = "<ul>{}</ul>",
        item: str = "<li>{}</li>",
        table: str = "<table>{}</table>",
        row: str = "<tr>{}</tr>",
        cell: str = "<td>{}</td>",
        inside: Mapping[int, str] | None = None,
    ) -> str:
        """The article with furniture behind its first, second, … line of text."""
        pieces: list[str] = []
        run: list[str] = []
        run_kind = ""
        lines = 0

        def close() -> None:
            nonlocal run, run_kind
            if run:
                pieces.append((items if run_kind == "item" else table).format("".join(run)))
            run, run_kind = [], ""

        for block in self.story.blocks:
            if block.kind != run_kind:
                close()
            if block.kind == "item":
                run, run_kind = [*run, item.format(escape(block.text))], "item"
                continue
            if block.kind == "row":
                cells = "".join(cell.format(escape(each)) for each in block.cells)
                run, run_kind = [*run, row.format(cells)], "row"
                continue
            forms = {"standfirst": standfirst, "heading": heading}
            form = forms.get(block.kind, paragraph)
            pieces.append(form.replace("{}", escape(block.text)))
            if block.kind == "paragraph":
                lines += 1
                pieces.append((inside or {}).get(lines, ""))
        close()
        return "".join(pieces)

    def data(self, **more: object) -> str:
        """The page's own description of itself, in JSON-LD."""
        told = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.story.title,
            "datePublished": f"{self.day}T08:15:00+00:00",
            "dateModified": f"{self.story.published_at.year + 1}-01-02T09:00:00+00:00",
            **more,
        }
        text = json.dumps(told, ensure_ascii=False).replace("</", "<\\/")
        return f"<script type='application/ld+json'>{text}</script>"

    def head(self, *more: str, title: str = "{title} | {site}") -> str:
        """The head, with the title as the page's own site writes it."""
        site = escape(str(words(self.language, self.half)["site"]))
        return (
            f"<!DOCTYPE html><html lang='{self.language}'><head><meta charset='utf-8'>"
            f"<title>{title.format(title=self.title, site=site)}</title>"
            f"<link rel='canonical' href='https://news.example/{self.story.name}'>"
            f"{''.join(more)}</head>"
        )

    def meta(self) -> str:
        """The date as most sites declare it."""
        return f"<meta property='article:published_time' content='{self.day}T08:15:00+00:00'>"


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what it holds."""

    name: str
    layout: str
    half: str
    html: str
    story: Story
    must: tuple[tuple[str, ...], ...]
    """Every line of the article; a row as its cells, which must follow each other."""
    must_not: tuple[str, ...]
    """Every piece of furniture of three words and more."""
    once: tuple[str, ...]
    """Sentences of the article that the page shows twice."""
    published_at: date | None
