"""Parties by their names: each once, and no two taken for one."""

from __future__ import annotations

import pytest

from extractor.article import read_article
from extractor.checking.naming import actors_named
from extractor.records import Language


def named(names: list[str], text: str, language: Language) -> list[str]:
    article = read_article(text, language=language)
    return [actor.name for actor in actors_named(names, article.sentences, article)]


@pytest.mark.parametrize(
    ("language", "names", "text"),
    [
        ("en", ["UK Government", "Scottish Government"], "The {} and the {} will each pay £25m."),
        ("en", ["Alderon Ltd", "Alderon plc"], "{} and {} will pay £25m."),
        ("en", ["Ministry of Rivers", "Ministry of Ports"], "The {} and the {} will pay £25m."),
        ("fr", ["Bercy", "Matignon"], "{} et {} ont annoncé un plan."),
        ("fr", ["gouvernement britannique", "gouvernement écossais"], "Le {} et le {} paieront."),
        ("vi", ["Chính phủ Anh", "Chính phủ Scotland"], "{} và {} sẽ chi 25 triệu bảng."),
        ("vi", ["Tập đoàn Sao Biển", "Công ty Sao Biển"], "{} và {} sẽ chi 25 triệu USD."),
    ],
)
def test_two_givers_with_a_word_in_common_are_both_kept(
    language: Language, names: list[str], text: str
) -> None:
    assert named(names, text.format(*names), language) == names


@pytest.mark.parametrize(
    ("language", "names", "text"),
    [
        ("en", ["Japanese government", "Japan"], "The {} will pay; {} has signed."),
        ("en", ["Alderon Ltd", "Alderon"], "{} will pay, and {} has signed."),
        ("en", ["Tessaly Water Services", "TWS"], "{} ({}) will pay £25m."),
        ("fr", ["gouvernement japonais", "Japon"], "Le {} paiera ; le {} a signé."),
        ("fr", ["Nations unies", "ONU"], "Les {} paieront, a dit l'{}."),
        ("vi", ["Chính phủ Nhật Bản", "Nhật Bản"], "{} sẽ chi 25 triệu USD; {} đã ký."),
        ("vi", ["Thủ tướng Trần Văn Bách", "ông Trần Văn Bách"], "{} sẽ chi; {} đã ký."),
    ],
)
def test_a_party_named_in_two_ways_is_one(language: Language, names: list[str], text: str) -> None:
    assert named(names, text.format(*names), language) == names[:1]
