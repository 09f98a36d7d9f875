"""`python -m eval.bench.labelled`: our labelled articles as a corpus, and a model that knows them.

The model is a server that speaks OpenAI's language and answers every question about an article with
its labels, after some time; so a walk through a tracker needs neither weights nor a key.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import click

from eval.judging.ceiling import PerfectModel
from eval.labels.dataset import LabelledArticle
from eval.labels.linking import LinkingLabels, load_linking
from extractor.extraction import Extractor
from extractor.models.base import Message, ModelRequest
from extractor.pipeline import ModelPipeline
from extractor.settings import Settings

_GOLD: Final = Path(__file__).parents[2] / "gold" / "linking"
_CHARACTERS_OF_A_TOKEN: Final = 4


def corpus_lines(labels: LinkingLabels, most: int) -> list[str]:
    """The first articles by day, as lines of a table that `extractor batch` reads."""
    ordered = sorted(labels.items, key=lambda item: (_told(labels, item), item.name))
    rows = (
        {
            "id": item.name,
            "publisher": labels.articles[item.name].publisher,
            "published_at": _told(labels, item),
            "text": item.text,
        }
        for item in ordered[:most]
    )
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def _told(labels: LinkingLabels, item: LabelledArticle) -> str:
    return labels.articles[item.name].published_at


class LabelsServer(ThreadingHTTPServer):
    """Answers questions about these articles with their labels.

    Args:
        items: the articles.
        port: where it listens on the loopback; 0 for any.
        seconds: how long an answer takes.
    """

    daemon_threads = True

    def __init__(self, items: Iterable[LabelledArticle], port: int, seconds: float) -> None:
        self.seconds = seconds
        self._models: list[PerfectModel] = []
        settings = Settings(strategy="document", finder="none")
        for item in items:
            model = PerfectModel(item)
            with Extractor(ModelPipeline(model, settings, None)) as extractor:
                model.learn(extractor.readers[0])
            self._models.append(model)
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        """What a client takes for the server's address."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def reply(self, body: dict[str, Any]) -> str | None:
        """The labels that a completion is asked for; None of an article that is not known."""
        told = body.get("response_format", {}).get("json_schema", {})
        messages = tuple(Message(each["role"], each["content"]) for each in body["messages"])
        request = ModelRequest(messages, told.get("schema", {}), told.get("name", ""), 1)
        for model in self._models:
            try:
                return model.complete(request).text
            except KeyError:
                continue
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LabelsServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.server.reply(body)
        time.sleep(self.server.seconds)
        if reply is None:
            error = {"message": "This article has no labels.", "type": "invalid_request_error"}
            self._send(400, {"error": error})
            return
        asked = sum(len(each["content"]) for each in body["messages"])
        read, written = (math.ceil(n / _CHARACTERS_OF_A_TOKEN) for n in (asked, len(reply)))
        message = {"role": "assistant", "content": reply}
        self._send(
            200,
            {
                "id": "labels",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                "usage": {
                    "prompt_tokens": read,
                    "completion_tokens": written,
                    "total_tokens": read + written,
                },
            },
        )

    def _send(self, status: int, told: dict[str, Any]) -> None:
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


@click.group()
@click.option(
    "--gold",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=_GOLD,
    help="Labels of linking; those of the project if not given.",
)
@click.pass_context
def main(ctx: click.Context, gold: Path) -> None:
    """Our labelled articles as a corpus, and a model that knows them."""
    ctx.obj = load_linking(gold)


@main.command()
@click.argument("count", type=click.IntRange(1))
@click.pass_obj
def articles(labels: LinkingLabels, count: int) -> None:
    """Print the first COUNT articles by day, one a line."""
    for line in corpus_lines(labels, count):
        click.echo(line)


@main.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=8124, show_default=True)
@click.option("--seconds", type=click.FloatRange(0), default=1.0, show_default=True)
@click.pass_obj
def serve(labels: LinkingLabels, port: int, seconds: float) -> None:
    """Answer questions about them with their labels, as a model at http://127.0.0.1:PORT/v1."""
    with LabelsServer(labels.items, port, seconds) as server:
        click.echo(f"EXTRACTOR_OPENAI_BASE_URL={server.url}")
        server.serve_forever()


if __name__ == "__main__":
    main()
