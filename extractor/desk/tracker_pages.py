"""Pages of the tracker: the list of pledges and acts, its sums, and its files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, get_args

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from extractor.desk.charts import charts_of, table_of
from extractor.desk.ledgers import take_in_readings
from extractor.desk.library import Library
from extractor.desk.tracker_views import (
    ORDER_NAMES,
    PLACE,
    STATE_NAMES,
    TrackerView,
    parameters,
    query_of,
)
from extractor.desk.visits import Visit, Visiting
from extractor.errors import InputError
from extractor.pages.ledger_page import render_ledger
from extractor.pages.ledger_wording import WHY_NOT
from extractor.phrases import many
from extractor.pledges.exports import write_export
from extractor.pledges.sums import SumBy
from extractor.settings import Settings

_SUMMED_BY: Final[dict[SumBy, str]] = {
    "year": "year",
    "currency": "currency",
    "giver": "giver",
    "recipient": "recipient",
    "place": "place",
    "kind": "kind of resource",
}
_MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "html": "text/html; charset=utf-8",
}


class TrackerPages:
    """The ledger of the store, to look things up in."""

    def __init__(self, visiting: Visiting, library: Library, settings: Settings) -> None:
        self._visiting = visiting
        self._library = library
        self._settings = settings

    def routes(self) -> list[Route]:
        """Their addresses."""
        served = self._visiting.endpoint
        return [
            Route(PLACE, served(self.list)),
            Route(f"{PLACE}/build", served(self.build), methods=["POST"]),
            Route(f"{PLACE}/sums", served(self.sums)),
            Route(f"{PLACE}/export/{{name}}", served(self.export)),
        ]

    def list(self, visit: Visit) -> Response:
        """One page of what is asked for."""
        query = query_of(visit)
        search = self._library.search
        view = TrackerView(query, search.find(query), search.choices())
        headers = {}
        if visit.is_partial:
            headers["HX-Push-Url"] = view.page(view.found.page)
        return self._visiting.page(
            visit,
            "tracker_found.html.j2" if visit.is_partial else "tracker.html.j2",
            headers=headers,
            view=view,
            told=visit.session.take_said(),
            states=STATE_NAMES,
            orders=ORDER_NAMES,
        )

    def build(self, visit: Visit) -> Response:
        """Take in what was read or reviewed since the tracker was made."""
        report = take_in_readings(self._library.store, self._settings)
        visit.session.said = (
            f"{many(report.results, 'reading')} taken in: {many(len(report.created), 'row')} new, "
            f"{len(report.changed):,} changed, {len(report.merged):,} joined, "
            f"{len(report.gone):,} gone."
        )
        return RedirectResponse(PLACE, 303)

    def sums(self, visit: Visit) -> Response:
        """What of it comes together, and what was left out."""
        query, by = query_of(visit), _by(visit.query("by"))
        found = self._library.search.sums(query, by)
        return self._visiting.page(
            visit,
            "tracker_sums.html.j2",
            query=query,
            filters=parameters(query),
            by=by,
            ways=_SUMMED_BY,
            table=table_of(found),
            groups=len(found.sums),
            charts=charts_of(found),
            left_out=[(WHY_NOT[reason], count) for reason, count in found.left_out],
        )

    def export(self, visit: Visit) -> Response:
        """What is asked for as a file, in the form of `extractor ledger export`.

        Raises:
            InputError: there is no such form.
        """
        name = visit.path("name")
        stem, _, form = name.rpartition(".")
        if form not in _MEDIA or stem not in ("pledges", "pledges-sources"):
            raise InputError("There is no such export.", hint="Choose one that the list offers.")
        taken = self._library.search.export(query_of(visit))
        if form == "html":
            content = render_ledger(taken.rows).encode()
        else:
            with TemporaryDirectory() as folder:
                write_export(taken, Path(folder) / f"pledges.{form}")
                content = (Path(folder) / name).read_bytes()
        return Response(
            content,
            media_type=_MEDIA[form],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _by(told: str) -> SumBy:
    return next((one for one in get_args(SumBy) if one == told), "year")
