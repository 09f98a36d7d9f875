"""`python -m eval.bench.tracking`: filters, words and sums over a ledger of 20,000 pledges.

The store is made here, of rows such as an assembled ledger has. It exits with 1 if a bar is missed.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from sqlalchemy import insert

from eval.bench.serving.figures import Measurement, print_figures
from extractor.pledges.keeping import chunks
from extractor.pledges.rows import (
    FigureSeen,
    HistoryStep,
    PartySeen,
    PledgeRow,
    QuoteSeen,
    SourceSeen,
    Stage,
)
from extractor.pledges.searching import LedgerQuery, LedgerSearch
from extractor.pledges.sums import SumBy
from extractor.storage import Store, open_store
from extractor.storage.tables import CHANGES, PLEDGES

_MOST_MS: Final = 200.0
_RUNS: Final = 5
_GIVERS: Final = (
    *("Kestrel Lines", "Bộ Kế hoạch và Đầu tư", "Northlight Bank", "Nusantara Energi"),
    *("Ministère de la Transition", "Orchard Foundation", "Tập đoàn Sao Mai", "Republic of Varn"),
)
_PLACES: Final = (("VN", "Đà Nẵng"), ("ID", "Surabaya"), ("FR", "Lyon"), ("NO", "Tromsø"))
_CURRENCIES: Final = ("USD", "EUR", "VND", "IDR", "XOF")
_STAGES: Final[tuple[Stage, ...]] = ("announced", "agreed", "planned", "in_progress", "rumoured")
_THINGS: Final = ("data centre", "trung tâm dữ liệu", "bến cảng", "wind farm", "centre de calcul")
_SENTENCE: Final = (
    "the company told on Tuesday that it will pay for the new works over the next years and that "
    "the council has agreed to the plan after a long debate about its costs and its benefits "
    "theo kế hoạch dự án sẽ được triển khai trong giai đoạn tới với nguồn vốn vay ưu đãi"
)
_QUERIES: Final = {
    "everything, newest first": LedgerQuery(),
    "a year": LedgerQuery(year="2024"),
    "a currency, by amount": LedgerQuery(currency="VND", order="amount"),
    "a stage": LedgerQuery(stage="agreed"),
    "a language": LedgerQuery(language="vi"),
    "a part of a giver's name": LedgerQuery(giver="ke hoach"),
    "a recipient": LedgerQuery(receiver="đà nẵng"),
    "what may be summed": LedgerQuery(state="countable"),
    "conflicts": LedgerQuery(state="conflicts"),
    "a span of days": LedgerQuery(seen_from="2024-03-01", seen_to="2024-06-30"),
    "a word without accents": LedgerQuery(text="trien khai"),
    "three words and a phrase": LedgerQuery(text='sao mai "ben cang" 2025', order="giver"),
    "a word that is nowhere": LedgerQuery(text="xylophone"),
    "the last page": LedgerQuery(page=10_000, order="title"),
}
_SUMS: Final[tuple[SumBy, ...]] = ("year", "currency", "giver", "place")


def synthetic_row(number: int, chance: random.Random) -> PledgeRow:
    """A pledge like no other, told by one to four articles."""
    code, town = chance.choice(_PLACES)
    giver = f"{chance.choice(_GIVERS)} {number % 400}"
    currency, thing = chance.choice(_CURRENCIES), chance.choice(_THINGS)
    amount = FigureSeen(
        value=Decimal(chance.randint(1, 9_999)) * 100_000,
        value_max=None,
        unit=currency,
        qualifier="about" if number % 7 == 0 else "exact",
        per="once",
        scope="total",
    )
    day = f"{chance.randint(2019, 2026)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    stage = chance.choice(_STAGES)
    sources = [
        _source(number, place, amount, stage, day, chance) for place in range(chance.randint(1, 4))
    ]
    first = sources[0]
    counts = stage not in ("planned", "rumoured") and number % 11 != 0
    return PledgeRow(
        id=f"P{number:010d}",
        kind="commitment",
        title=f"{thing} in {town} by {giver}",
        givers=[_party(giver, None)],
        receivers=[_party(town, code)],
        places=[code],
        resource_kind="funding",
        event_type=None,
        instrument=None,
        jurisdictions=[],
        amount=amount,
        quantity=None,
        stage=stage,
        told_on=day,
        deadline="2030",
        history=[
            HistoryStep(
                stage=stage,
                on=day,
                basis="published",
                mention=first.mention,
                article_sha256=first.article_sha256,
                quote=first.quotes[0].quote,
            )
        ],
        conflicts=[],
        part_of=None,
        sources=sources,
        publishers=sorted({source.publisher or "" for source in sources}),
        countable=counts,
        why_not=[] if counts else ["maybe_repetition" if number % 11 == 0 else "only_planned"],
    )


def _party(name: str, country: str | None) -> PartySeen:
    return PartySeen(
        id=country, name=name, candidates=[], country=country, type="company", written=[name]
    )


def _source(
    number: int, place: int, amount: FigureSeen, stage: Stage, day: str, chance: random.Random
) -> SourceSeen:
    words = " ".join(chance.choices(_SENTENCE.split(), k=40))
    return SourceSeen(
        mention=f"{number:010d}{place:06d}",
        record_id="C1",
        article_sha256=f"{number:060d}{place:04d}",
        publisher=f"paper-{chance.randint(1, 60)}.example",
        source_url=None,
        published_at=day,
        language=chance.choice(("en", "vi", "fr", "id")),
        wire=None,
        stage=stage,
        figure=amount,
        words=f"{amount.value} {amount.unit}",
        quotes=[QuoteSeen(start=0, end=len(words), quote=words)],
    )


def fill_ledger(store: Store, count: int, seed: int = 0) -> None:
    """Put synthetic pledges into an empty store."""
    chance = random.Random(seed)  # noqa: S311
    for numbers in chunks(range(count)):
        rows = [synthetic_row(number, chance) for number in numbers]
        with store.writing() as connection:
            kept, changes = zip(*(_kept(row) for row in rows), strict=True)
            connection.execute(insert(PLEDGES), list(kept))
            connection.execute(insert(CHANGES), list(changes))


def _kept(row: PledgeRow) -> tuple[dict[str, str], dict[str, str]]:
    at = f"{row.told_on}T00:00:00.000000+00:00"
    kept = {
        "id": row.id,
        "kind": row.kind,
        "created_at": at,
        "changed_at": at,
        "summary": row.model_dump_json(),
    }
    return kept, {"at": at, "pledge_id": row.id, "what": "created", "detail": "{}"}


def measure_tracker(store: Store) -> Iterator[Measurement]:
    """The time of each filter and each sum, the least of several."""
    search = LedgerSearch(store)
    began = time.perf_counter()
    search.find(LedgerQuery())
    yield Measurement("the first search, which makes it", time.perf_counter() - began, "s")
    for what, query in _QUERIES.items():
        yield _least(what, partial(_find, search, query))
    for by in _SUMS:
        yield _least(f"sums by {by}", partial(search.sums, LedgerQuery(), by))


def _find(search: LedgerSearch, query: LedgerQuery) -> None:
    search.find(query)
    search.choices()


def _least(what: str, call: Callable[[], object]) -> Measurement:
    """Other work on the machine makes some of them slow, and none fast."""
    clock, process = [], []
    for _ in range(_RUNS):
        began, used = time.perf_counter(), time.process_time()
        call()
        clock.append((time.perf_counter() - began) * 1000)
        process.append((time.process_time() - used) * 1000)
    told = f"ms, process {min(process):.0f}"
    return Measurement(what, min(clock), told, ("<=", _MOST_MS))


@click.command()
@click.option("--pledges", default=20_000, show_default=True)
@click.option("--store", "place", type=click.Path(path_type=Path), help="Keep the store there.")
def main(pledges: int, place: Path | None) -> None:
    """Make a ledger and time the searches of its tracker."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(place or Path(folder) / "tracker.db") as store,
    ):
        fill_ledger(store, pledges)
        figures = list(measure_tracker(store))
    met = print_figures(f"{pledges:,} pledges", figures, Console())
    raise SystemExit(0 if met else 1)


if __name__ == "__main__":
    main()
