"""Sentences in three languages and every way to corrupt them while the record stays as it was."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from extractor.records import Language

Corruption = Literal[
    "number",
    "scale",
    "currency",
    "negation",
    "hedge",
    "dropped hedge",
    "actor",
    "roles",
    "count",
    "deadline",
    "withdrawn",
]


@dataclass(frozen=True)
class Pledge:
    """The parts of one sentence; `render` puts them together."""

    language: Language
    giver: str
    verb: str
    amount: str
    receiver: str
    count: str
    deadline: str

    def render(self) -> str:
        joints = {
            "vi": "{giver} {verb} {amount} cho {receiver} để đào tạo {count} {deadline}.",
            "fr": "{giver} {verb} {amount} à {receiver} pour former {count} {deadline}.",
            "en": "{giver} {verb} {amount} to {receiver} to train {count} {deadline}.",
        }
        return joints[self.language].format(**self.__dict__)


@dataclass(frozen=True)
class Words:
    """The words of one language that a pledge is made of, and what they are corrupted to."""

    givers: tuple[str, ...]
    receiver: str
    other: str
    verb: str
    negated: str
    hedged: str
    withdrawn: str
    numbers: tuple[tuple[str, str], ...]
    scales: tuple[tuple[str, str], ...]
    currencies: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, str], ...]
    deadline: str
    other_deadline: str


WORDS: dict[Language, Words] = {
    "vi": Words(
        givers=("Công ty Hạ Long Xanh", "Ngân hàng Sông Cầu"),
        receiver="Đại học Bến Thủy",
        other="Tập đoàn Mỏ Vàng",
        verb="sẽ tài trợ",
        negated="sẽ không tài trợ",
        hedged="có thể sẽ tài trợ",
        withdrawn="đã hủy khoản tài trợ",
        numbers=(("2,5", "2,6"), ("40", "400"), ("1.200", "1.300")),
        scales=(("tỷ", "triệu"), ("triệu", "tỷ")),
        currencies=(("USD", "euro"), ("đồng", "USD")),
        counts=(("3.000 kỹ sư", "8.000 kỹ sư"), ("12 giáo viên", "21 giáo viên")),
        deadline="trước năm 2031",
        other_deadline="trước năm 2033",
    ),
    "fr": Words(
        givers=("Orfèvre Énergie", "L'Institut d'Aubrac"),
        receiver="l'Université de Corvigny",
        other="Vasteau Industries",
        verb="versera",
        negated="ne versera pas",
        hedged="pourrait verser",
        withdrawn="renonce à verser",
        numbers=(("2,5", "2,6"), ("40", "400"), ("1 200", "1 300")),
        scales=(("milliards", "millions"), ("millions", "milliards")),
        currencies=(("d'euros", "de dollars"), ("de dollars", "de yens")),
        counts=(("3 000 ingénieurs", "8 000 ingénieurs"), ("12 enseignants", "21 enseignants")),
        deadline="d'ici 2031",
        other_deadline="d'ici 2033",
    ),
    "en": Words(
        givers=("Alderon Group", "Saint Brannoc's Trust"),
        receiver="Fernhollow University",
        other="Tessaly Holdings",
        verb="will pay",
        negated="will not pay",
        hedged="may pay",
        withdrawn="cancelled a plan to pay",
        numbers=(("2.5", "2.6"), ("40", "400"), ("1,200", "1,300")),
        scales=(("billion", "million"), ("million", "billion")),
        currencies=(("dollars", "euros"), ("euros", "yen")),
        counts=(("3,000 engineers", "8,000 engineers"), ("12 teachers", "21 teachers")),
        deadline="by 2031",
        other_deadline="by 2033",
    ),
}


def pledges() -> Iterator[tuple[Pledge, dict[Corruption, Pledge]]]:
    """Clean pledges, each with its corrupted twins."""
    for language, words in WORDS.items():
        parts = product(words.givers, words.numbers, words.scales, words.currencies, words.counts)
        for giver, number, scale, currency, count in parts:

            def amount(figure: str, size: str, unit: str) -> str:
                return f"{figure} {size} {unit}"

            clean = Pledge(
                language,
                giver,
                words.verb,
                amount(number[0], scale[0], currency[0]),
                words.receiver,
                count[0],
                words.deadline,
            )
            yield (
                clean,
                {
                    "number": replace(clean, amount=amount(number[1], scale[0], currency[0])),
                    "scale": replace(clean, amount=amount(number[0], scale[1], currency[0])),
                    "currency": replace(clean, amount=amount(number[0], scale[0], currency[1])),
                    "negation": replace(clean, verb=words.negated),
                    "hedge": replace(clean, verb=words.hedged),
                    "actor": replace(clean, giver=words.other),
                    "roles": replace(clean, giver=clean.receiver, receiver=clean.giver),
                    "count": replace(clean, count=count[1]),
                    "deadline": replace(clean, deadline=words.other_deadline),
                    "withdrawn": replace(clean, verb=words.withdrawn),
                },
            )


def _curly(text: str) -> str:
    return text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


def _no_break(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


TYPOGRAPHY: dict[str, Callable[[str], str]] = {
    "as is": str,
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "curly quotes": _curly,
    "NBSP": _no_break,
    "all at once": lambda text: unicodedata.normalize("NFD", _no_break(_curly(text))),
}
