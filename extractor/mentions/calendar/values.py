"""What a phrase says about time, and the EDTF that it comes to on a given day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from extractor.languages.calendar_names import Unit
from extractor.records import DateBasis

Months = tuple[int, ...]  # nothing, a month, or a month and a day
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Dated:
    """A year, month or day, or from `first` to `last`, in the calendar.

    The year is written, or `shift` years from the reference's, or the nearest that fits; then
    `direction` -1 looks back only, 1 ahead only, and 0 leaves it to the sentence.
    """

    first: Months = ()
    last: Months | None = None
    years_later: int = 0
    year: int | None = None
    shift: int | None = None
    direction: int = 0

    @property
    def of_years(self) -> bool:
        """Whether it is from one year to another."""
        return self.first == () and self.last == ()

    @property
    def yearless(self) -> bool:
        """Whether the words leave the year to the reference."""
        return self.year is None and self.shift is None


@dataclass(frozen=True, slots=True)
class Decade:
    """A decade as written: 201 for the 2010s."""

    tens: int


@dataclass(frozen=True, slots=True)
class Near:
    """The day, week, month, quarter or decade so many steps from the reference."""

    unit: Unit
    steps: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday: of the week so many weeks on, or the nearest in a direction (0: as for dates)."""

    day: int
    week: int | None
    direction: int


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time; `ahead` counts it from the reference."""

    unit: Unit
    count: int
    ahead: bool


DateReading = Dated | Decade | Near | Weekday | Length


def exists(months: Months, year: int | None) -> bool:
    """Whether the calendar has this month or day, in that year or, without one, in any."""
    match months:
        case (month, day):
            return 1 <= month <= 12 and 1 <= day <= monthrange(year or _LEAP_YEAR, month)[1]
        case (month,):
            return 1 <= month <= 12
    return True


def _written(year: int | None, months: Months) -> str:
    if year is not None and not 1 <= year <= 9999:
        raise ValueError
    parts = [f"{year:04d}" if year is not None else "XXXX", *(f"{n:02d}" for n in months)]
    return "-".join(parts)


def _last_day(year: int, months: Months) -> date:
    month = months[0] if months else 12
    return date(year, month, months[1] if len(months) > 1 else monthrange(year, month)[1])


def _nearest_year(value: Dated, reference: date, ahead: bool) -> int | None:
    """The year that puts the value last before the reference, or, ahead, first after it.

    Unless the words say "last" or "next", the reference itself may lie within the value.
    """
    # 29 February may be eight years away.
    nearby = range(max(1, reference.year - 9), min(9998, reference.year + 9))
    last = value.first if value.last is None else value.last
    spans = [
        (date(year, *(*value.first, 1, 1)[:2]), _last_day(year + value.years_later, last), year)
        for year in nearby
        if exists(value.first, year) and exists(last, year + value.years_later)
    ]
    if ahead and value.direction > 0:
        fitting = (year for first, _, year in spans if first > reference)
    elif ahead:
        fitting = (year for _, end, year in spans if end >= reference)
    elif value.direction < 0:
        fitting = (year for _, end, year in reversed(spans) if end < reference)
    else:
        fitting = (year for first, _, year in reversed(spans) if first <= reference)
    return next(fitting, None)


def _resolved_dated(value: Dated, reference: date | None, future: bool) -> str | None:
    year = value.year
    if year is None and reference is not None:
        if value.shift is not None:
            year = reference.year + value.shift
        else:
            ahead = value.direction > 0 or (future and value.direction == 0)
            year = _nearest_year(value, reference, ahead)
    if year is None and not value.first:
        return None
    if not all(exists(months, year) for months in (value.first, value.last or ())):
        return None
    first = _written(year, value.first)
    if value.last is None:
        return first
    last = _written(None if year is None else year + value.years_later, value.last)
    return f"{first}/{last}"


def _resolved_near(unit: Unit, steps: int, reference: date) -> str:
    match unit:
        case "day":
            return (reference + timedelta(days=steps)).isoformat()
        case "week":
            monday = reference - timedelta(days=reference.weekday()) + timedelta(weeks=steps)
            return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
        case "decade":
            return f"{reference.year // 10 + steps:03d}X"
        case "year":
            return _written(reference.year + steps, ())
    length = 3 if unit == "quarter" else 1
    first = (reference.year * 12 + reference.month - 1) // length * length + steps * length
    months = [_written(index // 12, (index % 12 + 1,)) for index in (first, first + length - 1)]
    return "/".join(dict.fromkeys(months))


def _resolved_weekday(value: Weekday, reference: date, future: bool) -> str:
    if value.week is not None:
        monday = reference - timedelta(days=reference.weekday())
        return (monday + timedelta(weeks=value.week, days=value.day)).isoformat()
    if value.direction > 0 or (future and value.direction == 0):
        ahead = (value.day - reference.weekday()) % 7 or 7 * value.direction
        return (reference + timedelta(days=ahead)).isoformat()
    back = (reference.weekday() - value.day) % 7 or -7 * value.direction
    return (reference - timedelta(days=back)).isoformat()


def resolved(value: DateReading, reference: date | None, future: bool) -> str | None:
    """The EDTF of a reading; `future` says that the sentence speaks of what is to come."""
    try:
        match value:
            case Dated():
                return _resolved_dated(value, reference, future)
            case Decade():
                return f"{value.tens}X"
            case Near() if reference is not None:
                return _resolved_near(value.unit, value.steps, reference)
            case Weekday() if reference is not None:
                return _resolved_weekday(value, reference, future)
            case Length(ahead=True) if reference is not None:
                return _resolved_near(value.unit, value.count, reference)
    except (OverflowError, ValueError):
        # A step beyond year 1 or 9999: there is no such date.
        return None
    return None


def basis_of(value: DateReading) -> DateBasis:
    """Whether the words alone say which time is meant."""
    match value:
        case Decade() | Length(ahead=False):
            return "explicit"
        case Dated(year=int()):
            return "explicit"
    return "from_reference"


def iso_duration(value: DateReading) -> str | None:
    """The ISO 8601 duration of a length of time, None for other readings."""
    letters: dict[Unit, str] = {"day": "D", "week": "W", "month": "M", "year": "Y"}
    return f"P{value.count}{letters[value.unit]}" if isinstance(value, Length) else None
