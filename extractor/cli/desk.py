"""`extractor desk`: the service on this machine, and its pages in the browser."""

from __future__ import annotations

import threading
import webbrowser

import click

from extractor.cli.serve import address_of, run_service
from extractor.errors import ConfigurationError, require

_ADDRESS = "127.0.0.1"


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free."
)
@click.option(
    "--model", metavar="NAME", help="The model that reads, named as in `extractor extract`."
)
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser.")
def desk(port: int, model: str | None, browser: bool) -> None:
    """Read articles and review their records in the browser, on this machine only.

    Articles and reviews are kept in EXTRACTOR_STORE. Labels are made of finished reviews by
    `extractor-eval labels export`.
    """
    from extractor.settings import load_settings

    for module in ("fastapi", "prometheus_client", "python_multipart", "uvicorn"):
        require(module, extra="service", wanted="extractor desk")
    settings = load_settings()
    if settings.store is None:
        raise ConfigurationError(
            "The desk keeps articles and reviews, and there is no store.",
            hint="Set EXTRACTOR_STORE to a file or the address of a store.",
        )
    if model is not None:
        settings = settings.model_copy(update={"model": model})

    def show(url: str) -> None:
        click.echo(f"The desk is at {url}/desk/", err=True)
        if browser:
            # The server answers once this has returned.
            threading.Timer(1.0, webbrowser.open, [f"{url}/desk/"]).start()

    run_service(settings, address_of(_ADDRESS, has_keys=bool(settings.api_keys)), port, show)
