import asyncio
import json
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from extractor import __version__
from extractor.api.examples import EXTRACTION, REQUEST
from extractor.api.keys import entry_of
from extractor.cli import main
from extractor.cli.progress import DownloadBar
from extractor.cli.serve import listen
from extractor.settings import Settings

jsonschema = pytest.importorskip("jsonschema")  # has no type stubs


def _run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)


def test_every_exit_code_is_documented() -> None:
    told = _run("--help").stdout
    assert re.findall(r"^ +(\d+)  ", told, re.MULTILINE) == [
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "130",
    ]


def test_the_version_is_told() -> None:
    assert _run("--version").stdout == f"extractor {__version__}\n"


@pytest.mark.parametrize(
    ("which", "instance"),
    [("record", EXTRACTION), ("request", REQUEST), ("draft", {"commitments": [], "events": []})],
)
def test_the_schemas_are_valid_and_fit_the_examples(which: str, instance: object) -> None:
    schema = json.loads(_run("schema", "--which", which).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(instance, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({}, schema)


_EVERY_ADDRESS = (str(IPv4Address(0)), str(IPv6Address(0)))


@pytest.mark.parametrize("host", [*_EVERY_ADDRESS, "192.0.2.1"])
def test_without_keys_the_service_listens_on_loopback_addresses_only(host: str) -> None:
    result = _run("serve", "--host", host)
    assert result.exit_code == 2
    assert "extractor keys new" in result.stderr


def test_with_keys_the_service_may_listen_elsewhere() -> None:
    result = _run(
        "serve",
        "--host",
        "192.0.2.1",
        "--model",
        "openai/any",
        OPENAI_API_KEY="none",
        EXTRACTOR_API_KEYS=entry_of("desk", "key"),
    )
    assert result.exit_code == 2
    assert "Cannot listen on 192.0.2.1" in result.stderr  # it is no address of this machine


def test_a_name_is_no_address() -> None:
    assert "is no address" in _run("serve", "--host", "example.org").stderr


def test_a_service_without_its_model_file_does_not_start(tmp_path: Path) -> None:
    result = _run("serve", "--port", "0", EXTRACTOR_MODELS_DIR=str(tmp_path))
    assert result.exit_code == 4


def test_answers_are_sent_without_waiting_for_the_caller_to_acknowledge_their_head() -> None:
    undelayed: list[int] = []

    async def connect() -> None:
        accepted = asyncio.Event()

        async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            undelayed.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()
            accepted.set()

        listener = listen(IPv4Address("127.0.0.1"), 0)
        async with await asyncio.start_server(accept, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            await accepted.wait()
            writer.close()

    asyncio.run(connect())
    assert undelayed == [1]


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = _run("serve", "--port", port, "--model", "openai/any", OPENAI_API_KEY="none")
    assert result.exit_code == 2
    assert port in result.stderr


def test_the_models_are_listed_with_what_is_on_this_machine(tmp_path: Path) -> None:
    listed = _run("models", "list", "--format", "json", EXTRACTOR_MODELS_DIR=str(tmp_path))
    models = {model["name"]: model for model in json.loads(listed.stdout)}
    assert [name for name, model in models.items() if model["default"]] == [Settings().model]
    assert not any(model["available"] for model in models.values())
    table = _run("models", "list", EXTRACTOR_MODELS_DIR=str(tmp_path), COLUMNS="100").stdout
    assert all(name in table for name in models)
    assert f"{Settings().model} *" in table


def test_the_lists_of_models_fit_80_columns_and_cut_no_name() -> None:
    for options in ((), ("--hosted",), ("--hosted", "fireworks")):
        names = [
            model["name"]
            for model in json.loads(_run("models", "list", *options, "--format", "json").stdout)
        ]
        lines = _run("models", "list", *options, COLUMNS="80").stdout.splitlines()
        assert max(map(len, lines)) <= 80
        # A name that is too long goes on in the line below, and stands first there, too.
        first_words = "".join(line.split()[0] for line in lines)
        assert [name for name in names if name not in first_words] == []


def test_models_of_providers_are_listed_with_their_prices_and_where_these_come_from() -> None:
    table = _run("models", "list", "--hosted", "gpt-4o-mini", COLUMNS="80").stdout
    assert re.search(r"openai/gpt-4o-mini +0\.15 +0\.6 +128k +16k +yes +no", table)
    assert "Prices are those of litellm" in table.splitlines()[-1]


def test_a_filter_that_nothing_has_in_its_name_is_told() -> None:
    result = _run("models", "list", "--hosted", "no-such-model")
    assert result.exit_code == 0
    assert "no-such-model" in result.stdout
    assert (
        json.loads(_run("models", "list", "--hosted", "no-such", "--format", "json").stdout) == []
    )


def test_the_catalogue_is_filtered_by_a_part_of_the_name_too() -> None:
    listed = json.loads(_run("models", "list", "SMOL", "--format", "json").stdout)
    assert [model["name"] for model in listed] == ["smollm2-135m"]


def test_a_model_is_shown_with_its_digest() -> None:
    name = Settings().model
    facts = json.loads(_run("models", "show", name, "--format", "json").stdout)
    assert facts["name"] == name
    assert facts["sha256"] in _run("models", "show", name).stdout


def test_a_model_that_is_not_in_the_catalogue_cannot_be_shown_or_fetched() -> None:
    for command in ("show", "pull"):
        result = _run("models", command, "no-such-model")
        assert result.exit_code == 2
        assert "no-such-model" in result.stderr


def test_a_restricting_licence_must_be_accepted_first(tmp_path: Path) -> None:
    result = _run("models", "pull", "gemma-3-270m", EXTRACTOR_MODELS_DIR=str(tmp_path))
    assert result.exit_code == 2
    assert "--accept-licence" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_fetch_shows_its_bytes_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "100")
    with DownloadBar("some-model", 4_000_000) as bar:
        bar.show(1_000_000, 4_000_000)
    shown = capsys.readouterr().err
    assert "some-model" in shown
    assert "1.0/4.0 MB" in shown


def test_output_is_utf_8_whatever_the_locale() -> None:
    async def run() -> bytes:
        code = "from extractor.cli import main; main()"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code, "schema"),
            stdout=PIPE,
            env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        )
        out, _ = await process.communicate()
        return out

    assert "khoảng" in asyncio.run(run()).decode("utf-8")


def test_the_service_answers_until_it_is_interrupted() -> None:
    async def serve() -> int:
        command = (sys.executable, "-c", "from extractor.cli import main; main()", "serve")
        options = ("--port", "0", "--model", "openai/any")
        environment = {"OPENAI_API_KEY": "none"}
        process = await asyncio.create_subprocess_exec(
            *command, *options, stderr=PIPE, env=environment
        )
        assert process.stderr is not None
        first_line = (await process.stderr.readline()).decode()
        url = first_line.removeprefix("Listening on ").strip()
        # Its log is read on, so that it never waits for a full pipe.
        rest = asyncio.create_task(process.stderr.read())
        async with httpx2.AsyncClient(timeout=60) as client:
            for _ in range(600):
                ready = await client.get(f"{url}/readyz")
                if ready.status_code == 200:
                    break
                await asyncio.sleep(0.1)
            assert ready.json()["model"] == "openai/any"
        process.send_signal(signal.SIGINT)
        await process.wait()
        await rest
        return process.returncode or 0

    assert asyncio.run(serve()) == 0
