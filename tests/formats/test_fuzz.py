"""Broken documents: an article or an error of ours, soon, in bounded memory."""

from __future__ import annotations

from tests.formats.fuzzing import run

_DOCUMENTS = 300
_MOST_SECONDS = 5.0
_MOST_MEMORY = 400 * 1024 * 1024


def test_broken_documents_are_read_or_refused() -> None:
    report = run(_DOCUMENTS)
    assert report.faults == []
    assert report.processor < _MOST_SECONDS
    assert report.memory < _MOST_MEMORY
    # Else they would be too broken, or too whole, to find anything.
    read = sum(count for told, count in report.outcomes.items() if told.endswith(": read"))
    assert 0.2 * _DOCUMENTS < read < 0.9 * _DOCUMENTS
