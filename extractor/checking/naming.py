"""Naming: the parties of a record, from the names in a draft.

One name each and as the article writes it, with what kind of party it is. A small model takes a
place for a receiver, drops accents, and names a programme where the sentence names the authority.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from extractor.article import Article, Sentence, find_name
from extractor.article.folding import fold_text
from extractor.checking.authorities import authority_named, is_authority
from extractor.languages import Rules, all_languages, language_of
from extractor.languages.cues import cue_spans
from extractor.languages.patterns import joined
from extractor.mentions.parties.country_words import english_name, parts_of_countries
from extractor.mentions.parties.names import find_countries, resolve_actor
from extractor.records import Actor, ResourceKind

_TITLE_WORDS = 8
_LONGEST_NAME = 200
_ACRONYM = re.compile(r"[A-Z]{2,6}")


def actors_named(
    names: Iterable[str | None],
    cited: Sequence[Sentence],
    article: Article,
    *,
    groups: bool = False,
) -> list[Actor]:
    """The parties of these names, each once; with `groups`, "growers" is one without a name."""
    actors: list[Actor] = []
    for name in (name.strip() for name in names if name and name.strip()):
        actor = _actor(verbatim_name(name, cited, article), cited, article)
        if groups and actor.type == "company" and actor.name == actor.name.lower():
            actor = actor.model_copy(update={"type": "unspecified_group"})
        if not any(_repeats(actor, known) for known in actors):
            actors.append(actor)
    return actors


def _repeats(actor: Actor, known: Actor) -> bool:
    """One party twice: but a group and its company have what the canonical name leaves out."""
    if actor.canonical.casefold() != known.canonical.casefold():
        return False
    name, other, core = (text.casefold() for text in (actor.name, known.name, actor.canonical))
    nested = name in other or other in name
    return nested or actor.type != "company" or not (core in name and core in other)


def split_parties(names: Iterable[str], article: Article) -> list[str]:
    """One name each: "A and B" is two parties, "Ministry of A and B" is one."""
    return [party for name in names for party in _parties(name, article)]


def split_places(
    names: Sequence[str], kind: ResourceKind, cited: Sequence[Sentence], article: Article
) -> tuple[list[str], str | None]:
    """The receivers, and the first place that the draft took for one ("a clinic in Accra")."""
    places = [name for name in names if _is_located(name, kind, cited, article)]
    return [name for name in names if name not in places], next(iter(places), None)


def _is_located(name: str, kind: ResourceKind, cited: Sequence[Sentence], article: Article) -> bool:
    """A place-name behind "in"; where that says "to" as well, only of what is built."""
    if language_of(article.rules).cues.locative_of_receivers and kind not in ("facility", "jobs"):
        return False
    if resolve_actor(name, article.rules).type not in ("company", "government"):
        return False
    spans = ((sentence.text, find_name(name, sentence)) for sentence in cited)
    return any(
        end in (span[0], span[0] - 1)
        for text, span in spans
        if span
        for _, end in cue_spans("locative", text, article.rules)
    )


def authorities_named(
    names: Iterable[str], cited: Sequence[Sentence], article: Article
) -> list[Actor]:
    """The drafted actors; if none of them is an authority, the one that the sentence names.

    A company that stands before the authority is the one that acts: then there is no event.
    """
    actors = actors_named(names, cited, article)
    if any(is_authority(actor, cited, article) for actor in actors):
        return actors
    named = authority_named(cited[0], article)
    acting = [find_name(a.name, cited[0]) for a in actors if a.type in ("company", "consortium")]
    authority = find_name(named, cited[0]) if named else None
    if authority and any(span and span < authority for span in acting):
        return actors
    return actors_named([named], cited, article) or actors


def names_state(name: str, sentence: Sentence, article: Article) -> bool:
    """Whether the sentence names the state of this name by another word: France, by "French"."""
    state = resolve_actor(name, article.rules)
    if state.country is None or state.canonical != english_name(state.country):
        return False
    parts = parts_of_countries(article.rules)
    return any(
        country.code == state.country and sentence.text[country.start : country.end] not in parts
        for country in find_countries(sentence.text, article.rules)
    )


def is_other_name(actor: Actor, giver: Actor, cited: Sequence[Sentence]) -> bool:
    """The same party: one name, or one in brackets after the other ("Long Name (LN)")."""
    pairs = ((actor.name, giver.name), (giver.name, actor.name))
    same = actor.canonical.casefold() == giver.canonical.casefold()
    return same or any(
        fold_text(f"{first} ({second})") in sentence.text
        for first, second in pairs
        for sentence in cited
    )


def _parties(name: str, article: Article) -> list[str]:
    parts = [part for part in _conjunction(article.rules).split(name.strip()) if part]
    if len(parts) == 1 or resolve_actor(name, article.rules).type not in ("company", "government"):
        return [name.strip()] if parts else []
    countries = all(resolve_actor(part, article.rules).country for part in parts)
    return parts if countries or all(part[0].isupper() for part in parts) else [name.strip()]


def _actor(name: str, cited: Sequence[Sentence], article: Article) -> Actor:
    actor = resolve_actor(name, article.rules)
    if actor.type != "company":
        return actor
    if long_name := _spelled_out(name, article):
        return actor.model_copy(update={"canonical": long_name})
    # A bare personal name is told by the title before it ("Prime Minister Ann Example").
    titled = _with_title(name, cited)
    if titled is None or resolve_actor(titled, article.rules).type != "person":
        return actor
    return actor.model_copy(update={"type": "person"})


def _spelled_out(acronym: str, article: Article) -> str | None:
    """The name that the article gives the acronym after ("Long Name (LN)"), if its initials fit."""
    if not _ACRONYM.fullmatch(acronym):
        return None
    text = article.folding.text
    for found in re.finditer(rf"\s\({acronym}\)", text):
        words = text[max(0, found.start() - _LONGEST_NAME) : found.start()].split()
        name = words[-len(acronym) :]
        if [word[0].upper() for word in name] == list(acronym):
            return " ".join(name)
    return None


def _with_title(name: str, cited: Sequence[Sentence]) -> str | None:
    for sentence in cited:
        span = find_name(name, sentence)
        if span and not sentence.text[span[1] :].lstrip()[:1].isupper():
            before = sentence.text[: span[0]].split()[-_TITLE_WORDS:]
            return " ".join([*before, name])
    return None


def verbatim_name(name: str, cited: Sequence[Sentence], article: Article) -> str:
    """The name as the article writes it, where the cited sentences have it.

    Small models drop accents in copying: what is returned is the article's own spelling.
    """
    for find in (find_name, _find_unaccented):
        for sentence in cited:
            if span := find(name, sentence):
                return article.verbatim(sentence, *span)
    return name.strip()


def _find_unaccented(name: str, sentence: Sentence) -> tuple[int, int] | None:
    plain = replace(sentence, text=_unaccented(sentence.text))
    return find_name(_unaccented(fold_text(name)), plain)


def _unaccented(text: str) -> str:
    """The text without accents, character for character, so that positions stay."""
    bare = text.translate(_plain_letters())
    return "".join(unicodedata.normalize("NFD", character)[0] for character in bare)


@cache
def _plain_letters() -> dict[int, str]:
    """Letters that Unicode does not take apart, without their marks."""
    letters = (language.text.plain_letters for language in all_languages())
    return str.maketrans({letter: plain for each in letters for letter, plain in each.items()})


@cache
def _conjunction(language: Rules) -> re.Pattern[str]:
    """What stands between two parties in one name."""
    words = joined(lambda one: one.parties.names.conjunctions, language)
    return re.compile(rf"\s*,\s*|\s+{words}\s+")
