"""Two values agree as far as their fields' rules say, whichever side they stand on."""

from __future__ import annotations

from pathlib import Path

import pytest
from anls_star import anls_score
from hypothesis import given
from hypothesis import strategies as st

from eval.errors import RulesError
from eval.scoring.canonical import Canonicaliser, Value
from eval.scoring.dates import parse_edtf
from eval.scoring.rules import load_rules, parse_rules
from eval.scoring.similarity import Comparer, Outcome, edit_similarity
from extractor.records import Actor, DateModifier, RecordType
from tests.eval.predictions import act, count, day, money, party, pledge

RULES = load_rules()
TABLE = (Path(__file__).parent.parent.parent / "eval" / "scoring" / "weights.toml").read_text(
    "utf-8"
)
CANONICAL = Canonicaliser(RULES)
COMPARER = Comparer(RULES)
RIGHT, PARTLY, WRONG = Outcome(correct=1), Outcome(partial=1), Outcome(incorrect=1)


def outcome(field: str, gold: object, predicted: object, *, of: str = "commitment") -> Outcome:
    """What becomes of a field when one record is held against another."""
    make = pledge if of == "commitment" else act
    kind: RecordType = "commitment" if of == "commitment" else "policy_event"
    source = "amount" if field == "currency" or field.startswith("amount") else field
    values: list[Value | None] = [
        CANONICAL.record(make(**{source: value})).values[field] for value in (gold, predicted)
    ]
    found = COMPARER.compare(kind, field, *values)
    mirrored = COMPARER.compare(kind, field, *values[::-1])
    swapped = found._replace(missing=found.spurious, spurious=found.missing)
    assert mirrored == swapped, "the comparison is not symmetric"
    return found


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ((40e6, {}), (40e6, {}), RIGHT),
        ((40e6, {}), (40.1e6, {}), RIGHT),
        ((40e6, {}), (41e6, {}), PARTLY),
        ((40e6, {}), (60e6, {}), WRONG),
        ((5e9, {"raw": "5 tỷ đồng"}), (5, {"raw": "5"}), WRONG),
        ((40e6, {}), (400e6, {}), WRONG),
        ((2.86e9, {"raw": "2.86 billion"}), (2.9e9, {"raw": "2,9 milliards"}), RIGHT),
        ((2.8e9, {"raw": "2.8 billion"}), (2.9e9, {"raw": "2.9 billion"}), PARTLY),
        ((1.4e9, {"raw": "1.4 billion"}), (1e9, {"raw": "a billion, or 1 billion"}), WRONG),
        ((1e9, {"raw": "1 billion"}), (1e10, {"raw": "10 billion"}), WRONG),
        ((30e9, {"value_max": 50e9}), (30e9, {"value_max": 50e9}), RIGHT),
        ((30e9, {"value_max": 50e9}), (40e9, {}), PARTLY),
        ((30e9, {"value_max": 50e9}), (60e9, {}), WRONG),
        ((40e6, {}), (None, {}), Outcome(missing=1)),
        ((None, {}), (40e6, {}), Outcome(spurious=1)),
        ((None, {}), (None, {}), Outcome(absent=1)),
    ],
)
def test_amounts_agree_within_their_precision_and_never_by_their_digits(
    gold: tuple[float | None, dict[str, object]],
    predicted: tuple[float | None, dict[str, object]],
    expected: Outcome,
) -> None:
    values = [money(value, **changes) for value, changes in (gold, predicted)]
    assert outcome("amount", *values) == expected


def test_a_currency_is_right_or_wrong_and_nothing_is_converted() -> None:
    assert outcome("currency", money(1, "USD"), money(1, "USD")) == RIGHT
    assert outcome("currency", money(1, "USD"), money(1, "EUR")) == WRONG
    assert outcome("currency", money(1, "USD"), None) == Outcome(missing=1)


def test_per_and_scope_earn_nothing_where_they_say_nothing() -> None:
    for field, key, value in (("amount_per", "per", "year"), ("amount_scope", "scope", "each")):
        plain, marked = money(1), money(1, **{key: value})
        assert outcome(field, plain, plain) == Outcome(absent=1)
        assert outcome(field, marked, marked) == RIGHT
        assert outcome(field, marked, plain) == Outcome(missing=1)


