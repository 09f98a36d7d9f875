"""Amounts as ranges: what a figure may mean by its words, and whether two may be one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final, Literal, TypeAlias

from extractor.records import Conversion, Count, Money, Number, Per, Qualifier, Scope

Likeness: TypeAlias = Literal[
    "equal", "converted", "rounded", "worth", "near", "open", "different", "far"
]
"""equal: the same figure; converted: what an article converts it to; rounded: one is the other with
fewer digits, or within its qualifier; worth, near, far: in two currencies they are worth about the
same, may be, or cannot; open: they cannot be compared; different: they cannot be one figure."""

_ABOUT: Final = Decimal("0.1")
_LOOSE: Final = Decimal("0.25")
_ROUNDED_ONE: Final = Decimal("0.03")
_ROUNDED_MORE: Final = Decimal("0.06")
_CLOSE: Final = Decimal("0.12")
_WORTH_THE_SAME: Final = Decimal("1.12")
_NEAR: Final = Decimal("1.3")
_FAR: Final = Decimal("1.8")
# Worth in US dollars of the early 2020s, to tell what cannot be one sum; nothing is converted.
_WORTH: Final = {
    "USD": Decimal("1"),
    "EUR": Decimal("1.12"),
    "GBP": Decimal("1.3"),
    "JPY": Decimal("0.0068"),
    "CNY": Decimal("0.14"),
    "VND": Decimal("0.00004"),
    "KRW": Decimal("0.00073"),
    "INR": Decimal("0.0117"),
    "AUD": Decimal("0.66"),
    "CAD": Decimal("0.73"),
    "CHF": Decimal("1.18"),
    "SEK": Decimal("0.098"),
    "NOK": Decimal("0.095"),
    "DKK": Decimal("0.15"),
    "SGD": Decimal("0.76"),
    "HKD": Decimal("0.128"),
    "TWD": Decimal("0.032"),
    "THB": Decimal("0.029"),
    "MYR": Decimal("0.23"),
    "IDR": Decimal("0.000062"),
    "PHP": Decimal("0.0175"),
    "BRL": Decimal("0.18"),
    "MXN": Decimal("0.055"),
    "ZAR": Decimal("0.056"),
    "SAR": Decimal("0.267"),
    "AED": Decimal("0.272"),
    "QAR": Decimal("0.275"),
    "TRY": Decimal("0.03"),
    "PLN": Decimal("0.26"),
    "CZK": Decimal("0.045"),
    "HUF": Decimal("0.0028"),
    "RUB": Decimal("0.011"),
    "UAH": Decimal("0.024"),
    "ILS": Decimal("0.28"),
    "NZD": Decimal("0.6"),
    "XOF": Decimal("0.0017"),
    "XAF": Decimal("0.0017"),
    "NGN": Decimal("0.00065"),
    "KES": Decimal("0.0077"),
    "EGP": Decimal("0.02"),
    "MAD": Decimal("0.1"),
    "DZD": Decimal("0.0075"),
    "TND": Decimal("0.33"),
    "GHS": Decimal("0.08"),
    "ETB": Decimal("0.0075"),
    "RWF": Decimal("0.0007"),
    "UGX": Decimal("0.00027"),
    "TZS": Decimal("0.00038"),
    "ZMW": Decimal("0.04"),
    "MZN": Decimal("0.0156"),
    "AOA": Decimal("0.0011"),
    "MGA": Decimal("0.00022"),
    "MUR": Decimal("0.022"),
    "BDT": Decimal("0.0083"),
    "PKR": Decimal("0.0036"),
    "LKR": Decimal("0.0033"),
    "NPR": Decimal("0.0073"),
    "MMK": Decimal("0.00048"),
    "LAK": Decimal("0.000046"),
    "KHR": Decimal("0.00025"),
    "MNT": Decimal("0.00028"),
    "FJD": Decimal("0.44"),
    "PGK": Decimal("0.25"),
    "XPF": Decimal("0.0093"),
    "KZT": Decimal("0.002"),
    "UZS": Decimal("0.00008"),
    "GEL": Decimal("0.37"),
    "RON": Decimal("0.22"),
    "BGN": Decimal("0.57"),
    "RSD": Decimal("0.0095"),
    "JOD": Decimal("1.41"),
    "KWD": Decimal("3.25"),
    "OMR": Decimal("2.6"),
    "BHD": Decimal("2.65"),
    "COP": Decimal("0.00024"),
    "CLP": Decimal("0.00105"),
    "PEN": Decimal("0.27"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in one currency or unit."""

    low: Decimal
    high: Decimal
    unit: str
    """ISO 4217 or the unit of a count."""
    qualifier: Qualifier
    per: Per
    scope: Scope
    raw: str

    @property
    def is_exact(self) -> bool:
        """Whether it is one number without a qualifier."""
        return self.qualifier == "exact" and self.low == self.high

    @property
    def digits(self) -> int:
        """How many digits it is told with."""
        return len(self.low.normalize().as_tuple().digits)

    def bounds(self) -> tuple[Decimal, Decimal]:
        """Between what the words may mean."""
        low, high = self.low, self.high
        match self.qualifier:
            case "about":
                return low * (1 - _ABOUT), high * (1 + _ABOUT)
            case "over" | "at_least":
                return low, high * (1 + _LOOSE)
            case "under" | "up_to":
                return low * (1 - _LOOSE), high
            case "exact":
                return low, high


