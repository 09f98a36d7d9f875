"""Markdown: its words without its signs."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.formats import read_document


def _words(source: str) -> str:
    return read_document(source.encode(), name="a.md").text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("The [port](https://a.example/x_(y) 'T') pays", "The port pays"),
        ("The [port][1] pays\n\n[1]: https://a.example", "The port pays\n"),
        ("![a ship](s.png) sails", "a ship sails"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("It *will* **buy** ***six*** _big_ __tugs__ ~~now~~", "It will buy six big tugs now"),
        ("*one **in** another*", "one in another"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("`code *as is*`", "code as is"),
        ("# Title #", "Title"),
        ("Title\n=====\ntext", "Title\ntext"),
        ("> quoted\n> again", "quoted again"),
        ("- first\n2. second", "- first\n2. second"),
        ("| Year | Tugs |\n|---|:-:|\n| 2025 | 3 |", "| Year | Tugs |\n| 2025 | 3 |"),
        ("```\na *b* c\n```\nd", "a *b* c\nd"),
        ("a <!-- hidden\nwords --> b", "a  b"),
        ("It will buy\nsix tugs.\n\nIt said so.", "It will buy six tugs.\n\nIt said so."),
        ("- one\n  more\n- two", "- one more\n- two"),
        ("A street  \nA town", "A street  \nA town"),
        (r"5\* hotel \[sic\]", "5* hotel [sic]"),
        ("$5 million (about _£4 million_)", "$5 million (about £4 million)"),
    ],
)
def test_signs_go_and_words_stay(source: str, expected: str) -> None:
    assert _words(source) == expected


def test_title_and_date_stand_in_front() -> None:
    document = read_document(
        b"---\ntitle: 'Port buys tugs'\ndate: 2024-04-11T08:00\n---\n# Other\nText.", name="a.md"
    )
    assert (document.title, document.published_at) == ("Port buys tugs", date(2024, 4, 11))
    assert document.published_at_source == "markdown:front-matter"
    assert document.text == "Other\nText."
    assert read_document(b"# Tugs\n\nText.", name="a.md").title == "Tugs"


@pytest.mark.parametrize(
    "sign", ["[", "*", "_", "`", "<!--", "![", "> ", "\\", "|-", "~~", "---\n"]
)
def test_no_row_of_signs_takes_long(sign: str) -> None:
    read_document((sign * 20_000 + "a").encode(), name="a.md", seconds=5)
