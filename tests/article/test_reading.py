from __future__ import annotations

import codecs
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.article import Article, decode_article, find_name, find_names, read_article
from extractor.article.folding import fold_text
from extractor.article.language import detect_language
from extractor.errors import ArticleError, ArticleTooLarge, InputError

_SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
_ARTICLE = (
    "Une école pour l’IA à Lyon\n\n« Nous investirons 3,5\xa0millions d’euros », a dit Mme Roux. "
    "L’école ouvrira en 2027…\n\nPhoto : Anne Petit\n\nElle formera 300 élèves.\n"
)


def _texts(article: Article) -> list[str]:
    return [sentence.text for sentence in article.sentences]


def test_an_article_is_read_into_numbered_sentences_that_lead_back_to_the_original() -> None:
    article = read_article(_ARTICLE, title="Une école", published_at=date(2025, 2, 12))
    assert article.language == article.rules == "fr"
    assert (article.title, article.published_at) == ("Une école", date(2025, 2, 12))
    assert article.original == _ARTICLE
    assert _texts(article) == [
        "Une école pour l'IA à Lyon",
        '" Nous investirons 3,5 millions d\'euros ", a dit Mme Roux.',
        "L'école ouvrira en 2027...",
        "Elle formera 300 élèves.",
    ]
    assert [sentence.id for sentence in article.sentences] == [1, 2, 3, 4]
    assert [sentence.paragraph for sentence in article.sentences] == [0, 1, 1, 2]
    assert article.quote(article.sentences[2]) == "L’école ouvrira en 2027…"


def test_the_words_of_a_sentence_are_found_verbatim_in_the_original() -> None:
    article = read_article(_ARTICLE)
    sentence = article.sentences[1]
    start = sentence.text.index("3,5")
    end = sentence.text.index("euros") + len("euros")
    assert article.verbatim(sentence, start, end) == "3,5\xa0millions d’euros"