def test_a_quantity_needs_the_number_and_a_unit_that_means_the_same() -> None:
    assert outcome("quantity", count(39, "bus"), count(39, "bus")) == RIGHT
    assert outcome("quantity", count(39, "gpu"), count(39, "graphics_processor")) == RIGHT
    assert outcome("quantity", count(39, "electric_bus"), count(39, "bus")) == RIGHT
    assert outcome("quantity", count(39, "bus"), count(39, "nurse")) == PARTLY
    assert outcome("quantity", count(39, "bus"), count(40, "bus")) == PARTLY
    assert outcome("quantity", count(39, "bus"), count(40, "nurse")) == WRONG
    assert outcome("quantity", count(4, "bus"), count(5, "bus")) == WRONG


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("Alderon", "ALDERON  Inc.", RIGHT),
        ("Tập đoàn Alderon", "Alderon Corp", RIGHT),
        ("Nhà máy Thép Hòa Phát", "Nha may Thep Hoa Phat", PARTLY),
        ("Alberto Roberto Torres", "Torres", PARTLY),
        ("Alderon Foundation", "Alderon Fondation", RIGHT),
        ("Alderon Energy Partners", "Alderon Energie Partner", PARTLY),
        ("Alderon Fund 7", "Alderon Fund 8", WRONG),
        ("Alderon", "Zyx Quill", WRONG),
        ("European Union", "Ủy ban châu Âu", RIGHT),
    ],
)
def test_names_agree_by_words_and_letters_but_keep_their_marks_and_numbers(
    gold: str, predicted: str, expected: Outcome
) -> None:
    assert outcome("actors", [party(gold)], [party(predicted)]) == expected


def test_governments_agree_on_their_country_and_a_ministry_is_part_of_one() -> None:
    ministry = Actor(name="Ministry of X", canonical="X", type="gov_agency", country="NO")
    assert outcome("actors", [party("Oslo", "NO")], [party("Norge", "NO")]) == RIGHT
    assert outcome("actors", [party("Oslo", "NO")], [party("Sverige", "SE")]) == WRONG
    assert outcome("actors", [party("Oslo", "NO")], [ministry]) == PARTLY
    assert outcome("actors", [party("Ottawa", "CA")], [ministry]) == WRONG


def test_every_element_of_a_set_is_a_fill_of_its_own() -> None:
    both = [party("Alderon"), party("Zyx Quill")]
    assert outcome("actors", both, both[::-1]) == Outcome(correct=2)
    assert outcome("actors", both, both[:1]) == Outcome(correct=1, missing=1)
    assert outcome("actors", both, [party("Briar")]) == Outcome(incorrect=1, missing=1)
    assert outcome("actors", both, [*both, *both[:1]]) == Outcome(correct=2, spurious=1)
    assert outcome("actors", both, []) == Outcome(missing=2)
    assert outcome("actors", [], []) == Outcome(absent=1)


@given(st.lists(st.sampled_from(["Alderon", "Alderon Energy", "Zyx", "Zyx Quill"]), min_size=2))
def test_one_element_against_one_is_scored_like_many(names: list[str]) -> None:
    alone = outcome("actors", [party(names[0])], [party(names[1])])
    more = outcome(
        "actors", [party(names[0]), party("Briar Mills")], [party(names[1]), party("Briar Mills")]
    )
    assert more == alone._replace(correct=alone.correct + 1)


def test_codes_agree_and_a_country_is_partly_its_region() -> None:
    assert outcome("jurisdictions", ["NO"], ["NO"], of="event") == RIGHT
    assert outcome("jurisdictions", ["BE-WAL"], ["BE"], of="event") == PARTLY
    assert outcome("jurisdictions", ["BE"], ["BG"], of="event") == WRONG


def test_a_place_is_right_by_name_or_code_and_partly_right_by_country() -> None:
    lille = {"name": "Lille", "country": "FR", "subdivision": "FR-59"}
    assert outcome("places", [lille], [{**lille, "name": "the north"}]) == RIGHT
    assert outcome("places", [lille], [{**lille, "subdivision": None}]) == RIGHT
    france = {"name": "France", "country": "FR", "subdivision": None}
    assert outcome("places", [lille], [france]) == PARTLY
    paris = {"name": "Paris", "country": "FR", "subdivision": "FR-75C"}
    assert outcome("places", [lille], [paris]) == WRONG


def test_free_text_agrees_by_its_words() -> None:
    assert outcome("instrument", "the Clean Rivers Act", "Clean Rivers Act", of="event") == RIGHT
    assert outcome("instrument", "Clean Rivers Act", "the Act", of="event") == PARTLY
    assert outcome("instrument", "Clean Rivers Act", "Budget", of="event") == WRONG


def test_an_enumeration_is_right_or_a_listed_near_miss() -> None:
    assert outcome("status", "planned", "planned") == RIGHT
    assert outcome("status", "planned", "announced") == PARTLY
    assert outcome("status", "planned", "completed") == WRONG
    assert outcome("certainty", "asserted", "hedged") == WRONG
    assert outcome("status", "announced", "in_force", of="event") == PARTLY


