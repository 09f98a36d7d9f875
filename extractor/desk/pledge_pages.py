"""Pages of one pledge: its history and sources, whether two are one, and whether a row is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from extractor.desk.ledgers import ledger_of
from extractor.desk.library import Library
from extractor.desk.tracker_views import PLACE, by_publisher, conflicts_in_words
from extractor.desk.visits import Visit, Visiting
from extractor.errors import InputError
from extractor.pledges.proposals import PledgeFile, file_of
from extractor.pledges.reviewing import keep_review, row_reviews, undo_review
from extractor.results.reviews import REVIEW_VERDICTS
from extractor.settings import Settings

if TYPE_CHECKING:
    from extractor.pledges.evidence import Answer
    from extractor.pledges.ledger import PledgeLedger

_VERDICTS: Final = {"right": "right", "wrong": "wrong", "unsure": "one that cannot be told"}
_ANSWERS: Final[dict[str, Answer]] = {"same": "same", "different": "different", "unsure": "unsure"}


class PledgePages:
    """One row of the ledger, and what a person says of it."""

    def __init__(self, visiting: Visiting, library: Library, settings: Settings) -> None:
        self._visiting = visiting
        self._library = library
        self._settings = settings

    def routes(self) -> list[Route]:
        """Their addresses."""
        served = self._visiting.endpoint
        place = f"{PLACE}/pledges/{{pledge}}"
        return [
            Route(place, served(self.pledge)),
            Route(f"{place}/split", served(self.split), methods=["POST"]),
            Route(f"{place}/undo", served(self.undo), methods=["POST"]),
            Route(f"{place}/review", served(self.review), methods=["POST"]),
            Route(f"{place}/review/undo", served(self.unreview), methods=["POST"]),
            Route(f"{place}/beside/{{other}}", served(self.pair)),
            Route(f"{place}/beside/{{other}}", served(self.judge), methods=["POST"]),
        ]

    # ---- looking

    def pledge(self, visit: Visit) -> Response:
        """All of one pledge; of the one that it went into, if it did."""
        told = file_of(self._library.store, visit.path("pledge"))
        if told.row.id != visit.path("pledge"):
            return _to(visit, told.row.id, f"{visit.path('pledge')} went into this one.")
        return self._shown(visit, told)

    def pair(self, visit: Visit) -> Response:
        """Two pledges beside each other, of which it is asked whether they are one."""
        one, other = (
            file_of(self._library.store, visit.path(name)) for name in ("pledge", "other")
        )
        if one.row.id == other.row.id:
            return _to(visit, one.row.id)
        proposal = next(
            (
                each
                for each in one.proposals
                if {each.one.id, each.other.id} == {one.row.id, other.row.id}
            ),
            None,
        )
        files = [(file.row, by_publisher(file.row, file.readings)) for file in (one, other)]
        return self._visiting.page(visit, "pair.html.j2", files=files, proposal=proposal)

    # ---- saying

    def judge(self, visit: Visit) -> Response:
        """Keep what a person says of two pledges.

        Raises:
            InputError: it is no answer.
        """
        answer = _ANSWERS.get(visit.form.one("answer"))
        if answer is None:
            raise InputError("This is no answer.", hint="Load the page again.")
        one, other = visit.path("pledge"), visit.path("other")
        self._ledger().judge(one, other, answer, visit.who)
        told = {
            "same": f"{one} and {other} are one now.",
            "different": f"{one} and {other} are kept apart.",
            "unsure": f"Kept: it cannot be told whether {one} and {other} are one.",
        }
        survivor = file_of(self._library.store, one).row.id
        return _to(visit, survivor, told[answer])

    def split(self, visit: Visit) -> Response:
        """Say that some of the sources tell of another pledge."""
        pledge = visit.path("pledge")
        mentions = visit.form.fields.get("mention", ())
        report = self._ledger().split(pledge, list(mentions), visit.who)
        there = ", ".join(report.split) or "another one"
        survivor = file_of(self._library.store, pledge).row.id
        return _to(visit, survivor, f"Parted: the others are {there}.")

    def undo(self, visit: Visit) -> Response:
        """Take back what a person said.

        Raises:
            InputError: it is not told what.
        """
        judgement = visit.form.number("judgement")
        if judgement is None:
            raise InputError("It is not told what to undo.", hint="Load the page again.")
        self._ledger().undo(visit.who, judgement)
        return _to(visit, visit.path("pledge"), "Undone.")

    def review(self, visit: Visit) -> Response:
        """Keep whether the row is right.

        Raises:
            InputError: it is no verdict.
        """
        verdict = next(
            (each for each in REVIEW_VERDICTS if each == visit.form.one("verdict")), None
        )
        if verdict is None:
            raise InputError("This is no verdict.", hint="Load the page again.")
        pledge = file_of(self._library.store, visit.path("pledge")).row.id
        note = visit.form.one("note").strip()[:1_000] or None
        keep_review(self._library.store, pledge, verdict, note, visit.who)
        return _to(visit, pledge, f"Kept: the row is {_VERDICTS[verdict]}.")

    def unreview(self, visit: Visit) -> Response:
        """Take back this person's last verdict on the row."""
        pledge = undo_review(self._library.store, visit.who, [visit.path("pledge")])
        return _to(visit, pledge, "Undone.")

    # ---- what they share

    def _ledger(self) -> PledgeLedger:
        return ledger_of(self._library.store, self._settings)

    def _shown(self, visit: Visit, told: PledgeFile) -> Response:
        return self._visiting.page(
            visit,
            "pledge.html.j2",
            row=told.row,
            publishers=by_publisher(told.row, told.readings),
            conflicts=conflicts_in_words(told.row),
            proposals=[
                (each, each.other if each.one.id == told.row.id else each.one)
                for each in told.proposals
            ],
            judged=told.said,
            reviews=row_reviews(self._library.store, told.row.id),
        )


def _to(visit: Visit, pledge: str, said: str = "") -> Response:
    visit.session.said = said
    return RedirectResponse(f"{PLACE}/pledges/{pledge}", 303)