def money_figures(money: Money | None) -> tuple[Figure, ...]:
    """The amount, and what the article itself converts it to; without those that have no value."""
    if money is None:
        return ()
    told: list[Money | Conversion] = [money, *money.converted]
    return tuple(
        Figure(
            _number(each.value),
            _number(each.value if isinstance(each, Conversion) else each.value_max or each.value),
            each.currency,
            each.qualifier,
            money.per,
            money.scope,
            each.raw,
        )
        for each in told
        if each.value is not None and each.currency is not None
    )


def count_figure(count: Count | None) -> Figure | None:
    """The counted deliverable; None without a number."""
    if count is None or count.value is None:
        return None
    high = count.value if count.value_max is None else count.value_max
    return Figure(
        _number(count.value),
        _number(high),
        count.unit,
        count.qualifier,
        count.per,
        count.scope,
        count.raw,
    )


def _number(value: Number | None) -> Decimal:
    return Decimal(str(value))


def compare_figures(one: tuple[Figure, ...], other: tuple[Figure, ...]) -> Likeness:
    """Whether two amounts may be one, by whatever currency both are told in."""
    pairs = [(a, b) for a, b in product(one, other) if a.unit == b.unit]
    if not pairs:
        return _by_worth(one[0], other[0]) if one and other else "open"
    # The amount itself says more than a conversion, which is rounded.
    found = [_compare(a, b) for a, b in pairs]
    if one[0].unit == other[0].unit:
        return found[0]
    return "converted" if found[0] == "equal" or _near(*pairs[0]) else found[0]


def is_close(one: tuple[Figure, ...], other: tuple[Figure, ...]) -> bool:
    """Whether two unequal amounts are so near that one paper may just be wrong."""
    pairs = [(a, b) for a, b in product(one, other) if a.unit == b.unit]
    return any(
        (a.per, a.scope) == (b.per, b.scope) and abs(a.low - b.low) <= max(a.low, b.low) * _CLOSE
        for a, b in pairs
    )


def _compare(one: Figure, other: Figure) -> Likeness:
    if one.per != other.per or one.scope != other.scope:
        return "open"
    if one.low == other.low and one.high == other.high:
        return "equal" if one.qualifier == other.qualifier else "rounded"
    (low, high), (least, most) = one.bounds(), other.bounds()
    if low <= most and least <= high and not (one.is_exact and other.is_exact):
        return "rounded"
    if _is_rounded(one, other) or _is_rounded(other, one):
        return "rounded"
    return "different"


def _is_rounded(short: Figure, long: Figure) -> bool:
    """Whether one is the other with fewer digits, rounded or cut off."""
    if short.low != short.high or long.low != long.high or short.digits >= long.digits:
        return False
    step = Decimal(1).scaleb(int(short.low.normalize().as_tuple().exponent))
    gap, largest = abs(short.low - long.low), max(short.low, long.low)
    if gap > largest * (_ROUNDED_ONE if short.digits == 1 else _ROUNDED_MORE):
        return False
    return gap <= step / 2 or (gap < step and long.low > short.low)


def worth(figure: Figure) -> Decimal | None:
    """What a figure is worth in US dollars, roughly; None for a currency that is not listed."""
    rate = _WORTH.get(figure.unit)
    return None if rate is None else figure.low * rate


def _by_worth(one: Figure, other: Figure) -> Likeness:
    """Two currencies: whether the worth of both is of one order."""
    mine, theirs = worth(one), worth(other)
    if not mine or not theirs or (one.per, one.scope) != (other.per, other.scope):
        return "open"
    ratio = max(mine, theirs) / min(mine, theirs)
    if ratio <= _WORTH_THE_SAME:
        return "worth"
    return "near" if ratio <= _NEAR else "far" if ratio >= _FAR else "open"


def _near(one: Figure, other: Figure) -> bool:
    largest = max(one.high, other.high)
    return bool(largest) and abs(one.low - other.low) <= largest * _ABOUT
