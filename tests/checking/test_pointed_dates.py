"""What a strong model points at as a date or a length of time, and what becomes of it."""

from __future__ import annotations

from datetime import date

import pytest

from extractor import Extraction, Extractor
from extractor.models import ScriptedModel
from extractor.records import Language
from extractor.settings import Settings
from tests.articles import act, answer, pledge

PUBLISHED = date(2026, 3, 12)
SETTINGS = Settings(strategy="document", policy="strong", finder="none")


def extraction_of(language: Language, text: str, kind: str, **fields: object) -> Extraction:
    """The extraction of a text of which a model says that Alderon pledges or does something."""
    one = {"who": ["Alderon"], **fields}
    drafts = ([pledge(**one)], []) if kind == "pledge" else ([], [act(**one)])
    model = ScriptedModel(lambda _: answer(*drafts), name="openai/scripted")
    with Extractor(model, settings=SETTINGS) as extractor:
        return extractor.extract(text, published_at=PUBLISHED, language=language)


def dated(
    language: Language, text: str, words: str, role: str, kind: str, status: str
) -> str | None:
    """The EDTF of the date in the role that the model gives it, proved."""
    dates = [{"date": words, "role": role}]
    extraction = extraction_of(language, text, kind, dates=dates, status=status)
    assert extraction.rejected == []
    record = [*extraction.commitments, *extraction.policy_events][0]
    value = getattr(record, role)
    assert role in {verdict.field for verdict in record.verdicts}
    return None if value is None else str(value.edtf)


@pytest.mark.parametrize(
    ("language", "text", "words", "role", "kind", "status", "edtf"),
    [
        ("en", "Alderon's law applies on 1 July.", "on 1 July", "deadline")
        + ("act", "adopted", "2026-07-01"),
        ("en", "Alderon's tariff applies on Monday.", "on Monday", "deadline")
        + ("act", "adopted", "2026-03-16"),
        ("en", "Work on Alderon's plant starts in June.", "in June", "start")
        + ("pledge", "planned", "2026-06"),
        ("en", "Alderon votes on 7 April.", "d1", "date", "act", "planned", "2026-04-07"),
        ("fr", "La loi d'Alderon s'applique le 1er juillet.", "le 1er juillet", "deadline")
        + ("act", "adopted", "2026-07-01"),
        ("fr", "Le texte d'Alderon vaut à partir du 1er septembre.", "d1", "deadline")
        + ("act", "adopted", "2026-09-01"),
        ("fr", "Les travaux d'Alderon débutent en septembre.", "en septembre", "start")
        + ("pledge", "planned", "2026-09"),
        ("vi", "Nghị quyết của Alderon có hiệu lực từ ngày 1/4.", "d1", "deadline")
        + ("act", "adopted", "2026-04-01"),
        ("vi", "Dự thảo của Alderon áp dụng từ ngày 1/7 đến 31/12.", "d1", "date")
        + ("act", "proposed", "2026-07-01/2026-12-31"),
        ("vi", "Alderon khởi công vào tháng 6.", "vào tháng 6", "start")
        + ("pledge", "planned", "2026-06"),
    ],
)
def test_what_is_to_come_is_dated_ahead(
    language: Language, text: str, words: str, role: str, kind: str, status: str, edtf: str
) -> None:
    assert dated(language, text, words, role, kind, status) == edtf


@pytest.mark.parametrize(
    ("language", "text", "words", "role", "kind", "status", "edtf"),
    [
        ("en", "Alderon's law took effect on 1 July.", "on 1 July", "deadline")
        + ("act", "adopted", "2025-07-01"),
        ("en", "Alderon's scheme, launched on 1 October, is open.", "d1", "start")
        + ("pledge", "announced", "2025-10-01"),
        ("en", "Work on Alderon's plant starts in June.", "in June", "start")
        + ("pledge", "in_progress", "2025-06"),
        ("en", "Alderon on Monday plans a fund.", "on Monday", "date", "act", "planned")
        + ("2026-03-09",),
        ("fr", "La loi d'Alderon est entrée en vigueur le 1er juillet.", "d1", "deadline")
        + ("act", "adopted", "2025-07-01"),
        ("fr", "Alderon a lancé le plan le 7 avril.", "d1", "start")
        + ("pledge", "announced", "2025-04-07"),
        ("vi", "Nghị quyết của Alderon đã có hiệu lực từ ngày 1/7.", "d1", "deadline")
        + ("act", "adopted", "2025-07-01"),
        ("vi", "Hôm 2/10, Alderon đề xuất lập quỹ.", "d1", "date")
        + ("act", "proposed", "2025-10-02"),
        # A time so far ahead would have its year.
        ("vi", "Ngày 2/3, Alderon đề xuất lập quỹ.", "d1", "date", "act", "proposed", "2026-03-02"),
    ],
)
def test_what_the_words_the_status_or_the_calendar_put_behind_stays_there(
    language: Language, text: str, words: str, role: str, kind: str, status: str, edtf: str
) -> None:
    assert dated(language, text, words, role, kind, status) == edtf
