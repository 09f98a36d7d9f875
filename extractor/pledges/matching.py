"""Whether two sets of parties may be the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Final, Literal, TypeAlias

from rapidfuzz.fuzz import ratio, token_sort_ratio

from extractor.pledges.parties import KnownParty, PartyTable

Match: TypeAlias = Literal["same", "alike", "related", "unknown", "different"]
"""same: one id or one name; alike: names that say the same in other words; related: one belongs to
the other; unknown: one of them names nobody, or may be the other's translation; different: two
parties."""
NameSense: TypeAlias = Callable[[str, str], float]
"""How near the senses of two names are, by their vectors."""

_ORDER: Final[tuple[Match, ...]] = ("same", "alike", "related", "unknown", "different")
_NAMELESS: Final = frozenset({"unspecified_group", "consortium"})
_STATE: Final = frozenset({"government", "gov_agency"})
_PUBLIC: Final = frozenset(
    {"government", "ministry", "minister", "parliament", "council", "commission", "agency"}
    | {"embassy", "partnership"}
)
_LIKE_NAME: Final = 88
_LIKE_WORD: Final = 85
_OWN_WORD: Final = 4
# Of names in two languages: those of two parties lie near .85, translations near .89.
_TRANSLATED: Final = 0.90
_MAY_BE_TRANSLATED: Final = 0.865


class PartyMatcher:
    """Compares parties by the table of them, by names, and by their sense if vectors tell it."""

    def __init__(self, table: PartyTable, sense: NameSense | None = None) -> None:
        self._table = table
        self._sense = sense

    def best(self, mine: Iterable[KnownParty], theirs: Iterable[KnownParty]) -> Match:
        """The best match of a party of each set; unknown if one set is empty."""
        found = [self.match(one, other) for one, other in product(mine, theirs)]
        return min(found, key=_ORDER.index, default="unknown")

    def match(self, one: KnownParty, other: KnownParty) -> Match:
        """Whether two names mean one party."""
        if one.id and other.id:
            if one.id == other.id:
                return "same"
            return "related" if self._table.related(one.id, other.id) else "different"
        if one.keys & other.keys and not (one.candidates and other.candidates):
            return "same"
        if one.candidates or other.candidates:
            return self._among_candidates(one, other)
        if one.country and other.country and one.country != other.country:
            return "different"
        if is_nameless(one) or is_nameless(other):
            return "unknown"
        if (one.type == "person") != (other.type == "person"):
            return "unknown"
        if _is_described(one, other) or _is_described(other, one):
            return "related" if one.country == other.country else "unknown"
        found = _match_names(one, other)
        return self._translated(one, other) if found == "different" else found

    def _among_candidates(self, one: KnownParty, other: KnownParty) -> Match:
        mine, theirs = (party.candidates or (party.id or party.name,) for party in (one, other))
        pairs = list(product(mine, theirs))
        if len(pairs) == 1 and mine == theirs:
            # A capital stands for its government: "Oslo will pay".
            return "alike"
        near = any(a == b or self._table.related(a, b) for a, b in pairs)
        return "related" if near else "different" if one.id or other.id else "unknown"

    def _translated(self, one: KnownParty, other: KnownParty) -> Match:
        """Names in two languages that do not agree by their words."""
        if one.language == other.language or one.id or other.id:
            return "different"
        if _is_acronym(one) or _is_acronym(other):
            return "unknown"
        shared = one.concepts & other.concepts
        if self._sense is not None:
            near = self._sense(one.name, other.name)
            if near >= _MAY_BE_TRANSLATED:
                return "related" if near >= _TRANSLATED and shared else "unknown"
        fewer = min(len(one.concepts), len(other.concepts))
        return "unknown" if len(shared) > 1 and len(shared) * 2 >= fewer else "different"


def is_nameless(party: KnownParty) -> bool:
    """Whether it is only told what kind of party it is: "the government", "cette entreprise"."""
    if party.type in _NAMELESS:
        return True
    return not party.id and not party.names and not party.country and len(party.concepts) < 2


def _is_described(one: KnownParty, other: KnownParty) -> bool:
    """Whether words without a name tell what the other, which has one, is: "the French bank"."""
    named = bool(other.id or other.names)
    return (
        named
        and not (one.id or one.names)
        and bool(one.concepts)
        and one.concepts <= other.concepts
    )


def _is_acronym(party: KnownParty) -> bool:
    """Whether it is short for a name that nobody can tell from it."""
    return not party.concepts and party.name.isupper() and party.name.isalpha()


def are_sure(mine: Iterable[KnownParty], theirs: Iterable[KnownParty]) -> bool:
    """Whether that two sets differ is certain: each names somebody whom the other could name too.

    In another language a name may be translated beyond recognition, unless a table knows both.
    """
    sides = [[p for p in side if p.type not in _NAMELESS] for side in (mine, theirs)]
    if all(any(p.id for p in side) for side in sides):
        return True
    one_language = len({p.language for side in sides for p in side}) == 1
    return one_language and all(any(p.id or p.names for p in side) for side in sides)


def both_named(mine: Iterable[KnownParty], theirs: Iterable[KnownParty]) -> bool:
    """Whether both have proper names, which a translation keeps."""
    return any(party.names for party in mine) and any(party.names for party in theirs)


def _match_names(one: KnownParty, other: KnownParty) -> Match:
    if _share_acronym(one, other) or _share_acronym(other, one):
        return "alike"
    if one.names and other.names:
        return _match_proper(one, other)
    concepts = one.concepts & other.concepts
    same_country = one.country is not None and one.country == other.country
    if concepts and concepts in (one.concepts, other.concepts) and len(concepts) > 1:
        return "alike" if same_country or one.concepts == other.concepts else "related"
    if same_country and _is_public(one) and _is_public(other):
        named = one.concepts - {"government"}, other.concepts - {"government"}
        return "different" if all(named) and not concepts - {"ministry"} else "related"
    if not one.names and not other.names and (not one.concepts or not other.concepts):
        return "unknown"
    if token_sort_ratio(one.canonical.casefold(), other.canonical.casefold()) >= _LIKE_NAME:
        return "alike"
    return "different"


def _is_public(party: KnownParty) -> bool:
    known = party.id is not None and party.country is not None
    return known or party.type in _STATE or bool(party.concepts & _PUBLIC)


def _match_proper(one: KnownParty, other: KnownParty) -> Match:
    shared = {
        (a, b)
        for a, b in product(one.names, other.names)
        if a == b or (min(len(a), len(b)) > _OWN_WORD and ratio(a, b) >= _LIKE_WORD)
    }
    fewer = min(len(one.names), len(other.names))
    clash = one.concepts and other.concepts and not one.concepts & other.concepts
    if len({a for a, _ in shared}) < fewer or len({b for _, b in shared}) < fewer:
        own = any(len(a) > _OWN_WORD for a, _ in shared) and not clash
        return "related" if own else "different"
    # "Kestrel" and "Kestrel Lines": one's words are in the other's.
    return "related" if clash else "alike"


def _share_acronym(short: KnownParty, long: KnownParty) -> bool:
    for key in short.keys:
        if " " in key or not 3 <= len(key) <= 7:
            continue
        for name in long.keys:
            words = [word for word in name.split() if len(word) > 3 or word == "bank"]
            if len(words) > 2 and "".join(word[0] for word in words) == key:
                return True
    return False
