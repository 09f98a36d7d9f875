"""Sentences: the body cut into numbered stretches that can be cited one by one.

Lines are cut first: a line of an article is a paragraph, a title or a list item. Within a line a
sentence ends at . ! ? followed by white space and no small letter, unless the word before the full
stop is an abbreviation. The tables are small because few abbreviations can stand before a capital
letter or a figure. (Learned models such as Punkt take short words of Vietnamese and French for
abbreviations and glue "… l'IA. Elle …".)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from extractor.records import Language

_STOP: Final = re.compile(r"([.!?]+)[\"')\]]*\s+(?=\S)")
_LAST_WORD: Final = re.compile(r"[^\s\"'(\[/]+$")
_LONGEST_WORD: Final = 40
_NEXT_WORD: Final = re.compile(r"[\s\"'(\[*•-]*(\w*)")
_SMALL_INITIAL_BRAND: Final = re.compile(r"[a-z]{1,2}[A-Z]")  # iPhone, eBay
_ENUMERATOR: Final = re.compile(r"[-*•]?\s*\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)]\s*")
_INITIALS: Final = re.compile(r"[^\W\d_](?:\.-?[^\W\d_])*")  # J, U.S, J.-C, a.m


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A name or a further word always follows: never the end of a sentence.
_TITLES: Final = _words(
    """
    Mr Mrs Ms Messrs Dr Drs Prof Rev Hon Gen Col Lt Sgt Capt Cmdr Adm Sen Rep Gov Pres St Mt
    M MM Mme Mmes Mlle Mlles Pr Mgr Ste e.g i.e eg ie vs cf Cf av bd
    TS ThS Ths Th.S PGS GS BS KS LS NCS TP Tp tp TX Tx tx TT Tt Yahoo!
    """
)
# Part of a reference or a date if a figure follows.
_BEFORE_FIGURES: Final = _words(
    """
    No Nos no nos N° n° Nº nº Nr Art Arts art arts Fig Figs fig figs Sec Sect sec sect Ch Chap ch
    chap Vol vol p pp Eq eq Ex ex al par approx env ca c
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec janv févr avr juil sept oct nov déc
    """
)
# Followed by a name as often as they end a sentence.
_COMPANY_FORMS: Final = _words("Inc Corp Co Cos Ltd LLC LLP Plc Bros Jr Sr")
_ABBREVIATED_NOUNS: Final[dict[Language, frozenset[str]]] = {
    "vi": frozenset(),
    "fr": _words("Me Sté ex"),
    "en": _COMPANY_FORMS | _words("Dept Univ Assn Intl Natl Gov't al etc"),
}
_STARTERS: Final[dict[Language, frozenset[str]]] = {
    "vi": _words(
        """
        Ông Bà Anh Chị Họ Theo Các Những Một Trong Tại Ngoài Đây Đó Điều Sau Khi Với Tuy Nhưng Vì
        Nếu Hiện Năm Tháng Ngày Do Để Từ Cùng Mỗi Cả Bên Trước Trên Song Như Đối Về Dự Việc
        """
    ),
    "fr": _words(
        """
        Le La Les L Il Elle Ils Elles On Ce Cet Cette Ces C En Dans Pour Selon Mais Un Une Des De D
        Du Au Aux Avec Par Sur Si Son Sa Ses Leur Leurs Nous Vous Je Et Or Ainsi Après Avant Depuis
        """
    ),
    "en": _words(
        """
        The It He She They We I You This That These Those There A An In On At By For From With But
        And Or So If When While As After Before Under Its His Her Their Our However Meanwhile Last
        Both To Since Such Some Most Many Also Then
        """
    ),
}

_PICTURE: Final = re.compile(r"!\[[^\]]{0,500}\](?:\([^)]{0,2000}\))?")
_ILLUSTRATIVE: Final = r"minh h(?:ọa|oạ)|d'illustration"
_PHOTO: Final = (
    rf"(?:nguồn |hình |crédits? )?(?:ảnh|photos?)(?: (?:{_ILLUSTRATIVE}|tư liệu|credits?))?"
)
# Words that also head lines about public money, which have figures.
_OTHER_CREDIT: Final = r"(?:crédits?|credits?|images?|pictures?|illustrations?|đồ họa)"
_SOURCE: Final = rf"(?:{_PHOTO} ?:[^()]{{1,100}}|{_OTHER_CREDIT}(?: images?)? ?:[^()\d]{{1,80}})"
_CREDIT: Final = re.compile(
    rf"(?i)(?:.{{0,250}}\()?{_SOURCE}\)?\.?"  # Photo: Reuters; a caption (Photo: Reuters)
    r"|\(?(?:photo|image|picture|illustration)s? (?:by|courtesy|via) .{1,100}"
    rf"|\(?(?:hình )?(?:ảnh|hình|photo|image) (?:{_ILLUSTRATIVE})\b.{{0,60}}"
    r"|© ?.{1,100}|(?:reuters|afp|getty images)/.{1,80}"
)
_SINGLE_CELL: Final = re.compile(r"\|?[^|]{0,250}\|")


def split_sentences(
    text: str, start: int, end: int, language: Language
) -> tuple[tuple[int, int, int], ...]:
    """Start, end and paragraph number of each sentence of the folded `text[start:end]`, in order.

    A line without final punctuation is a sentence of its own. Captions, credits and lines without
    a letter or digit hold no sentence and are not counted as paragraphs; every other character
    except white space belongs to exactly one sentence.
    """
    sentences: list[tuple[int, int, int]] = []
    paragraph = 0
    for line_start, line in _lines(text, start, end):
        if not _has_word(line) or _is_caption(line):
            continue
        for first, last in pairwise((0, *_breaks(line, language), len(line))):
            trimmed = len(line[first:last].rstrip())
            sentences.append((line_start + first, line_start + first + trimmed, paragraph))
        paragraph += 1
    return tuple(sentences)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for raw in text[start:end].split("\n"):
        yield start + len(raw) - len(raw.lstrip()), raw.strip()
        start += len(raw) + 1


def _has_word(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _is_caption(line: str) -> bool:
    words = _PICTURE.sub("", line).strip("| ")
    if not _has_word(words) or _CREDIT.fullmatch(words):
        return True
    # Captions taken from a layout table keep the bar that closed their only cell.
    return bool(_SINGLE_CELL.fullmatch(line)) and words[-1] not in ".!?\"'"


def _breaks(line: str, language: Language) -> Iterator[int]:
    """Where the second and later sentences of the line begin."""
    last_word_end = next(at for at in range(len(line) - 1, -1, -1) if line[at].isalnum())
    begin = seen = quotes = 0
    has_word = False
    for stop in _STOP.finditer(line):
        position = stop.end()
        if position > last_word_end:
            return
        has_word = has_word or _has_word(line[seen:position])
        quotes += line.count('"', seen, position)
        seen = position
        if quotes % 2 and line.startswith('" ', position):
            # French sets quotation marks apart: this one closes the sentence before it.
            position += 2
        if has_word and _ends_sentence(line, begin, stop, position, language):
            yield position
            begin, has_word = position, False


def _ends_sentence(
    line: str, begin: int, stop: re.Match[str], position: int, language: Language
) -> bool:
    """Whether the stop ends the sentence from `begin`; the text goes on at `position`."""
    following = _NEXT_WORD.match(line, position)
    next_word = following.group(1) if following else ""
    if next_word[:1].islower() and not _SMALL_INITIAL_BRAND.match(next_word):
        return False
    if _ENUMERATOR.fullmatch(line, begin, stop.end()):
        return False
    marks = stop.group(1)
    found = _LAST_WORD.search(line, max(begin, stop.start() - _LONGEST_WORD), stop.start())
    word = found.group() if found else ""
    if marks != ".":
        return word + marks not in _TITLES
    if word in _TITLES or word.rpartition(".")[2] in _TITLES - {"M"}:
        return False
    if word in _BEFORE_FIGURES and next_word[:1].isdigit():
        return False
    if next_word in _COMPANY_FORMS:
        return False
    if word in _ABBREVIATED_NOUNS[language] or _is_initials(word):
        return next_word in _STARTERS[language]
    return True


def _is_initials(word: str) -> bool:
    # A lone small letter is a word: Vietnamese "ý", French "y".
    return bool(_INITIALS.fullmatch(word)) and (word.isupper() or "." in word)
