"""`extractor serve`, `keys` and `store`: the HTTP service, who may use it, and what it keeps."""

from __future__ import annotations

import getpass
import ipaddress
import math
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from extractor.errors import ConfigurationError, InputError, require

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from starlette.types import ASGIApp

    from extractor.settings import Settings

_BACKLOG = 2048
_GRACE_SECONDS = 30
"""What the last model call may take beyond the drain, before connections are cut."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free."
)
@click.option(
    "--model",
    metavar="NAME",
    help="The default model of the service, named as in `extractor extract`.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes behind the port; with more than one there is no desk.",
)
def serve(host: str, port: int, model: str | None, workers: int) -> None:
    """Serve POST /extract, /healthz, /readyz, /metrics, /schema and /models, and the desk at /.

    Without keys (EXTRACTOR_API_KEYS, `extractor keys new`) it listens on loopback addresses only.
    Told to stop, it answers what it has accepted; told twice, it does not.
    """
    from extractor.settings import load_settings

    for module in ("fastapi", "prometheus_client", "uvicorn"):
        require(module, extra="service", wanted="extractor serve")
    settings = load_settings()
    address = address_of(host, has_keys=bool(settings.api_keys))
    if model is not None:
        settings = settings.model_copy(update={"model": model})
    if workers == 1:
        run_service(settings, address, port)
    else:
        run_workers(settings, address, port, workers)


def run_workers(
    settings: Settings,
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    port: int,
    workers: int,
) -> None:
    """Serve with several processes behind one port, until told to stop.

    Raises:
        ConfigurationError: the address or the port cannot be used.
        ServiceFailed: the workers do not stay alive.
        ExtractorError: the model cannot be opened.
    """
    import asyncio

    from extractor.api.logs import configure_logs
    from extractor.api.supervising import Supervisor
    from extractor.models import open_model
    from extractor.results.store import ResultStore

    if not hasattr(os, "memfd_create"):
        raise ConfigurationError(
            "Several workers need Linux.", hint="Leave --workers out, and run more services."
        )
    # What is missing is told here, and once; and only one process brings a store up to date.
    open_model(settings.model, settings).close()
    if settings.store:
        store = ResultStore(settings.store)
        store.open()
        store.close()
    with listen(address, port) as listener:
        click.echo(f"Listening on {_url(address, listener)}", err=True)
        configure_logs()

        async def supervise() -> None:
            await Supervisor(settings, listener, workers).run()

        asyncio.run(supervise())


def _url(address: ipaddress.IPv4Address | ipaddress.IPv6Address, listener: socket.socket) -> str:
    shown = f"[{address}]" if address.version == 6 else str(address)
    return f"http://{shown}:{listener.getsockname()[1]}"


def run_service(
    settings: Settings,
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    port: int,
    on_listening: Callable[[str], None] | None = None,
) -> None:
    """Serve until told to stop; with the desk, where there is a store.

    Args:
        settings: with the model that serves requests which name none.
        address: where to listen.
        port: 0 for any that is free.
        on_listening: called with the URL once the socket listens.

    Raises:
        ConfigurationError: the address or the port cannot be used.
        ExtractorError: the model cannot be opened.
    """
    import uvicorn

    from extractor.api.app import create_app
    from extractor.api.draining import Drain
    from extractor.api.logs import configure_logs
    from extractor.api.pool import ExtractorPool
    from extractor.api.warming import Warming
    from extractor.extraction import Extractor
    from extractor.models import open_model

    client = open_model(settings.model, settings)
    reading = Extractor(client, settings=settings, fallbacks=settings.fallbacks)
    with reading as extractor, listen(address, port) as listener:
        drain = Drain(settings.drain_seconds)
        warming = Warming(client)
        pool = ExtractorPool(settings, extractor)
        app: ASGIApp = create_app(settings, pool=pool, drain=drain, warming=warming)
        if settings.store is not None:
            from extractor.desk.app import Desk, ServiceWithDesk

            app = ServiceWithDesk(app, Desk(settings, pool, drain, _user()))
        warming.start()
        url = _url(address, listener)
        click.echo(f"Listening on {url}", err=True)
        configure_logs()
        grace = math.ceil(settings.drain_seconds) + _GRACE_SECONDS
        config = uvicorn.Config(
            app, timeout_graceful_shutdown=grace, log_config=None, access_log=False
        )

        class Server(uvicorn.Server):
            def handle_exit(self, sig: int, frame: FrameType | None) -> None:
                drain.begin()
                super().handle_exit(sig, frame)

        if on_listening is not None:
            on_listening(url)
        with suppress(KeyboardInterrupt):  # the usual way to stop a service
            Server(config).run(sockets=[listener])


def _user() -> str:
    """Who runs the service, as far as the system knows: in a container it may not."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def address_of(host: str, *, has_keys: bool) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address to listen on.

    Raises:
        ConfigurationError: it is none, or others could reach it and no key is asked for.
    """
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None:
        raise ConfigurationError(
            f"{host} is no address.", hint="Use 127.0.0.1, or 0.0.0.0 for all of this machine."
        )
    if not (address.is_loopback or has_keys):
        raise ConfigurationError(
            f"Without keys the service does not listen on {host}.",
            hint="Make one with `extractor keys new NAME` and set EXTRACTOR_API_KEYS.",
        )
    return address


def listen(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> socket.socket:
    """A socket for the service, which listens already.

    Raises:
        ConfigurationError: the address or the port cannot be used.
    """
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    # TCP is named because asyncio switches Nagle's algorithm off only where it sees it; with it the
    # body of an answer waits up to 40 ms until the caller has acknowledged the head.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"Cannot listen on {address} port {port} ({error.strerror}).",
            hint="Stop what uses the port, or choose another one with --port.",
        ) from None
    return listener


@click.group()
def keys() -> None:
    """Make keys for callers of the service (EXTRACTOR_API_KEYS)."""


@keys.command()
@click.argument("name")
def new(name: str) -> None:
    """Make a key for the caller NAME; it is shown once, and only its digest is ever configured."""
    import re

    require("starlette", extra="service", wanted="extractor keys")
    from extractor.api.keys import entry_of, new_key

    if not re.fullmatch(r"[\w.-]{1,64}", name, re.ASCII):
        raise InputError(
            "This name cannot stand in a setting.",
            hint="Use up to 64 letters, digits, dots, hyphens and underscores.",
        )
    key = new_key()
    click.echo(f"key for the caller:            {key}")
    click.echo(f"entry for EXTRACTOR_API_KEYS:  {entry_of(name, key)}")


@click.group()
def store() -> None:
    """Look after the results that the service keeps (EXTRACTOR_STORE)."""


@store.command()
def purge() -> None:
    """Forget all but those that people have reviewed or a ledger rests on."""
    from extractor.results.store import ResultStore
    from extractor.settings import load_settings

    file = load_settings().store
    if file is None:
        click.echo("EXTRACTOR_STORE is empty: nothing is kept.")
        return
    kept = ResultStore(file)
    try:
        purged = kept.purge()
        click.echo(f"{purged.gone} results forgotten")
        if purged.spared:
            click.echo(f"{purged.spared} kept: they are reviewed, or the ledger rests on them")
    finally:
        kept.close()
