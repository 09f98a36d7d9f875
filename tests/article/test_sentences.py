from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.article.folding import fold_text
from extractor.article.sentences import split_sentences
from extractor.records import Language


def _sentences(text: str, language: Language) -> list[str]:
    return [text[start:end] for start, end, _ in split_sentences(text, 0, len(text), language)]


# One line of text each; "|" stands for the white space between two sentences.
_VIETNAMESE = [
    "TS. Lê Văn Bình nói vậy.|Ông rất vui.",
    "PGS.TS. Trần Thị Hoa đồng ý.|GS. Phạm Nam phản đối.",
    "PGS. TS. Đỗ Minh cho biết.",
    "ThS. Lan và Th.S. Mai có mặt.",
    "TP.HCM và Tp. Hồ Chí Minh là một.|TP. Đà Nẵng thì không.",
    "UBND TP.HCM.|Sở Y tế.",
    "Vốn là 3.5 tỷ đồng.|Lãi là 1.000 đồng.",
    "Họ gặp nhau hôm 26.5 tại Huế.|Ngày 28.4 họ ký.",
    "Họ ký hôm 26.5.|Ngày mai họ về.",
    "Dự án hoàn thành./.",
    "Ông nói: “Tôi đồng ý.”|Sau đó ông đi.",
    "“Thật vậy?” ông hỏi.|“Đúng!”|Bà đáp.",
    "Có chợ, trường, v.v. và bệnh viện.",
    "Chờ đã... rồi đi.|Anh im lặng…|Rồi đi.",
    "Ông Nguyễn Văn A. đi Huế.|Bà T. ở lại.",
    "Bà gặp J. K. Smith.|Họ ăn trưa.",
    "1. Xây trường.|2. Mở đường.|3) Trồng cây.",
    "• Xây trường.|• Mở đường.",
    "- Xây trường.",
    "Xây trường ở Q. 1 và P. 5.",
    "Trường mở (theo báo chí.)|Đường xong.",
    "Vốn của Alpha Co. Ltd. là 5 tỷ.|Lãi ít.",
    "Vốn thuộc Alpha Corp.|Nhà máy ở Huế.",
    "Trường mở trong quý IV.|Năm sau đóng.",
    "Giới thiệu công nghệ mới .|“Rất tốt”, ông nói.",
    "Công ty CP. Sông Hạ và Công ty TNHH. Mai Lan góp vốn.|Họ đã ký.",
    "Vốn là 5 tỷ (theo QĐ. Số 15 của sở) cho Huế.|Hết.",
]
_FRENCH = [
    "M. Dupont a dit oui.|Mme. Martin a dit non.",
    "MM. Petit et Grand ont signé.|Mlle. Roux aussi.",
    "M. J. Dupont et Me. Durand plaident.",
    "Le Dr. Blanc et le Pr. Noir opèrent.",
    "C'est l'avenir de l'IA.|Elle avance.",
    "C'est la fin.|Les autres partent.",
    "Voir p. ex. une banque.|Ou deux.",
    "L'art. 3 du traité, le chap. 2 et la p. 15.",
    "Cf. Dupont et al. pour la suite.",
    "« Nous investirons. »|Il est parti.",
    "« Oui ! » a-t-il dit.|« Pourquoi ? »|Elle part.",
    "« Un. Deux. »".replace(". D", ".|D"),
    "Il promet 2,5 milliards d’euros.|C’est peu.",
    "L'usine coûte 3.5 M. d'euros environ.",
    "Il a dit oui !|Elle a dit non ?|Peut-être…|Oui.",
    "Il y a env. 300 postes, etc. dans la ville.",
    "En 52 av. J.-C. en Gaule.",
    "Le n° 5 et le no. 5 sortent.",
    "La société Alpha S.A. investit.|La ville aide.",
    "Il part le 26.5.|Le 27 elle arrive.",
]
_ENGLISH = [
    "The U.S. said yes.|It signed.",
    "It moved to the U.S. The bank followed.".replace("S. T", "S.|T"),
    "The U.S. Treasury and the U.K. Parliament agreed.",
    "Smith et al. said so.|Others did not.",
    "It costs $2.5 billion.|It fell 3.5%.",
    "See No. 5, art. 3, p. 12 and Fig. 2.|Then stop.",
    "Alpha Inc. Chief Executive Ann Lee left.|She was 50.",
    "Alpha Corp. said it would pay.|Beta Co. Ltd. agreed.",
    "He works for Alpha Inc.|The firm is small.",
    "Mr. Lee, Mrs. Park and Dr. Kim met Gov. Stone.|They ate.",
    "J. K. Smith and George W. Stone met.|They ate.",
    "“I agree.”|He left.",
    "“Really?” he asked.|“Go!” she cried.",
    "He said “yes.”|Then he left.",
    "(It was late.)|Then he slept.",
    "Wait... what?|Yes...|No.",
    "It ends. [...]|And so on.".replace(". [...]|", ".|[...] "),
    "It opens on Jan. 5 and Sept. 3.|He left at 5 p.m.|Then it rained.",
    "Is it so?!|Yes!!",
    "Prices rose.|iPhone sales fell.|eBay did not.",
    "Visit example.com.|Use version 2.0.|Read e.g. Chapter 1.",
    "She lives in Boston, D.C. She likes it.".replace("C. S", "C.|S"),
    "Yahoo! Japan grew.|Others shrank.",
    "Costs for tech.|Gamma pays.",
    "It lends approx. $5 million, or approx. 5 million, at Rs. 500 each.|Then it stops.",
    "The town (pop. 12,000) pays 5 million (incl. VAT) to it.|It said so.",
    "It pays (We asked. It said so.) by 2027.|Then it stops.",
]
_LINES: list[tuple[Language, str]] = [
    *(("vi", line) for line in _VIETNAMESE),
    *(("fr", line) for line in _FRENCH),
    *(("en", line) for line in _ENGLISH),
]


