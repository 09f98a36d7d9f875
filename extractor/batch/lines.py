"""The log of a run for machines: one JSON object a line, with no word of an article."""

from __future__ import annotations

import json
from types import TracebackType
from typing import IO, Self

from extractor.batch.leading import RunEnd, RunEvent
from extractor.storage.tables import now_text


class LineLog:
    """Appends what happens to a file, each line at once.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: str, run_id: str) -> None:
        self._run_id = run_id
        self._file: IO[str] = open(path, "a", encoding="utf-8")  # noqa: SIM115

    def tell(self, event: RunEvent) -> None:
        """Add what happened to an article; `standing` and `begun` are for bars."""
        if event.item is None or event.kind == "begun":
            return
        end = event.end
        usage, failure = (end.usage, end.failure) if end else (None, None)
        self._write(
            event=event.kind,
            name=event.item.name,
            key=event.item.key,
            attempt=event.item.attempt,
            seconds=round(end.seconds, 4) if end else None,
            calls=usage.calls if usage else None,
            prompt_tokens=usage.prompt_tokens if usage else None,
            output_tokens=usage.output_tokens if usage else None,
            cost_usd=usage.cost_usd if usage else None,
            error=failure.kind if failure else None,
            detail=failure.text if failure else None,
        )

    def tell_end(self, end: RunEnd) -> None:
        """Add where the run stands."""
        standing = end.standing
        self._write(
            event="ended",
            reason=end.reason,
            done=standing.done,
            failed=standing.failed,
            left=standing.left,
            calls=standing.calls,
            prompt_tokens=standing.prompt_tokens,
            output_tokens=standing.output_tokens,
            cost_usd=standing.cost_usd,
            error=end.failure.kind if end.failure else None,
            detail=end.failure.text if end.failure else None,
        )

    def _write(self, **said: object) -> None:
        told = {key: value for key, value in said.items() if value is not None}
        line = json.dumps({"at": now_text(), "run": self._run_id, **told}, ensure_ascii=False)
        self._file.write(line + "\n")
        self._file.flush()

    def close(self) -> None:
        """Release the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
