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


def lasting(language: Language, text: str, words: str) -> tuple[str | None, list[str]]:
    """The duration of which a model gives the words, and the values that are refused."""
    dates = [{"date": words, "role": "duration"}]
    extraction = extraction_of(language, text, "pledge", dates=dates)
    (record,) = extraction.commitments
    assert (record.start, record.deadline, record.announced_on) == (None, None, None)
    return record.duration, [f"{item.field}: {item.value}" for item in extraction.rejected]


@pytest.mark.parametrize(
    ("language", "text", "words", "duration"),
    [
        ("en", "Alderon's contract has a term of 10 years.", "10 years", "P10Y"),
        ("en", "Alderon's work will last three to five years.", "three to five years", "P5Y"),
        ("en", "Alderon signed a ten-year lease.", "a ten-year lease", "P10Y"),
        ("en", "Alderon won a three-year, $40 million grant.", "three-year", "P3Y"),
        ("en", "Alderon lends it two and a half years.", "two and a half years", "P30M"),
        ("fr", "Le chantier d'Alderon durera 18 mois.", "18 mois", "P18M"),
        ("fr", "Alderon adopte un plan de cinq ans.", "un plan de cinq ans", "P5Y"),
        ("fr", "Alderon signe un contrat de 15 ans.", "15 ans", "P15Y"),
        ("vi", "Chương trình 10 năm của Alderon.", "10 năm", "P10Y"),
        ("vi", "Alderon thuê đất một năm rưỡi.", "một năm rưỡi", "P18M"),
    ],
)
def test_a_bare_length_of_time_is_a_duration_where_a_model_points_at_it(
    language: Language, text: str, words: str, duration: str
) -> None:
    assert lasting(language, text, words) == (duration, [])


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "Alderon will lend it for several years.", "several years"),
        ("en", "Alderon began the work three years ago.", "three years ago"),
        ("en", "Alderon lends it five years, then ten years.", "five years, then ten years"),
        ("fr", "Alderon le prête pendant quelques mois.", "quelques mois"),
        ("vi", "Alderon cho thuê đất nhiều năm.", "nhiều năm"),
    ],
)
def test_words_that_tell_no_length_or_two_are_reported_as_no_duration(
    language: Language, text: str, words: str
) -> None:
    assert lasting(language, text, words) == (None, [f"duration: {words}"])
