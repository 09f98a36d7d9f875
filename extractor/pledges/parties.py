"""Who a name means: a table of parties with their aliases, ministries by country and portfolio.

Nothing is guessed: a name that the table does not have, or has for two, gets no id; the two are
then candidates.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from extractor.errors import ConfigurationError
from extractor.languages import Rules
from extractor.languages.common import common_names
from extractor.mentions.parties.country_words import capital_codes
from extractor.mentions.parties.names import find_countries
from extractor.pledges.wording import plain, read_wording, state_words
from extractor.records import Actor

_TABLES: Final = ("parents", "portfolios")
_LANGUAGES: Final[tuple[Rules, ...]] = ("en", "fr", "vi")
_WORD: Final = re.compile(r"[^\W_]+")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_LEADING: Final = frozenset({"the", "la", "le", "les", "l"})
_COMPANY: Final = re.compile(
    r"^(?:tap doan|tong cong ty|cong ty (?:co phan|tnhh)?|hang|groupe?|societe) +(?=\S)"
)
_ACRONYM: Final = re.compile(r"(?<!\w)(?:[A-Z]{3,7}|[A-Z][a-z]?[A-Z]{1,4})(?!\w)")
_CAPITALS: Final = re.compile(r"[A-Z][A-Za-z]{0,2}[A-Z]\w*|[A-Z]{2,8}")


@dataclass(frozen=True, slots=True)
class KnownParty:
    """One party as an article names it, and who that is."""

    name: str
    """As written."""
    canonical: str
    id: str | None
    """ISO code, id of the table, or country and portfolio; null if no table knows it."""
    candidates: tuple[str, ...]
    """Ids that the name may mean, where there are several."""
    country: str | None
    type: str
    language: str
    """Of the article."""
    keys: frozenset[str]
    """Its names without marks, articles and legal forms."""
    names: frozenset[str]
    """The words of its name that are proper names."""
    concepts: frozenset[str]
    """The concepts of its name."""

    @property
    def shown(self) -> str:
        """What tables show."""
        return self.canonical or self.name


class PartyTable:
    """All parties that are known, by id and by alias."""

    def __init__(self, content: Mapping[str, Mapping[str, str]]) -> None:
        self._parents = dict(content.get("parents", {}))
        self._portfolios = {
            name: frozenset(concepts.split("+"))
            for name, concepts in content.get("portfolios", {}).items()
        }
        self._names: dict[str, str] = {}
        self._spellings: dict[str, list[str]] = {}
        self._concepts: dict[str, frozenset[str]] = {}
        aliases: defaultdict[str, set[str]] = defaultdict(set)
        for kind, parties in content.items():
            if kind in _TABLES:
                continue
            for party, names in parties.items():
                told = [name.strip() for name in names.split("|")]
                self._names[party] = told[0]
                self._spellings[party] = told
                for name in told:
                    aliases[_key(name)].add(party)
        self._aliases = {key: tuple(sorted(found)) for key, found in aliases.items()}

    def __len__(self) -> int:
        return len(self._names)

    def known_as(self, name: str) -> tuple[str, ...]:
        """The ids of the table that a name means."""
        return self._aliases.get(_key(name), ())

    def related(self, one: str, other: str) -> bool:
        """Whether one belongs to the other, or both to one above them.

        A country is above too much, but for a ministry and an agency.
        """
        mine, theirs = set(self._above(one)), set(self._above(other))
        if one in theirs or other in mine:
            return True
        if ("/" in one) != ("/" in other) and mine & theirs:
            # A ministry announces what an agency of its state pays.
            return True
        return any(len(shared) > 2 for shared in mine & theirs)

    def _above(self, party: str) -> Iterator[str]:
        yield party
        if "/" in party:
            yield party.partition("/")[0]
        above = self._parents.get(party)
        if above is not None:
            yield from self._above(above)

    def country_of(self, party: str) -> str | None:
        """The country that an id belongs to, as far as the table says."""
        return next((above for above in self._above(party) if len(above) == 2), None)

    def find(self, actor: Actor, language: Rules) -> KnownParty:
        """Who the name of an article means."""
        keys = frozenset(_keys(actor))
        name = _legal_suffix().sub("", _BRACKETS.sub(" ", actor.name)) or actor.name
        bare, countries = _without_countries(name, language)
        wording = read_wording(bare, language, is_name=True)
        country = actor.country or (next(iter(countries)) if len(countries) == 1 else None)
        if country and countries == {country} and _is_state_form(bare):
            found: tuple[str, ...] = (country,)
        else:
            found = self._lookup(actor, keys, wording.concepts, country)
        party = found[0] if len(found) == 1 else None
        if party is not None and country is None:
            country = self.country_of(party)
        return KnownParty(
            name=actor.name,
            canonical=self._names.get(party, actor.canonical) if party else actor.canonical,
            id=party,
            candidates=found if len(found) > 1 else () if party else _capital_of(bare),
            country=country,
            type=actor.type,
            language=language,
            keys=keys,
            names=wording.names or _small_names(bare, wording.concepts),
            concepts=wording.concepts | self._concepts_of(party),
        )

    def _concepts_of(self, party: str | None) -> frozenset[str]:
        """The concepts of all names of an id: "the pan-African bank" is one of them."""
        if party is None:
            return frozenset()
        if party not in self._concepts:
            told = [
                read_wording(name, language, is_name=True).concepts
                for name in self._spellings.get(party, ())
                for language in _LANGUAGES
            ]
            self._concepts[party] = frozenset().union(*told)
        return self._concepts[party]

    def _lookup(
        self, actor: Actor, keys: frozenset[str], concepts: frozenset[str], country: str | None
    ) -> tuple[str, ...]:
        # The canonical name of a country is its own: "Japan" for the government of Japan.
        if actor.type == "government" and actor.country:
            return (actor.country,)
        each = [self._aliases[key] for key in keys if key in self._aliases]
        # A whole name says who its acronym is.
        found = {party for parties in each for party in parties}
        sure = {parties[0] for parties in each if len(parties) == 1}
        found = sure if len(sure) == 1 else found
        if len(found) > 1 and country:
            found = {party for party in found if self.country_of(party) == country} or found
        if found:
            return tuple(sorted(found))
        acronyms = {_key(word) for word in _ACRONYM.findall(actor.name)} & self._aliases.keys()
        if len(acronyms) == 1:
            # "Asian lender ADB", "JICA Vietnam".
            return self._aliases[acronyms.pop()]
        if country and "ministry" in concepts and actor.type in ("gov_agency", "government"):
            portfolios = sorted(
                name for name, asked in self._portfolios.items() if asked <= concepts
            )
            if portfolios:
                return (f"{country}/{'+'.join(portfolios)}",)
        return ()


def load_parties(own: Path | None = None) -> PartyTable:
    """The shipped table, with a file of one's own on top.

    Raises:
        ConfigurationError: the file cannot be read, or is no table of parties.
    """
    return _load(own)


@cache
def _load(own: Path | None) -> PartyTable:
    shipped = files("extractor.pledges").joinpath("parties.toml").read_text(encoding="utf-8")
    content: dict[str, dict[str, str]] = tomllib.loads(shipped)
    if own is not None:
        for table, entries in _read_own(own).items():
            content[table] = content.get(table, {}) | entries
    return PartyTable(content)


def _read_own(file: Path) -> dict[str, dict[str, str]]:
    hint = 'Write tables such as [company], with lines such as: kestrel = "Kestrel Lines|Kestrel".'
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        told = f"EXTRACTOR_PARTIES names no readable file ({error.strerror})."
        raise ConfigurationError(told, hint=hint) from None
    except ValueError:
        raise ConfigurationError("The file of EXTRACTOR_PARTIES is no TOML.", hint=hint) from None
    for entries in content.values():
        if not isinstance(entries, dict) or not all(isinstance(v, str) for v in entries.values()):
            raise ConfigurationError("The file of EXTRACTOR_PARTIES has no parties.", hint=hint)
    return content


def _keys(actor: Actor) -> Iterator[str]:
    for name in (actor.name, actor.canonical):
        yield _key(_BRACKETS.sub(" ", name))
        for inside in _BRACKETS.findall(name):
            if _CAPITALS.fullmatch(inside.strip()):
                yield _key(inside)


@cache
def _legal_form() -> re.Pattern[str]:
    forms = "|".join(plain(form.replace("\\.?", "")) for form in common_names().legal_forms)
    return re.compile(rf" (?:{forms})$")


@cache
def _legal_suffix() -> re.Pattern[str]:
    return re.compile(rf"[\s,]+(?:{'|'.join(common_names().legal_forms)})\.?$")


def _key(name: str) -> str:
    words = _WORD.findall(plain(name))
    while len(words) > 1 and words[0] in _LEADING:
        words = words[1:]
    key = _legal_form().sub("", " ".join(words))
    return _COMPANY.sub("", key) or key


def _without_countries(name: str, language: Rules) -> tuple[str, set[str]]:
    kept, codes, end = [], set(), 0
    for mention in find_countries(name, language):
        kept.append(name[end : mention.start])
        codes.add(mention.code)
        end = mention.end
    return " ".join([*kept, name[end:]]), codes


def _is_state_form(bare: str) -> bool:
    """Whether a country's name is left with words such as "Republic of", and nothing more."""
    return set(_WORD.findall(plain(bare))) <= state_words()


def _small_names(bare: str, concepts: frozenset[str]) -> frozenset[str]:
    """A name of one word that begins small, such as `xAI`; "donors" is none."""
    words = _WORD.findall(bare)
    is_name = len(words) == 1 and not concepts and words[0] != words[0].lower()
    return frozenset(plain(word) for word in words) if is_name else frozenset()


def _capital_of(name: str) -> tuple[str, ...]:
    """The country whose government a city may stand for, or be a city of: "Oslo will pay"."""
    code = capital_codes().get(name.strip())
    return (code,) if code else ()
