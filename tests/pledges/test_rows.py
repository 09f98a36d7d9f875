"""Rows of the ledger: their history, their sources, whether they may be summed, and sums."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.pledges.assembling import assemble, independent_publishers
from extractor.pledges.countable import decide
from extractor.pledges.parties import load_parties
from extractor.pledges.rows import FigureSeen, PledgeRow, QuoteSeen, SourceSeen, Stage, WhyNot
from extractor.pledges.sums import sum_rows
from extractor.pledges.traits import traits_of
from extractor.records import Per, Scope
from tests.pledges.cases import told_mentions


def _assembled(key: str) -> PledgeRow:
    mentions, key_of = told_mentions()
    inside = [mention for mention in mentions if key_of[mention.id] == key]
    table = load_parties()
    traits = {mention.id: traits_of(mention, table) for mention in inside}
    return assemble("P1", inside, traits, table)


def test_a_pledge_has_its_life_told_by_who_told_it_first() -> None:
    row = _assembled("varnholt-baclieu")
    steps = [(step.stage, step.on, step.basis) for step in row.history]
    assert steps == [
        ("rumoured", "2025-01-20", "published"),
        ("agreed", "2025-05-13", "told"),
        ("cancelled", "2026-02-02", "published"),
    ]
    assert row.stage == "cancelled"
    assert row.history[1].quote.startswith("Tập đoàn Varnholt")


def test_sources_that_differ_are_shown_and_not_averaged() -> None:
    row = _assembled("varnholt-baclieu")
    assert row.amount is not None
    assert row.amount.value == Decimal("1380000000")
    [conflict] = row.conflicts
    assert conflict.field == "amount"
    assert conflict.values == ["$1.4 billion", "1,38 tỷ USD"]


def test_an_act_lives_from_its_draft_to_its_force() -> None:
    row = _assembled("vn-ai-law")
    assert [step.stage for step in row.history] == ["proposed", "adopted", "in_force"]
    assert row.stage == "in_force"
    assert row.jurisdictions == ["VN"]


def test_a_party_stands_once_with_all_its_names() -> None:
    row = _assembled("jica-metro")
    [giver] = row.givers
    assert giver.id == "jica"
    assert giver.written == ["JICA", "Japan International Cooperation Agency", "Tokyo"]


def _source(mention: str, publisher: str, day: str, wire: str | None = None) -> SourceSeen:
    return SourceSeen(
        mention=mention,
        record_id="C1",
        article_sha256=mention * 8,
        publisher=publisher,
        source_url=None,
        published_at=day,
        language="en",
        wire=wire,
        stage="announced",
        figure=None,
        words=None,
        quotes=[QuoteSeen(start=0, end=1, quote="x")],
    )


def test_copies_of_a_story_count_for_who_published_it_first() -> None:
    sources = [
        _source("a", "Post", "2025-01-02", wire="w"),
        _source("b", "Agency", "2025-01-01", wire="w"),
        _source("c", "Gazette", "2025-01-03", wire="w"),
        _source("d", "Post", "2025-01-04"),
        _source("e", "Post", "2025-01-05"),
    ]
    assert independent_publishers(sources) == ["Agency", "Post"]


def _row(
    name: str,
    value: int | None = 100,
    *,
    stage: Stage = "announced",
    part_of: str | None = None,
    per: Per = "once",
    scope: Scope = "total",
    told_on: str = "2025-01-01",
    currency: str = "USD",
    most: int | None = None,
) -> PledgeRow:
    amount = value is not None and FigureSeen(
        value=Decimal(value),
        value_max=None if most is None else Decimal(most),
        unit=currency,
        qualifier="exact",
        per=per,
        scope=scope,
    )
    return PledgeRow(
        id=name,
        kind="commitment",
        title=name,
        givers=[],
        receivers=[],
        places=[],
        resource_kind="funding",
        event_type=None,
        instrument=None,
        jurisdictions=[],
        amount=amount or None,
        quantity=None,
        stage=stage,
        told_on=told_on,
        deadline=None,
        history=[],
        conflicts=[],
        part_of=part_of,
        sources=[_source(name, "Post", told_on)],
        publishers=["Post"],
        countable=False,
        why_not=[],
    )


def _why(*rows: PledgeRow, doubles: dict[str, set[str]] | None = None) -> dict[str, list[WhyNot]]:
    found = decide({row.id: row for row in rows}, (), doubles or {})
    assert all(row.countable != bool(row.why_not) for row in found.values())
    return {name: row.why_not for name, row in found.items()}


def test_each_reason_not_to_sum_a_row_is_told() -> None:
    assert _why(
        _row("a"),
        _row("b", None),
        _row("c", stage="rumoured"),
        _row("d", stage="under_negotiation"),
        _row("e", stage="planned"),
        _row("f", stage="cancelled"),
        _row("g", per="year"),
        _row("h", scope="each"),
    ) == {
        "a": [],
        "b": ["no_amount"],
        "c": ["rumour"],
        "d": ["under_negotiation"],
        "e": ["only_planned"],
        "f": ["cancelled"],
        "g": ["rate"],
        "h": ["each"],
    }


def test_parts_that_add_up_count_and_their_whole_does_not() -> None:
    whole, one, other = _row("w", 100), _row("p", 60, part_of="w"), _row("q", 40, part_of="w")
    assert _why(whole, one, other) == {"w": ["umbrella"], "p": [], "q": []}


def test_a_whole_that_holds_more_than_its_parts_counts_and_they_do_not() -> None:
    rows = _row("w", 100), _row("p", 60, part_of="w"), _row("q", 20, part_of="p")
    assert _why(*rows) == {"w": [], "p": ["within_umbrella"], "q": ["within_umbrella"]}


def test_parts_of_a_whole_that_does_not_count_count_themselves() -> None:
    assert _why(_row("w", 100, stage="rumoured"), _row("p", 60, part_of="w"))["p"] == []


def test_of_two_that_may_be_one_the_older_counts() -> None:
    rows = _row("a", told_on="2025-02-01"), _row("b", told_on="2025-01-01")
    assert _why(*rows, doubles={"a": {"b"}, "b": {"a"}}) == {"a": ["maybe_repetition"], "b": []}


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(-1, 6)), min_size=1, max_size=7))
def test_no_whole_is_summed_beside_its_parts(told: list[tuple[int, int]]) -> None:
    rows = [
        _row(str(number), value, part_of=str(above) if 0 <= above < number else None)
        for number, (value, above) in enumerate(told)
    ]
    why = _why(*rows)
    above = {row.id: row.part_of for row in rows}
    for row in rows:
        whole = row.part_of
        while whole is not None:
            assert why[row.id] or why[whole]
            whole = above[whole]


def test_sums_are_by_currency_with_bounds_and_tell_what_is_left_out() -> None:
    rows = [_row("a", 100), _row("b", 50, most=70), _row("c", 9, currency="EUR"), _row("d", None)]
    found = sum_rows(decide({row.id: row for row in rows}, (), {}).values(), "year")
    told = [(each.group, each.currency, each.low, each.high) for each in found.sums]
    assert told == [
        ("2025", "EUR", Decimal(9), Decimal(9)),
        ("2025", "USD", Decimal(150), Decimal(170)),
    ]
    assert found.left_out == {"no_amount": ("d",)}


@settings(deadline=None)
@given(st.lists(st.decimals(0, 10**12, places=2), min_size=1, max_size=20))
def test_sums_lose_no_digit(values: list[Decimal]) -> None:
    rows = [
        _row(str(number)).model_copy(
            update={
                "countable": True,
                "amount": FigureSeen(
                    value=value,
                    value_max=None,
                    unit="EUR",
                    qualifier="exact",
                    per="once",
                    scope="total",
                ),
            }
        )
        for number, value in enumerate(values)
    ]
    [total] = sum_rows(rows, "currency").sums
    assert total.low == sum(values)
