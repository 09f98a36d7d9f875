"""Lists and tables: rows and items are completed by what leads to them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extractor.article import Article, read_article
from extractor.article.types import Sentence
from extractor.prompting.passages import make_passage


def read(text: str, language: str = "en") -> Article:
    return read_article(text, language=language)


def rows(article: Article) -> list[Sentence]:
    return [sentence for sentence in article.sentences if sentence.kind == "row"]


def money(article: Article) -> list[list[tuple[str, Decimal | None, str | None]]]:
    """The amounts of each row: as written, in units, with their currency."""
    return [
        [
            (row.text[m.start : m.end], m.value, m.currency)
            for m in article.mentions(row.id).money
            if m.value is not None
        ]
        for row in rows(article)
    ]


MARKDOWN = """{caption}

| Receiver | {heading} | Year |
|---|---:|---|
| Askel Works | {first} | 2027 |
| Port of Tarn | {second} | 2028 |
"""


@pytest.mark.parametrize(
    ("language", "caption", "heading", "first", "second", "values", "currency"),
    [
        ("en", "(Amounts in millions of euros)", "Grant", "45", "1,250", (45e6, 1250e6), "EUR"),
        ("en", "Support, $ million", "Grant", "4.5", "12", (4.5e6, 12e6), "USD"),
        ("en", "Grants", "Amount (€bn)", "1.5", "2", (1.5e9, 2e9), "EUR"),
        ("en", "Grants (in thousands)", "Amount", "£45", "60", (45e3, 60e3), "GBP"),
        ("en", "Grants (in millions)", "Amount (USD)", "45", "60", (45e6, 60e6), "USD"),
        ("en", "Grants", "Amount, EUR million", "45", "60", (45e6, 60e6), "EUR"),
        ("fr", "Montants en millions d’euros", "Aide", "1,5", "20", (1.5e6, 20e6), "EUR"),
        ("fr", "Aides versées", "Montant (M€)", "1,5", "20", (1.5e6, 20e6), "EUR"),
        ("fr", "(en milliers d’euros)", "Aide", "1 250", "20", (1250e3, 20e3), "EUR"),
        ("vi", "Đơn vị: tỷ đồng", "Số tiền", "1.250", "45,5", (1250e9, 45.5e9), "VND"),
        ("vi", "Bảng hỗ trợ", "Vốn (triệu USD)", "2,5", "30", (2.5e6, 30e6), "USD"),
        ("id", "(dalam miliar rupiah)", "Nilai", "1.250", "45,5", (1250e9, 45.5e9), "IDR"),
    ],
)
def test_bare_figures_are_amounts_in_the_unit_of_heading_or_caption(
    language: str,
    caption: str,
    heading: str,
    first: str,
    second: str,
    values: tuple[float, float],
    currency: str,
) -> None:
    text = MARKDOWN.format(caption=caption, heading=heading, first=first, second=second)
    article = read(text, language)
    assert money(article) == [
        [(first, Decimal(values[0]), currency)],
        [(second, Decimal(values[1]), currency)],
    ]
    assert all("202" in row.text for row in rows(article))
    years = [[d.edtf for d in article.mentions(row.id).dates] for row in rows(article)]
    assert years == [["2027"], ["2028"]]


def test_cells_may_be_parted_by_tabs_or_by_blanks() -> None:
    tabs = "Grants in millions of euros\nReceiver\tGrant\nAskel\t45\nTarn\t60\n"
    blanks = (
        "Grants in millions of euros\nReceiver      Grant\nAskel          45\nTarn          60\n"
    )
    for text in (tabs, blanks):
        article = read(text)
        assert [len(row) for row in money(article)] == [1, 1]
        for row in rows(article):
            assert article.quote(row) == text[row.start : row.end]


def test_cells_may_be_parted_by_commas_or_semicolons() -> None:
    text = 'Payee,Amount (US$ 000),Due\nAskel Ferry,"1,450",2027\nTarn Mills,380,2028\n'
    article = read(text)
    assert [row[0][1:] for row in money(article)] == [
        (Decimal(1_450_000), "USD"),
        (Decimal(380_000), "USD"),
    ]
    assert article.quote(rows(article)[0]) == 'Askel Ferry,"1,450",2027'
    semicolons = "Ville;Aide (k€);Année\nAskel;1,5;2027\nTarn;20;2028\n"
    assert [row[0][1] for row in money(read(semicolons, "fr"))] == [Decimal(1500), Decimal(20_000)]
    prose = "Askel, Tarn, Vole\nTarn, 5, and Orne\nOrne, 6, and Vole"
    assert not rows(read(prose))


def test_a_cell_with_a_scale_of_its_own_keeps_it() -> None:
    text = MARKDOWN.format(
        caption="(In millions of euros)", heading="Grant", first="€2bn", second="45"
    )
    assert [row[0][1] for row in money(read(text))] == [Decimal(2_000_000_000), Decimal(45_000_000)]


def test_a_column_of_things_is_counted_and_shares_are_nothing() -> None:
    text = (
        "| Town | Grant (€m) | Trains | Share |\n"
        "| Askel | 45 | 12 | 80% |\n"
        "| Tarn | 11 | 3 | 20% |\n"
    )
    article = read(text)
    assert [len(row) for row in money(article)] == [1, 1]
    counts = [[(c.value, c.unit) for c in article.mentions(r.id).counts] for r in rows(article)]
    assert counts == [[(Decimal(12), "train")], [(Decimal(3), "train")]]


@pytest.mark.parametrize(
    "text",
    [
        # No unit anywhere.
        "| Town | Grant |\n| Askel | 45 |\n| Tarn | 11 |\n",
        # A scale, and no currency.
        "(In millions)\n| Town | Grant |\n| Askel | 45 |\n| Tarn | 11 |\n",
        # Two columns, and nobody says which one the caption is about.
        "(In millions of euros)\n| Town | First | Second |\n| Askel | 45 | 7 |\n| Tarn | 1 | 8 |\n",
    ],
)
def test_a_figure_that_nothing_explains_is_no_amount(text: str) -> None:
    assert money(read(text)) == [[], []]


@pytest.mark.parametrize(
    ("language", "text", "values", "currency"),
    [
        (
            "vi",
            "Cam kết (đơn vị: triệu đồng):\n1. Tập đoàn Sông Thu: 5.000\n2. Hạ Vân: 1.250",
            (5e9, 1250e6),
            "VND",
        ),
        ("vi", "Kinh phí (đơn vị: tỷ đồng):\n- Sơn Hạ: 1.200\n- Vân: 45", (12e11, 45e9), "VND"),
        ("en", "Pledged so far, in $ million:\n- Askel: 1,200\n- Tarn: 85.", (12e8, 85e6), "USD"),
        ("en", "Gifts (million euros):\n- Askel: 120\n- Tarn: 85 (loans)", (12e7, 85e6), "EUR"),
        ("en", "Gifts (million euros):\nAskel: 120\nTarn: 85", (12e7, 85e6), "EUR"),
        ("en", "Gifts (in millions):\n- Askel: €120\n- Tarn: €85", (12e7, 85e6), "EUR"),
        ("fr", "Dons, en millions d'euros :\n- Askel : 1 200\n- Tarn : 8,5", (12e8, 8.5e6), "EUR"),
    ],
)
def test_figures_of_a_list_are_in_the_unit_of_the_line_that_leads_to_it(
    language: str, text: str, values: tuple[float, float], currency: str
) -> None:
    article = read(text, language)
    lead, *items = article.sentences
    assert [item.leads for item in items] == [(lead.id,)] * 2
    found = [[(m.value, m.currency) for m in article.mentions(i.id).money] for i in items]
    assert found == [[(Decimal(value), currency)] for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "Gifts (million euros):\n- Askel: 12 trams\n- Tarn: 8%",
        "Gifts (million euros):\n- Askel: 2027\n- Tarn, 8",
        "Gifts (in millions):\n- Askel: 12\n- Tarn: 8",
        "Gifts from three towns:\n- Askel: 12\n- Tarn: 8",
        "They will give 40 million euros:\n- Askel: 12\n- Tarn: 8",
    ],
)
def test_a_figure_of_a_list_that_no_unit_is_told_of_is_no_amount(text: str) -> None:
    article = read(text)
    assert [article.mentions(s.id).money for s in article.sentences[1:]] == [(), ()]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "Đơn vị: tỷ đồng\n\nSTT|Tỉnh|Kinh phí\n1|Sơn Hạ|45\n2|Vân|60"),
        ("en", "In billions of dong\n\nNo. | Town | Grant\n1. | Askel | 45\n2. | Tarn | 60"),
    ],
)
def test_a_column_that_numbers_the_rows_is_no_amount(language: str, text: str) -> None:
    values = [[m[1:] for m in row] for row in money(read(text, language))]
    assert values == [[(Decimal(45 * 10**9), "VND")], [(Decimal(60 * 10**9), "VND")]]


def test_an_empty_cell_is_a_cell() -> None:
    tabs = "Port\tGrant (€m)\tNote\tYear\nAskel\t45\tquay\t2027\nTarn\t60\t\t2028\n"
    bars = "Grants (€m)\nPort | By | Sum | Year\nAskel | A | 45 | 2027\nTotal | | 60 |\n"
    closed = "| Port | Grants (€m) | Year |\n| Askel | 45 | 2027 |\n| Tarn | 60 | |\n"
    for text in (tabs, bars, closed):
        values = [[m[1] for m in row] for row in money(read(text))]
        assert values == [[Decimal(45_000_000)], [Decimal(60_000_000)]]
    aligned = "Port\t\tGrant (€m)\nAskel-on-Tarn\t45\nVole\t\t60\n"
    assert [len(row.cells) for row in rows(read(aligned))] == [2, 2]


@pytest.mark.parametrize(
    ("language", "caption", "total"),
    [
        ("en", "Awards (US$'000)", "Total"),
        ("fr", "En milliers de dollars", "Total"),
        ("vi", "Đơn vị: nghìn USD", "Tổng cộng"),
    ],
)
def test_a_column_for_all_years_has_the_unit_of_theirs(
    language: str, caption: str, total: str
) -> None:
    text = (
        f"{caption}\n| Askel | 2026 | 2027 | {total} |\n| Tarn | 4 | 5 | 9 |\n| Orne | 1 | 2 | 3 |"
    )
    values = [[m[1] for m in row] for row in money(read(text, language))]
    assert values == [[4000, 5000, 9000], [1000, 2000, 3000]]


def test_columns_of_years_all_have_the_unit_of_the_caption() -> None:
    text = "Spending, € million\n| Town | 2026 | 2027 |\n| Askel | 45 | 50 |\n| Tarn | 1 | 2 |\n"
    assert [[m[1] for m in row] for row in money(read(text))] == [
        [Decimal(45_000_000), Decimal(50_000_000)],
        [Decimal(1_000_000), Decimal(2_000_000)],
    ]


def test_a_caption_right_above_another_table_is_not_of_the_one_before() -> None:
    text = (
        "| Town | Grant (€m) |\n| Askel | 45 |\n| Tarn | 11 |\n\n"
        "(In thousands of dollars)\n| Firm | Loan |\n| Vole | 45 |\n| Orne | 11 |\n"
    )
    values = [row[0][1:] for row in money(read(text))]
    assert values == [
        (Decimal(45_000_000), "EUR"),
        (Decimal(11_000_000), "EUR"),
        (Decimal(45_000), "USD"),
        (Decimal(11_000), "USD"),
    ]


def test_a_row_is_one_sentence_and_is_completed_by_caption_and_headings() -> None:
    text = MARKDOWN.format(
        caption="(In millions of euros)", heading="Grant", first="45", second="60"
    ).replace("Askel Works", "Askel Works Inc. The Old One")
    article = read(text)
    assert [s.kind for s in article.sentences] == ["sentence", "header", "row", "row"]
    assert [row.leads for row in rows(article)] == [(1, 2), (1, 2)]


def test_prose_with_a_bar_in_it_is_no_row() -> None:
    article = read("Askel pays | Tervola News\n\nThe town of Askel pays. It said so.")
    assert [s.kind for s in article.sentences] == ["sentence"] * 3


def test_items_are_completed_by_the_line_that_leads_to_them() -> None:
    article = read(
        "The fund will pay by 2027:\n• €4m to Askel;\n• €6m to Tarn. It said so;\n\nThat is all."
    )
    assert [(s.kind, s.leads) for s in article.sentences] == [
        ("sentence", ()),
        ("item", (1,)),
        ("item", (1,)),
        ("item", (1,)),
        ("sentence", ()),
    ]


def test_a_list_without_marks_is_told_by_its_semicolons() -> None:
    article = read("The fund will pay:\n€4m to Askel;\n€6m to Tarn;\n€1m to Orne.\nThat is all.")
    assert [s.leads for s in article.sentences] == [(), (1,), (1,), (1,), ()]


def test_a_list_within_a_list_ends_where_the_outer_one_goes_on() -> None:
    article = read(
        "The fund will pay:\n1. for rail:\n- €4m to Askel\n- €6m to Tarn\n2. €1m for a school"
    )
    assert [s.leads for s in article.sentences] == [(), (1,), (1, 2), (1, 2), (1,)]


def test_figures_of_a_sentence_are_read_in_its_own_language() -> None:
    article = read(
        "Tập đoàn Hạ Long cho biết vốn góp là 1.250 tỷ đồng trong năm nay, theo thông cáo mới.\n"
        '"The group will invest 1.250 billion dollars in the port of Tarn by next year," it said.\n'
        "Le groupe apportera aussi 1,250 milliard de dollars à la ville, selon son directeur.",
        "vi",
    )
    values = [article.mentions(sentence.id).money[0].value for sentence in article.sentences]
    assert values == [1_250_000_000_000, 1_250_000_000, 1_250_000_000]


def test_a_question_about_an_item_alone_shows_the_line_that_leads_to_it() -> None:
    article = read("A title\nThe fund will pay:\n• €4m to Askel;\n• €6m to Tarn.")
    passage = make_passage(article, [4], ["commitment"])
    assert passage.before is not None
    assert passage.before.text == "The fund will pay:"
