"""Forms: what a browser sent, read once and within limits, before anything believes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from extractor.api.requests import read_day
from extractor.desk.corrections import Correction, NewRecord
from extractor.desk.jobs import ArticleGiven
from extractor.errors import ArticleError, ArticleTooLarge, InputError
from extractor.records import RecordType

_MOST_FIELDS: Final = 1_000
_MOST_FORM_BYTES: Final = 256 * 1024
_MODEL: Final = 200
_JUDGED: Final = ("currency", "per", "scope", "unit", "type", "canonical", "code")


@dataclass(frozen=True, slots=True)
class SentForm:
    """The fields of a form, and its file if it had one."""

    fields: Mapping[str, Sequence[str]]
    file: bytes | None = None
    file_name: str = ""

    def one(self, name: str, default: str = "") -> str:
        """The last value of a field."""
        values = self.fields.get(name)
        return values[-1] if values else default

    def number(self, name: str) -> int | None:
        """The value of a field as a whole number; None if it is none."""
        told = self.one(name).strip()
        return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else None

    def numbers(self, name: str) -> list[int]:
        """All values of a field that are whole numbers."""
        return [int(one) for one in self.fields.get(name, ()) if one.isdecimal() and len(one) < 10]


async def read_form(request: Request, most_characters: int) -> SentForm:
    """The form of a request, whose body has its own limit.

    Raises:
        InputError: it is no form, or has too many fields.
        ArticleTooLarge: a field of it is longer than an article may be.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _read_parts(request, most_characters)
    body = await request.body()
    if len(body) > _MOST_FORM_BYTES:
        raise ArticleTooLarge("The form is too large.", hint="Give the article as a file.")
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise InputError("The form cannot be read.", hint="Load the page again.") from None
    return SentForm(_gathered(pairs))


async def _read_parts(request: Request, most_characters: int) -> SentForm:
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=50,
        # A code point takes at most four bytes in UTF-8.
        max_part_size=4 * most_characters + 1024,
    )
    # Nothing is written to a disk: the body has a limit, and may not be kept.
    parser.spool_max_size = 1 << 40
    try:
        parts = (await parser.parse()).multi_items()
    except MultiPartException as error:
        if "exceeded maximum size" in str(error):
            raise ArticleTooLarge(
                f"The text is longer than {most_characters} characters."
            ) from None
        raise InputError("The form cannot be read.", hint="Load the page again.") from None
    pairs: list[tuple[str, str]] = []
    file: bytes | None = None
    file_name = ""
    for name, value in parts:
        if isinstance(value, UploadFile):
            file, file_name = await value.read(), value.filename or ""
            await value.close()
        else:
            pairs.append((name, value))
    return SentForm(_gathered(pairs), file if file_name or file else None, file_name)


def _gathered(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def article_of(form: SentForm) -> ArticleGiven:
    """The article that a person gave.

    Raises:
        ArticleError: neither text nor a file.
        InputError: the date is none.
    """
    # Browsers send line ends as CR LF, whatever was pasted.
    text = form.one("text").replace("\r\n", "\n")
    if form.file is None and not text.strip():
        raise ArticleError("There is no article yet.", hint="Paste its text, or choose a file.")
    day = form.one("published_at").strip()
    try:
        published_at = read_day(day) if day else None
    except ValueError as error:
        raise InputError(f"{error}.", hint="Correct the date, or leave it out.") from None
    return ArticleGiven(
        text=text,
        file=form.file,
        file_name=form.file_name,
        published_at=published_at,
        model=form.one("model").strip()[:_MODEL] or None,
    )


def correction_of(form: SentForm, stretch: str) -> Correction:
    """What was chosen for a field.

    Args:
        form: as it was sent.
        stretch: the words that were chosen in it, as the article has them.
    """
    choice = form.one("choice")
    removed = form.number("remove")
    reference = stretch if choice in ("", "words") or is_stretch(choice) else choice
    texts = [one for one in form.fields.get("value", ()) if one]
    return Correction(
        field=form.one("field"),
        sentence=form.number("sentence"),
        reference=reference,
        place=removed if removed is not None else form.number("place"),
        is_removal="remove" in form.fields,
        text=" ".join(texts),
        judged={name: form.one(name) for name in _JUDGED if form.one(name).strip()},
    )


def new_record_of(form: SentForm, stretch: str) -> NewRecord:
    """What was said of a record that was not found."""
    return NewRecord(
        kind=kind_in(form),
        sentence=form.number("sentence") or 0,
        title=form.one("title"),
        actors=[stretch] if stretch else [],
        label=form.one("label"),
        status=form.one("status"),
        amount=form.one("amount"),
        quantity=form.one("quantity"),
        dates=form.fields.get("date", ()),
    )


def kind_in(form: SentForm) -> RecordType:
    """The kind of record that a form is of."""
    return "policy_event" if form.one("kind") == "policy_event" else "commitment"


def is_stretch(choice: str) -> bool:
    """Whether a choice names words of the sentence, such as `w3-5`."""
    first, _, last = choice.removeprefix("w").partition("-")
    return choice.startswith("w") and first.isdecimal() and last.isdecimal()


def chosen_numbers(form: SentForm) -> list[int]:
    """The numbers of the words that were chosen, one by one or as a known name."""
    choice = form.one("choice")
    if is_stretch(choice):
        first, _, last = choice.removeprefix("w").partition("-")
        return [int(first[:6]), int(last[:6])]
    return form.numbers("word")