def test_durations_agree_however_they_are_written() -> None:
    assert outcome("duration", "P2Y", "P24M") == RIGHT
    assert outcome("duration", "P2Y", "P2M") == WRONG


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("2027", "2027", RIGHT),
        ("2027", "2027-03", PARTLY),
        ("2027", "2028", WRONG),
        ("2026-12-31", "2025-12-31", WRONG),
        ("2026-04/2027-03", "2026-04/2027-03", RIGHT),
        ("2026-04/2027-03", "2026", WRONG),
        ("2026-04/2027-03", "2026-12", PARTLY),
        ("2026", "2026-01/2026-12", PARTLY),
        ("../2027", "2026-05", PARTLY),
        ("2026/..", "2031", PARTLY),
        ("2026/..", "2025", WRONG),
        ("201X", "2014", PARTLY),
        ("XXXX-05-26", "XXXX-05-26", RIGHT),
        ("XXXX-05-26", "2023-05-26", PARTLY),
        ("XXXX-05-26", "2023-05-27", WRONG),
        ("XXXX-11/XXXX-02", "XXXX-12", PARTLY),
        ("2024-02-14~", "2024-02-14", RIGHT),
        ("2024-02-30", "2024-02", WRONG),
        (None, "2024", WRONG),
        (None, None, RIGHT),
    ],
)
def test_dates_agree_as_stretches_of_days(
    gold: str | None, predicted: str | None, expected: Outcome
) -> None:
    assert outcome("deadline", day(gold), day(predicted)) == expected


@pytest.mark.parametrize(
    ("modifier", "inside", "outside"),
    [
        ("start", "2027-02", "2027-06"),
        ("mid", "2027-06", "2027-12"),
        ("end", "2027-12", "2027-06"),
    ],
)
def test_a_modifier_narrows_a_period(modifier: str, inside: str, outside: str) -> None:
    vague = day("2027", modifier=modifier)
    assert outcome("deadline", vague, vague) == RIGHT
    assert outcome("deadline", vague, day("2027")) == PARTLY
    assert outcome("deadline", vague, day(inside)) == PARTLY
    assert outcome("deadline", vague, day(outside)) == WRONG


@given(
    st.dates(),
    st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]),
    st.sampled_from([None, "start", "mid", "end"]),
)
def test_every_date_has_days_and_thirds_lie_within_it(
    when: object, shape: str, modifier: DateModifier | None
) -> None:
    text = f"{when:{shape}}".rjust(len("2027") if shape == "%Y" else 0, "0")
    year, _, rest = text.partition("-")
    text = "-".join(filter(None, (year.zfill(4), rest)))
    whole, part = parse_edtf(text), parse_edtf(text, modifier)
    assert whole is not None
    assert part is not None
    assert whole.start <= part.start < part.end <= whole.end


@pytest.mark.parametrize(
    "text", ["", "soon", "2027-13", "..", "2028/2027", "XXXX", "1/2/3", "0000"]
)
def test_what_is_no_date_of_ours_has_no_days(text: str) -> None:
    assert parse_edtf(text) is None


@given(st.text("abcdeé ", min_size=1, max_size=12), st.text("abcdeé ", min_size=1, max_size=12))
def test_edit_similarity_is_that_of_anls(one: str, other: str) -> None:
    one, other = f"x{one.strip()}", f"x{other.strip()}"
    ours = edit_similarity(" ".join(one.split()), " ".join(other.split()))
    reference = anls_score(one, other)
    assert reference == pytest.approx(ours if ours >= 0.5 else 0.0)
    assert edit_similarity(one, other, 0.7) in (0.0, pytest.approx(edit_similarity(one, other)))


def test_the_shipped_table_has_a_version_and_the_digest_of_its_bytes() -> None:
    again = parse_rules(TABLE.encode())
    assert again == RULES
    assert RULES.version
    changed = parse_rules(TABLE.replace("actors = 3", "actors = 4").encode())
    assert changed.sha256 != RULES.sha256


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tau = 0.5", "tau = 0.0", "tau"),
        ("actors = 3", "actresses = 3", "actors"),
        ("certainty = 0", "certainty = 0\nmood = 1", "mood"),
        ("actors = 3", "actors = -3", "actors"),
        ("partial = 0.70", "partial = 0.95", "below"),
        ('version = "1"', 'version = ""', "version"),
        ('version = "1"', 'version = "1"\nspare = 1', "spare"),
        ('version = "1"', "version = ", "no TOML"),
    ],
)
def test_a_table_that_cannot_be_scored_with_is_refused(old: str, new: str, message: str) -> None:
    assert old in TABLE
    with pytest.raises(RulesError, match=message):
        parse_rules(TABLE.replace(old, new, 1).encode())


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"none\.toml"):
        load_rules(tmp_path / "none.toml")
