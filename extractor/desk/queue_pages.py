"""Pages of the queue: what to look at next, and the samples by which the tracker is judged."""

from __future__ import annotations

import re
from typing import Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from extractor.desk.library import Library
from extractor.desk.tracker_views import by_publisher, conflicts_in_words
from extractor.desk.visits import Visit, Visiting
from extractor.errors import InputError
from extractor.pledges.proposals import file_of
from extractor.pledges.queueing import (
    QUEUE_KINDS,
    READINGS,
    QueueFilter,
    QueueItem,
    QueueKind,
    ReviewQueue,
)
from extractor.pledges.reviewing import keep_review, sample_of, samples, undo_review
from extractor.pledges.sampling import keep_sample
from extractor.pledges.searching import LedgerQuery
from extractor.results.reviews import REVIEW_VERDICTS

PLACE: Final = "/desk/queue"
_SAMPLES: Final = f"{PLACE}/samples"
_SHOWN: Final = 50
_MOST_DRAWN: Final = 1_000
_KINDS: Final[dict[QueueKind, str]] = {
    "record": "records of articles",
    "row": "sources that disagree",
    "merge": "proposed merges",
}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class QueuePages:
    """What is worth a person's time, and the random rows that say how right the tracker is.

    Args:
        visiting: makes endpoints and pages.
        library: names the store.
        threshold: the confidence below which records are not returned.
    """

    def __init__(self, visiting: Visiting, library: Library, threshold: float) -> None:
        self._visiting = visiting
        self._library = library
        self._threshold = threshold
        self._queue: ReviewQueue | None = None

    def routes(self) -> list[Route]:
        """Their addresses."""
        served = self._visiting.endpoint
        return [
            Route(PLACE, served(self.queue)),
            Route(_SAMPLES, served(self.samples)),
            Route(_SAMPLES, served(self.draw), methods=["POST"]),
            Route(f"{_SAMPLES}/{{sample}}", served(self.sample)),
            Route(f"{_SAMPLES}/{{sample}}", served(self.review), methods=["POST"]),
            Route(f"{_SAMPLES}/{{sample}}/undo", served(self.undo), methods=["POST"]),
        ]

    def queue(self, visit: Visit) -> Response:
        """What to look at next."""
        if self._queue is None:
            self._queue = ReviewQueue(self._library.store, self._threshold, self._library.search)
        wanted = QueueFilter(
            kind=next((one for one in QUEUE_KINDS if one == visit.query("kind")), None),
            source=visit.query("source").strip()[:300],
            since=_day(visit.query("since")),
            until=_day(visit.query("until")),
        )
        items = self._queue.items(wanted)
        return self._visiting.page(
            visit,
            "queue.html.j2",
            wanted=wanted,
            kinds=_KINDS,
            items=[(item, _address(item)) for item in items[:_SHOWN]],
            total=len(items),
            readings=READINGS,
            sources=sorted({source for item in items for source in item.sources}),
        )

    # ---- the random sample

    def samples(self, visit: Visit) -> Response:
        """All samples, how far each is, and what it says of the tracker."""
        drawn = samples(self._library.store)
        return self._visiting.page(visit, "samples.html.j2", samples=drawn)

    def draw(self, visit: Visit) -> Response:
        """Draw a sample of all rows.

        Raises:
            InputError: it is not told how many, or there is nothing to draw from.
        """
        count, seed = visit.form.number("count"), visit.form.number("seed") or 0
        if count is None or not 1 <= count <= _MOST_DRAWN:
            raise InputError(
                "It is not told how many rows are to be drawn.",
                hint=f"Choose a number from 1 to {_MOST_DRAWN}.",
            )
        rows = self._library.search.export(LedgerQuery()).rows
        drawn = keep_sample(self._library.store, rows, count, seed)
        return RedirectResponse(f"{_SAMPLES}/{drawn.id}", 303)

    def sample(self, visit: Visit) -> Response:
        """The next row of a sample that nobody has judged, with all its sources."""
        state = sample_of(self._library.store, visit.path("sample"))
        following = state.next
        told = file_of(self._library.store, following.id) if following else None
        return self._visiting.page(
            visit,
            "sample.html.j2",
            state=state,
            row=told.row if told else None,
            publishers=by_publisher(told.row, told.readings) if told else (),
            conflicts=conflicts_in_words(told.row) if told else (),
            is_mine=any(each.review and each.review.by == visit.who for each in state.rows),
        )

    def review(self, visit: Visit) -> Response:
        """Keep a verdict on a row of the sample, and go on to the next one.

        Raises:
            InputError: it is no verdict, or no row of the sample.
        """
        state = sample_of(self._library.store, visit.path("sample"))
        verdict = next((one for one in REVIEW_VERDICTS if one == visit.form.one("verdict")), None)
        pledge = visit.form.one("pledge")
        if verdict is None or pledge not in {each.id for each in state.rows}:
            raise InputError("This is no verdict on a row of it.", hint="Load the page again.")
        note = visit.form.one("note").strip()[:1_000] or None
        keep_review(self._library.store, pledge, verdict, note, visit.who)
        visit.session.said = f"{pledge}: {verdict}."
        return RedirectResponse(f"{_SAMPLES}/{state.id}", 303)

    def undo(self, visit: Visit) -> Response:
        """Take back this person's last verdict on a row of the sample."""
        state = sample_of(self._library.store, visit.path("sample"))
        names = [each.id for each in state.rows]
        pledge = undo_review(self._library.store, visit.who, names)
        visit.session.said = f"Taken back: what you said of {pledge}."
        return RedirectResponse(f"{_SAMPLES}/{state.id}", 303)


def _address(item: QueueItem) -> str:
    match item.kind:
        case "record":
            return f"/desk/articles/{item.key}?at={item.other}#a-{item.other}"
        case "row":
            return f"/desk/tracker/pledges/{item.key}"
        case "merge":
            return f"/desk/tracker/pledges/{item.key}/beside/{item.other}"


def _day(told: str) -> str:
    return told if _DAY.fullmatch(told) else ""
