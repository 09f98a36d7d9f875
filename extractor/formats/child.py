"""The process that reads documents: one request on standard input, one line of answer, again.

It takes no more memory than it may, writes no file, and opens no connection: what would, fails.
"""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import asdict
from typing import Any, Final

from extractor.errors import ArticleError, InputError, MissingExtra
from extractor.formats import limits
from extractor.formats.limits import Limits
from extractor.formats.readers import READERS
from extractor.messages import tell_defect

_FORBIDDEN: Final = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn")
_COLLECT_EVERY: Final = 20


def main() -> None:
    """Answer until standard input ends, which it does when the parent is gone."""
    _bound()
    sys.addaudithook(_refuse)
    count = 0
    while header := sys.stdin.buffer.readline():
        request = json.loads(header)
        data = sys.stdin.buffer.read(request["bytes"])
        print(json.dumps(answer_to(request, data)), flush=True)
        count += 1
        if count % _COLLECT_EVERY == 0:
            gc.collect()


def answer_to(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    """What was found, or the error; whatever a parser raises is a document that cannot be read."""
    most = Limits(characters=request["characters"])
    try:
        found = READERS[request["kind"]](data, request["charset"], most)
    except MissingExtra as error:
        return {"missing": [error.detail.partition(" needs ")[0], error.extra]}
    except InputError as error:
        return {"error": type(error).__name__, "detail": error.detail, "hint": error.advice}
    except MemoryError:
        return _error("The document takes too much memory.", "Give a smaller one, or its text.")
    except RecursionError:
        return _error("The document is nested too deeply.", "Give its text.")
    except Exception as error:
        # Its message may hold text of the document: only the place is told, and to the log alone.
        broken = _error("The document cannot be read.", "Save it anew, or give its text.")
        return {**broken, "defect": tell_defect(error)}
    return {"found": [_told(each) for each in found]}


def _told(each: Any) -> dict[str, Any]:
    day = each.published_at
    return {**asdict(each), "published_at": day.isoformat() if day else None}


def _error(detail: str, hint: str) -> dict[str, Any]:
    return {"error": ArticleError.__name__, "detail": detail, "hint": hint}


def _bound() -> None:
    try:
        import resource
    except ImportError:  # Windows: only the time is bounded there
        return
    for kind, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS does not take them all
            continue


def _refuse(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


if __name__ == "__main__":
    main()
