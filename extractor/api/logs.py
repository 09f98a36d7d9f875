"""Logs of the service: one JSON object a line on standard error.

Messages of exceptions are left out everywhere, as they may quote an article: of a defect the types
and source lines are told.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from extractor.messages import clean_line, tell_defect
from extractor.models.base import JsonValue


class JsonLines(logging.Formatter):
    """One line for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON: when, how grave, whence, what, and the facts it was given."""
        line: dict[str, JsonValue] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": clean_line(record.getMessage()),
        }
        facts = getattr(record, "facts", None)
        if isinstance(facts, dict):
            line.update(facts)
        if record.exc_info and record.exc_info[1] is not None:
            line["defect"] = tell_defect(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure_logs() -> None:
    """Send the logs of everything in this process to standard error, in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("extractor", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.INFO)
