"""Pages of reading: the list of articles, an article on its way, and one that was read."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from extractor.api.pool import ExtractorPool
from extractor.desk.forms import article_of
from extractor.desk.jobs import Jobs
from extractor.desk.library import Library
from extractor.desk.reviews import Reviews
from extractor.desk.views import told_reading, view_of
from extractor.desk.visits import Visit, Visiting
from extractor.models.listing import list_models
from extractor.pages import Shown, render_extractions
from extractor.settings import Settings


class ReadingPages:
    """What a person reads, and gives to read."""

    def __init__(
        self,
        visiting: Visiting,
        library: Library,
        reviews: Reviews,
        jobs: Jobs,
        pool: ExtractorPool,
        settings: Settings,
    ) -> None:
        self._visiting = visiting
        self._library = library
        self._reviews = reviews
        self._jobs = jobs
        self._pool = pool
        self._settings = settings

    def routes(self) -> list[Route]:
        """Their addresses."""
        served = self._visiting.endpoint
        return [
            Route("/desk/", served(self.home)),
            Route("/desk/help", served(self.help)),
            Route("/desk/read", served(self.read), methods=["POST"]),
            Route("/desk/reading/{job}", served(self.progress)),
            Route("/desk/reading/{job}/cancel", served(self.cancel), methods=["POST"]),
            Route("/desk/reading/{job}/again", served(self.again), methods=["POST"]),
            Route("/desk/articles/{key}", served(self.article)),
            Route("/desk/articles/{key}/page.html", served(self.file)),
        ]

    def home(self, visit: Visit) -> Response:
        """What was read, and the form for more."""
        return self._visiting.page(
            visit,
            "home.html.j2",
            readings=self._library.listed(),
            models=self._models(),
            most_megabytes=self._settings.max_document_bytes // 1_000_000,
        )

    def help(self, visit: Visit) -> Response:
        """How the desk is used."""
        return self._visiting.page(visit, "help.html.j2")

    def read(self, visit: Visit) -> Response:
        """Begin to read what was given."""
        job = self._jobs.start(visit.who, article_of(visit.form))
        return RedirectResponse(f"/desk/reading/{job}", 303)

    def progress(self, visit: Visit) -> Response:
        """How far an article is; asked for again and again."""
        job = self._jobs.progress(visit.who, visit.path("job"))
        if job.state == "done":
            return _to(visit, f"/desk/articles/{job.key}")
        template = "progress.html.j2" if visit.is_partial else "job.html.j2"
        return self._visiting.page(visit, template, job=job, found=told_reading(job.records))

    def cancel(self, visit: Visit) -> Response:
        """End the reading of an article."""
        self._jobs.cancel(visit.who, visit.path("job"))
        return RedirectResponse(f"/desk/reading/{visit.path('job')}", 303)

    def again(self, visit: Visit) -> Response:
        """Read an article once more that was cancelled, or failed."""
        job = self._jobs.again(visit.who, visit.path("job"))
        return RedirectResponse(f"/desk/reading/{job}", 303)

    def article(self, visit: Visit) -> Response:
        """An article with its records."""
        reading = self._reviews.of(self._library.open(visit.path("key")))
        return self._visiting.page(
            visit, "article_page.html.j2", view=view_of(reading, visit.query("at")), panel=None
        )

    def file(self, visit: Visit) -> Response:
        """The reading as it stands, as a file that can be sent."""
        reading = self._reviews.of(self._library.open(visit.path("key")))
        opened = reading.opened
        shown = Shown(opened.name, opened.article.original, reading.extraction)
        name = f"article-{opened.extraction.article.sha256[:8]}.html"
        return Response(
            render_extractions([shown]),
            media_type="text/html",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _models(self) -> list[str]:
        """The default model, those whose weights are here, and those that step in."""
        default = self._pool.default_model
        here = [model.name for model in list_models(self._settings) if model.available]
        return list(dict.fromkeys([default, *here, *self._settings.fallbacks]))


def _to(visit: Visit, place: str) -> Response:
    if visit.is_partial:
        return Response(headers={"HX-Redirect": place})
    return RedirectResponse(place, 303)