@pytest.mark.parametrize(("language", "line"), _LINES)
def test_a_line_is_cut_where_its_sentences_end(language: Language, line: str) -> None:
    sentences = fold_text(line).split("|")
    assert _sentences(" ".join(sentences), language) == sentences


def test_no_blank_is_left_before_a_sentence_that_follows_a_french_quotation() -> None:
    line = fold_text("« Nous investirons. » \xa0Il est parti.")
    assert _sentences(line, "fr") == ['" Nous investirons. "', "Il est parti."]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "The bank pays by 2027.|The town thanked it.|It was glad."),
        ("en", "Vole gives 5 million.|Ann Lee of Askel.com and Tarn.Com said U.S.Steel agreed."),
        (
            "vi",
            "Quỹ Hạ Long tài trợ cho Bệnh viện An.|Ông Lê Mai ở TP.Mỹ Lộc vui.|Năm 2027.|Bà về.",
        ),
        ("fr", "La ville paie en 2027.|Elle l'a dit à M.Petit.|Oui."),
    ],
)
def test_sentences_that_a_page_runs_together_are_apart(language: Language, line: str) -> None:
    assert _sentences(line.replace("|", ""), language) == line.split("|")


def test_a_line_without_final_punctuation_is_a_sentence_and_a_paragraph_of_its_own() -> None:
    text = "A title\n\nFirst. Second.\n  A heading  \nThird"
    spans = split_sentences(text, 0, len(text), "en")
    assert [(text[start:end], paragraph) for start, end, paragraph in spans] == [
        ("A title", 0),
        ("First.", 1),
        ("Second.", 1),
        ("A heading", 2),
        ("Third", 3),
    ]