@pytest.mark.parametrize("seed", _SEEDS, ids=lambda path: path.name[:3])
@pytest.mark.parametrize(
    "vary",
    [
        lambda text: normalize("NFD", text),
        lambda text: text.replace(" ", "\xa0"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text.replace(" ", " \u200b").replace(".", ".\u200b"),
        lambda text: text.replace("'", "’").replace(" - ", " – "),
        lambda text: normalize("NFD", text).replace(" ", "\u2009").replace("\n", "\u2028"),
    ],
    ids=["NFD", "NBSP", "CRLF", "invisible", "typographic", "NFD and thin spaces"],
)
def test_a_variant_of_an_article_has_the_same_sentences_with_its_own_offsets(
    seed: Path, vary: Callable[[str], str]
) -> None:
    clean = seed.read_text(encoding="utf-8")
    variant = vary(clean)
    article = read_article(variant)
    assert _texts(article) == _texts(read_article(clean))
    assert article.language == read_article(clean).language
    for sentence in article.sentences:
        quote = variant[sentence.start : sentence.end]
        assert fold_text(quote) == sentence.text
        assert quote == quote.strip().strip("\u200b\ufeff")
        folded_end = sentence.folded_start + len(sentence.text)
        assert article.folding.text[sentence.folded_start : folded_end] == sentence.text
        assert article.body_start <= sentence.start < sentence.end <= article.body_end


@pytest.mark.parametrize(
    ("number", "language", "sentences", "last"),
    [
        (0, "vi", 25, 'sang Mỹ".'),
        (1, "fr", 19, "le 2 avril."),
        (2, "vi", 31, "1.000 tỷ USD)."),
        (3, "vi", 22, "công nghệ cao./."),
        (4, "vi", 45, "trong 2 năm."),
    ],
)
def test_the_sample_articles_are_read_whole_and_without_captions(
    number: int, language: str, sentences: int, last: str
) -> None:
    article = read_article(decode_article(_SEEDS[number].read_bytes()))
    assert article.language == language
    assert len(article.sentences) == sentences
    assert article.sentences[-1].text.endswith(last)
    assert not any("Ảnh" in text or "![" in text for text in _texts(article))


def test_an_article_of_furniture_alone_has_no_sentences() -> None:
    article = read_article("Menu\nFacebook\nTwitter")
    assert (article.body_start, article.body_end, article.sentences) == (0, 0, ())


def test_several_threads_read_the_same() -> None:
    text = _SEEDS[1].read_text(encoding="utf-8")
    with ThreadPoolExecutor(8) as pool:
        articles = list(pool.map(read_article, [text] * 8))
    assert len({article.sentences for article in articles}) == 1
    assert {article.language for article in articles} == {"fr"}


_PIECES = st.sampled_from(
    [
        "Ông nói. ",
        "l’IA ",
        "e\u0301",
        "\u0323",
        "\xa0",
        "\u200b",
        "\ufeff",
        "\r\n",
        "\n",
        "… ",
        "« ",
    ]
    + ["U.S. The ", "Menu\n", "./.\n", "5 ", " »", "\uff11", "\u0344", " \u0344a", "a. B"]
)


@given(st.lists(_PIECES, max_size=25))
def test_every_sentence_of_any_text_is_the_folded_form_of_its_own_stretch(
    pieces: list[str],
) -> None:
    text = "A" + "".join(pieces)
    article = read_article(text, language="vi")
    for sentence in article.sentences:
        # Lines that were wrapped are joined.
        stretch = fold_text(text[sentence.start : sentence.end])
        assert stretch.replace("\n", " ") == sentence.text.replace("\n", " ")
    ends = [sentence.end for sentence in article.sentences]
    starts = [sentence.start for sentence in article.sentences]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


# Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Công ty sẽ xây dựng ba phòng thí nghiệm mới tại Đà Nẵng trong năm tới.", "vi"),
        ("Le ministère annonce la construction de trois laboratoires à Lyon avant l'été.", "fr"),
        ("The ministry will build three new laboratories in Leeds before the summer.", "en"),
        ("Das Ministerium baut bis zum Sommer drei neue Labore in der Stadt Leipzig auf.", "de"),
        ("El ministerio construirá tres nuevos laboratorios en Sevilla antes del verano.", "es"),
        ("文部科学省は来年の夏までに新しい研究所を建設する。", "ja"),
        ("Xây trường mới", "vi"),
        ("Trois écoles ouvrent", "fr"),
        ("Schools open", "en"),
        ("Alpha", "en"),
        ("12.5 - 13!", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_told_even_if_unsupported(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_german_article_is_german_and_gets_no_english_rules() -> None:
    article = read_article("Das Ministerium baut drei neue Labore in der Stadt. " * 3)
    assert (article.language, article.rules) == ("de", "de")


@pytest.mark.parametrize(
    ("given_tag", "language"), [("fr", "fr"), ("FR-ca", "fr"), ("vi_VN", "vi"), (" De ", "de")]
)
def test_the_language_given_wins_over_the_language_found(given_tag: str, language: str) -> None:
    assert read_article("The ministry will build schools.", language=given_tag).language == language


@pytest.mark.parametrize("tag", ["", "f", "french", "fr-", "12", "fr fr", "fr;rm"])
def test_a_language_that_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(InputError, match="BCP 47") as caught:
        read_article("The ministry will build schools.", language=tag)
    assert not isinstance(caught.value, ArticleError)


# Unusable text


@pytest.mark.parametrize("text", ["", " \n\t ", "\ufeff", "\u200b\n\xa0"])
def test_an_empty_article_is_refused(text: str) -> None:
    with pytest.raises(ArticleError, match="empty"):
        read_article(text)


def test_an_article_over_the_limit_is_refused_with_both_figures() -> None:
    assert read_article("a" * 100, max_characters=100).original == "a" * 100
    with pytest.raises(ArticleTooLarge, match=r"101 .* 100\b"):
        read_article("a" * 101, max_characters=100)


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><title>A school</title>",
        "\ufeff \n<html lang='vi'>Trường mới",
        '<?xml version="1.0"?><rss>A school</rss>',
        "<p>The ministry will build.</p>\n<p>It <b>pays</b>.</p>",
        '<div class="a">The ministry</div><br/><a href="https://example.org">will</a> build.',
    ],
)
def test_html_is_refused_with_the_advice_to_say_so(text: str) -> None:
    with pytest.raises(ArticleError, match="HTML") as caught:
        read_article(text)
    assert "text/html" in caught.value.advice


@pytest.mark.parametrize(
    "text",
    [
        "The tag <b> is old. So is <i>.",
        "x < y and a > b.",
        "<<Thật vậy>> ông nói.",
        "<3 <3 <3 <3 <3",
    ],
)
def test_text_with_a_few_angle_brackets_is_no_html(text: str) -> None:
    assert read_article(text).sentences


@pytest.mark.parametrize(
    "text", ["\ufffd\ufffdng ty \ufffd\ufffd", "\x01\x02\x03abc", "a\x00b\x00"]
)
def test_text_of_control_or_replacement_characters_is_refused(text: str) -> None:
    with pytest.raises(ArticleError, match="control or replacement"):
        read_article(text)


def test_a_stray_control_or_replacement_character_is_no_reason_to_refuse() -> None:
    assert _texts(read_article("The minis\x07try will build three scho\ufffdls in Leeds.")) == [
        "The ministry will build three scho\ufffdls in Leeds."
    ]


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ArticleError, match="surrogate.* at 4"):
        read_article("The \ud800ministry will build.")


