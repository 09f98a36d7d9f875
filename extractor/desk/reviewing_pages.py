"""Pages of reviewing: one record at a time is accepted, rejected, changed or added; each undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from extractor.desk.choosing import NewForm, form_of, lines_of, new_form
from extractor.desk.correcting import corrected, created
from extractor.desk.corrections import NotBorne
from extractor.desk.forms import (
    chosen_numbers,
    correction_of,
    is_stretch,
    kind_in,
    new_record_of,
)
from extractor.desk.library import Library, OpenReading
from extractor.desk.reviews import ChangedMeanwhile, ReviewedReading, Reviews
from extractor.desk.views import EditPanel, ReviewView, view_of
from extractor.desk.visits import Visit, Visiting
from extractor.desk.words import stretch_of, words_of
from extractor.errors import InputError
from extractor.records import RecordType
from extractor.results.reviews import NoSuchRecord, ReviewVerdict

_VERDICTS: Final[dict[str, ReviewVerdict]] = {
    "right": "right",
    "wrong": "wrong",
    "unsure": "unsure",
}
_DONE: Final = {"right": "accepted", "wrong": "rejected", "unsure": "set aside"}


class ReviewingPages:
    """What a person decides, saved at once."""

    def __init__(self, visiting: Visiting, library: Library, reviews: Reviews) -> None:
        self._visiting = visiting
        self._library = library
        self._reviews = reviews

    def routes(self) -> list[Route]:
        """Their addresses."""
        served = self._visiting.endpoint
        place = "/desk/articles/{key}"
        record = f"{place}/records/{{record}}"
        return [
            Route(f"{place}/undo", served(self.undo), methods=["POST"]),
            Route(f"{place}/finish", served(self.finish), methods=["POST"]),
            Route(f"{place}/new", served(self.new)),
            Route(f"{place}/new", served(self.add), methods=["POST"]),
            Route(f"{place}/refusals/{{refusal}}", served(self.leave), methods=["POST"]),
            Route(record, served(self.record)),
            Route(record, served(self.decide), methods=["POST"]),
            Route(f"{record}/edit", served(self.edit)),
            Route(f"{record}/edit", served(self.change), methods=["POST"]),
        ]

    # ---- decisions

    def record(self, visit: Visit) -> Response:
        """The records, with the one that keys speak to."""
        return self._shown(visit, self._opened(visit), at=visit.path("record"), said="")

    def decide(self, visit: Visit) -> Response:
        """Accept, reject or set aside a record, and go on to the next one.

        Raises:
            InputError: it is none of these.
        """
        opened, record = self._opened(visit), visit.path("record")
        verdict = _VERDICTS.get(visit.form.one("verdict"))
        if verdict is None:
            raise InputError("This is no decision.", hint="Load the page again.")
        version = visit.form.number("version") or 0
        return self._step(
            visit,
            opened,
            lambda: self._reviews.decide(opened, record, verdict, visit.who, version),
            at=record,
            said=f"{record} {_DONE[verdict]}.",
            goes_on=True,
        )

    def undo(self, visit: Visit) -> Response:
        """Take back this person's last step, and go where it was taken."""
        opened = self._opened(visit)
        step = self._reviews.undo(opened, visit.who)
        of = "" if step.of in ("whole",) or step.of.startswith("R") else step.of
        name = "The reading" if step.of == "whole" else step.of
        return self._shown(visit, opened, at=of, said=f"Taken back: {name} {step.note}.")

    def finish(self, visit: Visit) -> Response:
        """Say that everything is decided and nothing is missing."""
        opened = self._opened(visit)
        self._reviews.finish(opened, visit.who)
        return self._shown(visit, opened, at="", said="Finished: this article can be exported.")

    def leave(self, visit: Visit) -> Response:
        """Leave a refusal as it is.

        Raises:
            NoSuchRecord: there is none of this number.
        """
        opened = self._opened(visit)
        number = visit.path("refusal")
        if not number.isdecimal():
            raise NoSuchRecord("There is no such refusal.")
        self._reviews.leave(opened, int(number[:6]), visit.who)
        return self._shown(
            visit, opened, at=visit.form.one("at"), said=f"Refusal {number} left as it is."
        )

    # ---- changing a value

    def edit(self, visit: Visit) -> Response:
        """What of a record can be changed, and what is offered for one field of it."""
        opened = self._opened(visit)
        reading = self._reviews.of(opened)
        panel = self._panel(
            reading,
            visit.path("record"),
            visit.query("field"),
            visit.number("sentence"),
            words=visit.query("words"),
        )
        return self._rendered(visit, reading, at=visit.path("record"), panel=panel)

    def change(self, visit: Visit) -> Response:
        """Prove what was chosen, and save it; or say why no sentence bears it."""
        opened, record = self._opened(visit), visit.path("record")
        field = visit.form.one("field")
        one = self._reviews.of(opened).find(record)
        correction = correction_of(visit.form, self._stretch(visit, opened))
        try:
            proved = corrected(one.record, correction, opened.article)
            version = visit.form.number("version") or 0
            self._reviews.change(opened, proved, _label(field), visit.who, version)
        except (NotBorne, ChangedMeanwhile, InputError) as error:
            reading = self._reviews.of(opened)
            panel = self._panel(
                reading,
                record,
                field,
                correction.sentence,
                words=correction.reference,
                refusal=f"{error.detail} {error.advice}",
                choice=visit.form.one("choice") or visit.form.one("value"),
            )
            return self._rendered(visit, reading, at=record, panel=panel, status=error.http_status)
        reading = self._reviews.of(opened)
        said = f"{record}: {_label(field)} changed and proved."
        if not visit.is_partial:
            return RedirectResponse(f"/desk/articles/{opened.key}/records/{record}/edit", 303)
        panel = self._panel(reading, record, "", None)
        return self._rendered(
            visit, reading, at=record, panel=panel, said=said, article_changed=True
        )

    # ---- a record that was not found

    def new(self, visit: Visit) -> Response:
        """What is offered for a new record."""
        opened = self._opened(visit)
        reading = self._reviews.of(opened)
        refusal = self._refusal(opened, visit.number("refusal"))
        kind: RecordType = "policy_event" if visit.query("kind") == "policy_event" else "commitment"
        sentence = visit.number("sentence")
        if refusal is not None:
            refused = opened.extraction.rejected[refusal - 1]
            kind = kind if visit.query("kind") else refused.record_type
            sentence = sentence or next(iter(refused.sentences), None)
        form = new_form(reading, kind, sentence or 1, refusal=refusal)
        return self._rendered(visit, reading, at=visit.query("at"), new=form)

    def add(self, visit: Visit) -> Response:
        """Prove a new record, and save it; or say why no sentence bears it."""
        opened = self._opened(visit)
        refusal = self._refusal(opened, visit.form.number("refusal"))
        wanted = new_record_of(visit.form, self._stretch(visit, opened))
        try:
            made = created(wanted, opened.article)
        except InputError as error:
            reading = self._reviews.of(opened)
            form = new_form(
                reading, kind_in(visit.form), wanted.sentence, refusal=refusal, given=wanted
            )
            told = f"{error.detail} {error.advice}"
            return self._rendered(
                visit, reading, at="", new=form, refusal=told, status=error.http_status
            )
        record = self._reviews.add(opened, made, visit.who, refusal)
        if not visit.is_partial:
            return RedirectResponse(f"/desk/articles/{opened.key}/records/{record}/edit", 303)
        reading = self._reviews.of(opened)
        panel = self._panel(reading, record, "", None)
        return self._rendered(
            visit,
            reading,
            at=record,
            panel=panel,
            said=f"{record} added and proved.",
            article_changed=True,
        )

    # ---- what they share

    def _opened(self, visit: Visit) -> OpenReading:
        return self._library.open(visit.path("key"))

    def _stretch(self, visit: Visit, opened: OpenReading) -> str:
        """The words that were chosen in a sentence, as the article has them."""
        number = visit.form.number("sentence") or 0
        if not 1 <= number <= len(opened.article.sentences):
            return ""
        words = words_of(opened.article, opened.article.sentences[number - 1])
        return stretch_of(opened.article, words, chosen_numbers(visit.form))

    def _refusal(self, opened: OpenReading, number: int | None) -> int | None:
        known = number is not None and 1 <= number <= len(opened.extraction.rejected)
        return number if known else None

    def _step(
        self,
        visit: Visit,
        opened: OpenReading,
        step: Callable[[], None],
        *,
        at: str,
        said: str,
        goes_on: bool,
    ) -> Response:
        try:
            step()
        except ChangedMeanwhile as error:
            # The second of two is shown what the first one made of it.
            return self._shown(
                visit,
                opened,
                at=at,
                said=f"{error.detail} {error.advice}",
                status=error.http_status,
            )
        return self._shown(visit, opened, at=at, said=said, goes_on=goes_on)

    def _shown(
        self,
        visit: Visit,
        opened: OpenReading,
        *,
        at: str,
        said: str,
        goes_on: bool = False,
        status: int = 200,
    ) -> Response:
        reading = self._reviews.of(opened)
        view = view_of(reading, at)
        if goes_on and at:
            view = replace(view, at=view.after(at))
        if not visit.is_partial and status == 200:
            place = f"/desk/articles/{opened.key}"
            anchor = f"?at={view.at}#a-{view.at}" if view.at else ""
            return RedirectResponse(f"{place}{anchor}", 303)
        return self._rendered(
            visit, reading, at=view.at, said=said, status=status, article_changed=True, view=view
        )

    def _panel(
        self,
        reading: ReviewedReading,
        record: str,
        field: str,
        sentence: int | None,
        *,
        words: str = "",
        refusal: str = "",
        choice: str = "",
    ) -> EditPanel:
        one = reading.find(record)
        return EditPanel(
            one=one,
            lines=lines_of(one.record),
            form=form_of(reading, one, field, sentence, words) if field else None,
            refusal=refusal,
            choice="" if is_stretch(choice) else choice,
        )

    def _rendered(
        self,
        visit: Visit,
        reading: ReviewedReading,
        *,
        at: str,
        panel: EditPanel | None = None,
        new: NewForm | None = None,
        refusal: str = "",
        said: str = "",
        status: int = 200,
        article_changed: bool = False,
        view: ReviewView | None = None,
    ) -> Response:
        template = "records_part.html.j2" if visit.is_partial else "article_page.html.j2"
        view = view or view_of(reading, at)
        headers = {}
        if visit.is_partial and panel is None and new is None:
            here = f"/desk/articles/{view.key}"
            headers["HX-Replace-Url"] = f"{here}?at={view.at}" if view.at else here
        return self._visiting.page(
            visit,
            template,
            status,
            headers,
            view=view,
            panel=panel,
            new=new,
            refusal=refusal,
            said=said,
            article_changed=article_changed,
        )


def _label(field: str) -> str:
    return field.replace("_", " ")
