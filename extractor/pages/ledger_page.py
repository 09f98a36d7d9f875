"""A self-contained page of a ledger: rows with their sources, sums, and filters of one script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.pages.ledger_wording import LEDGER_WORDS, WHY_NOT, told_sum
from extractor.pages.rendering import asset, open_templates, policy_of
from extractor.phrases import many
from extractor.pledges.rows import PledgeRow
from extractor.pledges.sums import sum_rows


@dataclass(frozen=True, slots=True)
class LedgerTotal:
    """A line of the table of sums."""

    group: str
    currency: str
    told: str
    pledges: int


def render_ledger(rows: Sequence[PledgeRow]) -> str:
    """The page of these rows, the last told first; it opens offline and asks nothing of anybody.

    Raises:
        MissingExtra: Jinja2 is not installed.
    """
    environment = open_templates().overlay()
    environment.filters = {**environment.filters, **LEDGER_WORDS}
    style = asset("pages.css") + asset("ledger.css")
    script = asset("ledger.js")
    found = sum_rows(rows, "year")
    ordered = sorted(rows, key=lambda row: (row.told_on or "", row.id), reverse=True)
    return environment.get_template("ledger_page.html.j2").render(
        rows=ordered,
        summary=_summary(rows),
        totals=[
            LedgerTotal(one.group, one.currency, told_sum(one.low, one.high), len(one.pledges))
            for one in found.sums
        ],
        left_out=[(WHY_NOT[reason], len(ids)) for reason, ids in found.left_out.items()],
        years=_counted(row.year for row in rows),
        currencies=_counted(row.amount.unit for row in rows if row.amount),
        stages=_counted(row.stage for row in rows),
        style=style,
        script=script,
        policy=policy_of(style, script),
    )


def _summary(rows: Sequence[PledgeRow]) -> str:
    pledges = sum(row.kind == "commitment" for row in rows)
    counted = sum(row.countable for row in rows)
    told = (many(pledges, "pledge"), many(len(rows) - pledges, "act"), f"{counted:,} summed")
    return ", ".join(told)


def _counted(values: Iterable[str | None]) -> list[tuple[str, int]]:
    counts = Counter(value for value in values if value)
    return sorted(counts.items(), reverse=True)