@pytest.mark.parametrize(
    "text",
    ["<p>" * 20 + "Secret", "Secret\ud800", "\ufffd" * 9 + "Secret", "Secret" * 20],
)
def test_no_error_repeats_the_article(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_article(text, max_characters=100)
    assert "Secret" not in f"{caught.value} {caught.value.advice}"


# Bytes


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8")))
def test_text_survives_in_each_encoding_that_is_read(text: str) -> None:
    text = "A" + text
    assert decode_article(text.encode()) == text
    assert decode_article(codecs.BOM_UTF8 + text.encode()) == text
    assert decode_article(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == text
    assert decode_article(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"abc\xe9def", 3),
        (codecs.BOM_UTF8 + b"abc\xe9", 6),
        (codecs.BOM_UTF16_LE + b"a\x00b", 4),
        ("thỏa".encode()[:3], 2),
    ],
)
def test_bytes_that_do_not_fit_are_refused_with_their_offset(data: bytes, offset: int) -> None:
    with pytest.raises(ArticleError, match=rf"offset {offset}\b") as caught:
        decode_article(data)
    assert "UTF-8" in caught.value.advice
    assert caught.value.__context__ is None  # it would carry the article into a traceback


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "doc"),
        (b"{\\rtf1 text}", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_a_binary_file_is_refused_by_name_with_the_advice_to_convert_it(
    data: bytes, kind: str
) -> None:
    with pytest.raises(ArticleError, match=kind) as caught:
        decode_article(data)
    assert "Convert" in caught.value.advice


@pytest.mark.parametrize("data", ["Huế".encode("utf-16-be"), b"abc\x00def", "Hu".encode("utf-32")])
def test_nul_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ArticleError):
        decode_article(data)


def test_no_bytes_are_no_text() -> None:
    assert decode_article(b"") == ""


@pytest.mark.parametrize(
    ("name", "text", "stands"),
    [
        ("WHO", "Those who signed will pay 5 million euros to the fund this year.", False),
        ("WHO", "Those who signed will pay the WHO 5 million euros this year.", True),
        ("ministry of energy", "The Ministry of Energy will pay 5 million euros this year.", True),
        ("…", "The Ministry of Energy will pay 5 million euros … this year.", False),
    ],
)
def test_a_name_of_capitals_stands_only_where_it_is_so_written(
    name: str, text: str, stands: bool
) -> None:
    (sentence,) = read_article(text).sentences
    assert (find_name(name, sentence) is not None) == stands


def test_a_name_is_found_everywhere_that_it_stands() -> None:
    (sentence,) = read_article("Kenya will pay, and Kenya will build 20 schools.").sentences
    assert [sentence.text[a:b] for a, b in find_names("Kenya", sentence)] == ["Kenya", "Kenya"]
