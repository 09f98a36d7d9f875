"""Times as a language writes them, each with what it means; drawn from a grammar, not the reader.

The grammar lies in `grammars/`. A sort of template is the last word of its name ("short
quarter"). Fields: `d` and `dd` a day, `m` and `mm` a month, `mon` and `short` its name, `y` a year,
`z` a later one, `yy` and `zz` their last digits, `q` and `roman` a quarter, `h` and `hroman` a
half, `n` a number and `num` its word, `r` one digit; those with a 2 end a range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final, TypeAlias

REFERENCE: Final = (2026, 3)
"""Year and month of the article in which all this stands."""
_ROMAN: Final = ("I", "II", "III", "IV")
Fields: TypeAlias = dict[str, Any]
Drawn: TypeAlias = tuple[str, str, tuple["Time", ...]]


@dataclass(frozen=True, slots=True)
class Time:
    """What words say of a time; a cue tells the role and the part that is meant."""

    edtf: str
    role: str = "point"
    modifier: str | None = None
    duration: str | None = None


@dataclass(frozen=True, slots=True)
class _Cue:
    words: str
    role: str = "point"
    modifier: str | None = None

    def before(self, words: str) -> str:
        return self.words + ("" if self.words[-1:] in ("", "-", "'") else " ") + words


def times(grammar: Mapping[str, Any], random: Random) -> Iterator[Drawn]:
    """Endlessly: the rule, the words, and the times that they tell, in order."""
    dates, numbers = grammar["dates"], grammar["counts"]["words"]
    cues = {
        sort: _cues(meanings)
        for sorts, meanings in dates["cues"].items()
        for sort in sorts.split(", ")
    }
    while True:
        for sort, templates in dates["templates"].items():
            template = random.choice(templates)
            fields = _fields(dates, numbers, sort, template, random)
            words = template.format(**fields)
            rule = f"{sort} {template}"
            if sort == "none":
                yield rule, words, ()
            elif sort == "unordered":
                yield rule, words, (Time(str(fields["y"])),)
            elif sort.startswith("ahead"):
                yield rule, words, (_ahead(sort, fields),)
            else:
                cue = random.choice(cues.get(sort, (_Cue(""),)))
                time = Time(_edtf(sort.split()[-1], fields), cue.role, cue.modifier)
                yield f"{rule} | {cue.words}", cue.before(words), (time,)


def _cues(meanings: Mapping[str, list[str]]) -> tuple[_Cue, ...]:
    return tuple(
        _Cue(words, role, modifier or None)
        for meaning, listed in meanings.items()
        for role, _, modifier in (meaning.partition("_"),)
        for words in listed
    )


def _fields(
    dates: Mapping[str, Any], numbers: Mapping[str, str], sort: str, template: str, random: Random
) -> Fields:
    year, month = random.randint(2027, 2039), random.randint(1, 11 if "months" in sort else 12)
    next_only = sort == "season" or "{y}/{z" in template
    later = year + (1 if next_only else random.randint(2, 9))
    month2 = random.randint(month + 1, 12) if month < 12 else 12
    quarter, half = (month + 2) // 3, 1 + (month > 6)
    count, word = random.choice([pair for pair in numbers.items() if int(pair[0]) <= 40])
    # A day that is no number of a month, and so can be in one place of a date only.
    day, day2 = random.randint(13, 20), random.randint(21, 28)
    digit = random.randint(2, 8)
    return {
        **{"y": year, "z": later, "yy": year % 100, "zz": later % 100, "tens": year // 10 * 10},
        **{"m": month, "mm": f"{month:02}", "m2": month2, "d": day, "dd": day, "d2": day2},
        **{"mon": dates["months"][month - 1], "mon2": dates["months"][month2 - 1]},
        "short": dates["short_months"][month - 1],
        "weekday": random.choice(dates["weekdays"]),
        **{"q": quarter, "roman": _ROMAN[quarter - 1], "nth": dates["ordinals"][quarter - 1]},
        "nth2": dates["more_ordinals"][quarter - 1],
        **{"h": half, "hth": dates["halves"][half - 1], "hth2": dates["more_halves"][half - 1]},
        **{"n": count, "num": word, "r": digit, "r2": digit + 1, "n3": random.randint(101, 999)},
    }


def _edtf(sort: str, fields: Fields) -> str:
    """What a template of this sort comes to with these fields."""
    year, month, quarter, half = fields["y"], fields["mm"], fields["q"], fields["h"]
    match sort:
        case "day":
            return f"{year}-{month}-{fields['d']}"
        case "month":
            return f"{year}-{month}"
        case "quarter":
            return f"{year}-{3 * quarter - 2:02}/{year}-{3 * quarter:02}"
        case "half":
            return f"{year}-{6 * half - 5:02}/{year}-{6 * half:02}"
        case "span" | "season":
            return f"{year}/{fields['z']}"
        case "decade":
            return f"{str(year)[:3]}X"
        case "days":
            return f"{year}-{month}-{fields['d']}/{year}-{month}-{fields['d2']}"
        case "months":
            return f"{year}-{month}/{year}-{fields['m2']:02}"
    return f"{year}"


def _ahead(sort: str, fields: Fields) -> Time:
    count, (year, month) = int(str(fields["n"])), REFERENCE
    if sort == "ahead years":
        return Time(f"{year + count}", "deadline", None, f"P{count}Y")
    index = year * 12 + month - 1 + count
    return Time(f"{index // 12}-{index % 12 + 1:02}", "deadline", None, f"P{count}M")
