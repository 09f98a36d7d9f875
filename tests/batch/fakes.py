"""Articles by number, and a model that knows them and writes down whoever asks it.

The model stands in the processes of a run: it is opened there by `open_fake`, and what it is told
comes through the environment.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from extractor.cli.main import main
from extractor.errors import (
    ModelError,
    ModelQuotaSpent,
    ModelRateLimited,
    ModelRejected,
    ModelUnavailable,
)
from extractor.extraction import Extractor
from extractor.models.base import ModelReply, ModelRequest, TokenUsage
from extractor.models.scripted import ScriptedModel
from extractor.settings import Settings
from tests.articles import answer, pledge, wanted

SETTINGS = Settings(strategy="document", finder="none", retries=0)
_LOG, _PLAN = "FAKE_MODEL_LOG", "FAKE_MODEL_PLAN"
_ERRORS: dict[str, ModelError] = {
    "rejected": ModelRejected("it will not"),
    "unavailable": ModelUnavailable("it is away"),
    "limited": ModelRateLimited("too many", retry_after=0.01),
    "quota": ModelQuotaSpent("no money"),
}
_PRICE = 0.001


def text_of(number: int) -> str:
    """An article that tells of one pledge."""
    return f"Nordlys {number} will spend $4 million on a data centre in Tromso.\n"


@dataclass(frozen=True, slots=True)
class FakeCall:
    """A call as it reached the model: by which process, about which article."""

    pid: int
    article: int


class FakePlan:
    """What the model does, for processes that are started later.

    Args:
        folder: where it writes down the calls.
        seconds: how long an answer takes.
        faults: what it answers instead, by article: a name of `_ERRORS`, `die`, `garbage` or
            `defect`; only as long as the article was asked about less than so many times.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seconds: float = 0.0,
        faults: dict[int, tuple[str, int]] | None = None,
        priced: bool = True,
    ) -> None:
        self._log = folder / "calls.log"
        self._log.touch()
        told = {"seconds": seconds, "faults": faults or {}, "priced": priced}
        self.environment = {_LOG: str(self._log), _PLAN: json.dumps(told)}

    def calls(self) -> list[FakeCall]:
        """All calls until now, in their order."""
        lines = self._log.read_text(encoding="ascii").splitlines()
        return [FakeCall(*map(int, line.split())) for line in lines]


def open_fake(model: str | None, settings: Settings) -> Extractor:
    """The extractor of a run before the model of the plan in the environment."""
    log = os.environ[_LOG]
    plan = json.loads(os.environ[_PLAN])

    def reply(request: ModelRequest) -> str | ModelError | ModelReply:
        found = re.search(r"Nordlys (\d+)", request.messages[-1].content)
        assert found
        article = int(found[1])
        file = os.open(log, os.O_WRONLY | os.O_APPEND)
        os.write(file, f"{os.getpid()} {article}\n".encode())
        os.close(file)
        time.sleep(plan["seconds"])
        fault, times = plan["faults"].get(str(article), ("", 0))
        if fault and _asked(log, article) <= times:
            return _failed(fault)
        asked = wanted(request)
        found_pledge = pledge(who=[f"Nordlys {article}"], what="a data centre", money="m1")
        text = answer(
            [found_pledge] if "commitments" in asked else None, [] if "events" in asked else None
        )
        usage = TokenUsage(100, 0, 20, _PRICE if plan["priced"] else None)
        return ModelReply(text=text, finish="stop", usage=usage)

    used = settings.model_copy(update={"strategy": "document", "finder": "none", "retries": 0})
    extractor = Extractor(ScriptedModel(reply, name=model or "fake"), settings=used)
    # Whoever changes the code while a test runs makes no other run of it.
    extractor.fingerprint = "fake"
    return extractor


def _asked(log: str, article: int) -> int:
    lines = Path(log).read_text(encoding="ascii").splitlines()
    return sum(line.endswith(f" {article}") for line in lines)


def _failed(fault: str) -> ModelError | str:
    if fault == "die":
        os._exit(9)
    if fault == "defect":
        raise RuntimeError("words of an article")
    if fault == "garbage":
        return "no JSON"
    return _ERRORS[fault]


def run() -> None:
    """The command line before the fake model: what a test starts to kill it."""
    main(obj=open_fake)


def command(*arguments: str) -> list[str]:
    """What starts the command line in a process of its own."""
    code = "from tests.batch.fakes import run; run()"
    return [sys.executable, "-c", code, *arguments]


def write_articles(file: Path, numbers: Iterable[int]) -> None:
    """A source with these articles, one in each line."""
    rows = ({"text": text_of(number), "language": "en"} for number in numbers)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