@pytest.mark.parametrize(
    "caption",
    [
        "![]() |",
        "![A hall](https://example.org/a.jpg)",
        "| Ảnh minh họa |",
        "Ảnh minh họa. (Ảnh: AFP/TTXVN) |",
        "Toàn cảnh hội nghị ngày 5/3. (Ảnh: Minh An)",
        "(Ảnh: Reuters)",
        "Ảnh: Reuters",
        "Nguồn ảnh: Internet",
        "Hình minh họa: Internet",
        "Ảnh minh hoạ",
        "Photo: Reuters",
        "Photo by Ann Lee on Example",
        "(Photo credit: Ann Lee/AFP)",
        "The hall before the vote (Image: Getty Images).",
        "Image courtesy of Example",
        "REUTERS/Ann Lee",
        "Crédit photo : Anne Petit",
        "Photo d'illustration",
        "Une salle vide (Crédits : Anne Petit)",
        "© Anne Petit",
        "* * *",
        "|",
    ],
)
def test_a_caption_or_credit_line_gives_no_sentence(caption: str) -> None:
    text = f"Before it.\n{caption}\nAfter it."
    spans = split_sentences(text, 0, len(text), "vi")
    assert [(text[start:end], paragraph) for start, end, paragraph in spans] == [
        ("Before it.", 0),
        ("After it.", 1),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Ảnh hưởng: giá tăng 5%.",
        "Photo apps will pay $5 million.",
        "Crédits : l'État débloque 2 milliards d'euros",
        "Images show a new site.",
        "| Alpha | $5 million | 2027 |",
        "| Alpha will pay $5 million. |",
        "![](a.jpg) Alpha will pay $5 million.",
    ],
)
def test_a_line_that_only_starts_like_a_caption_is_a_sentence(line: str) -> None:
    assert _sentences(line, "fr") == [line]


def test_only_the_body_is_cut() -> None:
    text = "Menu. Home.\nFirst one. Second one.\nRelated. Links."
    spans = split_sentences(text, 12, 34, "en")
    assert [text[start:end] for start, end, _ in spans] == ["First one.", "Second one."]


# Neither a colon nor a bar, so that no line can be a caption.
_BLOCKS = st.sampled_from(
    ["Ông", "nói", "the", "U.S.", "M.", "Inc.", "5", "No.", "ý.", "end.", "oui !", "so?", "..."]
    + ['"', "'", "(", ")", "-", "*", "\n", "\n\n", " ", "   ", "1.", "a)", "Le", "./.", "iPad", "]"]
)
_BODIES = st.lists(_BLOCKS, max_size=40).flatmap(
    lambda blocks: st.sampled_from(["", " "]).map(lambda glue: fold_text(glue.join(blocks)))
)
_LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(["vi", "fr", "en"])


@given(_BODIES, _LANGUAGES, st.data())
def test_sentences_are_ordered_trimmed_and_inside_the_body(
    text: str, language: Language, data: st.DataObject
) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    spans = split_sentences(text, start, end, language)
    for first, last, _ in spans:
        assert start <= first < last <= end
        assert text[first:last] == text[first:last].strip()
        assert "\n" not in text[first:last]
        assert any(char.isalnum() for char in text[first:last])
    for (_, before, paragraph), (after, _, next_paragraph) in pairwise(spans):
        assert before <= after
        assert next_paragraph == paragraph + ("\n" in text[before:after])


@given(_BODIES, _LANGUAGES)
def test_every_character_of_a_line_with_words_is_in_exactly_one_sentence(
    text: str, language: Language
) -> None:
    covered: Sequence[int] = [
        position
        for start, end, _ in split_sentences(text, 0, len(text), language)
        for position in range(start, end)
        if not text[position].isspace()
    ]
    expected = []
    offset = 0
    for line in text.split("\n"):
        if any(char.isalnum() for char in line):
            expected += [offset + i for i, char in enumerate(line) if not char.isspace()]
        offset += len(line) + 1
    assert covered == expected


def test_several_threads_get_the_same_sentences() -> None:
    text = "\n".join(fold_text(line).replace("|", " ") for _, line in _LINES) * 5
    alone = split_sentences(text, 0, len(text), "en")
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda _: split_sentences(text, 0, len(text), "en"), range(16)))
    assert together == [alone] * 16


@pytest.mark.parametrize(
    "text",
    [
        "Công ty sẽ đầu tư 5 tỷ đồng. " * 7000,
        "Công ty sẽ đầu tư 5 tỷ đồng.\n" * 7000,
        "A. " * 66_000,
        ". " * 100_000,
        '" ' * 100_000,
        "![](a" * 40_000,
        "(Photo: " * 25_000,
        "a" * 200_000,
    ],
    ids=["one line", "many lines", "initials", "stops", "quotes", "pictures", "credits", "a word"],
)
def test_cutting_a_long_text_is_fast(text: str) -> None:
    began = time.process_time()
    split_sentences(text, 0, len(text), "vi")
    assert time.process_time() - began < 3.0
