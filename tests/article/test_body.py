from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.article import read_article
from extractor.article.body import find_body, find_boxes
from extractor.article.folding import fold_text

_SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
_VI = "Bộ Khoa học cho biết sẽ xây dựng ba phòng thí nghiệm mới tại Đà Nẵng trong năm tới."
_FR = "Le ministère a annoncé la construction de trois laboratoires à Lyon avant la fin de l'année."
_EN = "The ministry said that it would build three laboratories in Leeds before the year is out."
_LINKS = "Giá vàng tiếp tục tăng mạnh\nThị trường nhà đất khởi sắc\nĐội tuyển thắng trận mở màn"


def _body(text: str) -> str:
    start, end = find_body(text)
    return text[start:end]


def _seed(number: int) -> str:
    return fold_text(_SEEDS[number].read_text(encoding="utf-8"))


def _paragraphs(*lines: str) -> str:
    return "\n\n".join(lines)


def test_the_body_of_the_agency_article_ends_at_its_end_mark() -> None:
    text = _seed(3)
    body = _body(text)
    assert body.endswith("công nghệ cao./.")
    assert body == text[: text.index("./.") + 3]
    assert " | 12/02/2025" not in body


def test_the_agency_article_is_cut_at_the_same_place_by_heading_or_by_dates_alone() -> None:
    text = _seed(3)
    end = text.index("./.")
    unmarked = text.replace("./.", ".")
    assert _body(unmarked) == unmarked[: end + 1]
    undesignated = unmarked.replace("Tin liên quan\n", "")
    assert _body(undesignated) == undesignated[: end + 1]


def test_the_feed_footer_of_the_french_article_is_out() -> None:
    body = _body(_seed(1))
    assert "apparaît en premier" not in body
    assert body.endswith("le 2 avril.")


@pytest.mark.parametrize("number", [0, 2, 4])
def test_an_article_without_furniture_is_kept_whole(number: int) -> None:
    text = _seed(number)
    assert _body(text) == text.strip()


@pytest.mark.parametrize(
    "ending",
    [
        "./.\nTheo TTXVN",
        "./.\n" + _VI,
        "./. (TTXVN/Vietnam+)\n" + _LINKS,
        './."\n' + _LINKS,
        "./.  ",
    ],
)
def test_the_end_mark_ends_the_article_whatever_follows(ending: str) -> None:
    first_line = ending.partition("\n")[0]
    mark = first_line.partition(" ")[0].strip()
    assert _body(f"Tiêu đề\n{_VI}{_VI[:-1]}{ending}") == f"Tiêu đề\n{_VI}{_VI[:-1]}{mark}"


def test_an_end_mark_inside_a_line_ends_nothing() -> None:
    text = f"Kết thúc bằng dấu ./. là thông lệ của hãng tin này từ nhiều năm nay.\n{_VI}"
    assert _body(text) == text


@pytest.mark.parametrize(
    "heading",
    [
        "Tin liên quan",
        "TIN CÙNG CHUYÊN MỤC",
        ">> Xem thêm:",
        "Related",
        "## Related stories",
        "Read more:",
        "À lire aussi",
        "À LIRE AUSSI :",
        "Sur le même sujet",
        "You may also like",
    ],
)
def test_a_heading_over_links_ends_the_article(heading: str) -> None:
    assert _body(_paragraphs(_EN, _FR, heading, _LINKS)) == _paragraphs(_EN, _FR)


@pytest.mark.parametrize("heading", ["Read more", "À lire aussi :", "Tin liên quan"])
def test_a_small_link_box_between_paragraphs_does_not_end_the_article(heading: str) -> None:
    text = _paragraphs(_EN, heading, "Leeds opens a chip school", _FR, _VI)
    assert _body(text) == text


def test_a_heading_with_teasers_that_trail_off_ends_the_article() -> None:
    teaser = "The minister opened the new school on Monday and promised that more would follow..."
    assert _body(_paragraphs(_EN, "Related", "A school opens", teaser)) == _EN


@pytest.mark.parametrize(
    "footer",
    [
        "The post Three laboratories appeared first on Example News.",
        "The post Three laboratories first appeared on Example News.",
        "This article was originally published on Example.",
        "L'article Trois laboratoires est apparu en premier sur Exemple.",
        "L'article Trois laboratoires apparaît en premier sur Exemple.",
        "Bài viết Ba phòng thí nghiệm xuất hiện đầu tiên trên Ví Dụ.",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", " "], ids=["own line", "same line"])
def test_a_feed_footer_is_out(footer: str, gap: str) -> None:
    assert _body(f"{_EN}{gap}{footer}\n{_LINKS}") == _EN


def test_prose_that_looks_like_a_feed_footer_stays() -> None:
    text = f"The post of minister has been vacant since May, when the government fell.\n{_EN}"
    assert _body(text) == text


@pytest.mark.parametrize(
    "stamp", ["11:51 | 12/02/2025 Thế giới", "12/02/2025 11:51", "9h05 3/2/2025"]
)
def test_two_dated_headlines_end_the_article_before_the_first(stamp: str) -> None:
    text = f"{_VI}\nGiá vàng tăng\n{stamp}\n\nNhà đất khởi sắc\n{stamp}\nXem nữa"
    assert _body(text) == _VI


def test_the_date_line_under_the_title_ends_nothing() -> None:
    text = f"Ba phòng thí nghiệm mới\n11:51 | 12/02/2025\n{_VI}\n{_VI}"
    assert _body(text) == text


def test_a_dated_list_above_the_article_ends_nothing() -> None:
    text = f"Giá vàng tăng\n11:51 | 12/02/2025\nNhà đất\n11:52 | 12/02/2025\n{_VI}\n{_VI}\n{_VI}"
    assert _body(text).endswith(_VI)


@pytest.mark.parametrize(
    "line",
    [
        "© 2025 Example News. All rights reserved.",
        "Copyright 2025 Example",
        "Tous droits réservés",
        "Bản quyền thuộc về Báo Ví Dụ",
        "Sign up for our newsletter to get the news every morning.",
        "Inscrivez-vous à notre lettre d'information.",
        "Đăng ký nhận bản tin của chúng tôi",
        "Share this article",
        "Partager sur Facebook",
        "Chia sẻ",
        "Facebook",
        "Từ khóa: công nghệ, đầu tư",
        "Tags: chips, schools",
        "Read more: Leeds opens a chip school",
        "À lire aussi : Lyon ouvre une école",
        ">> Xem thêm: Trường mới tại Huế",
        "* * *",
    ],
)
def test_closing_lines_are_out_at_the_end_only(line: str) -> None:
    assert _body(_paragraphs(_EN, line)) == _EN
    assert _body(_paragraphs(_EN, line, "Facebook")) == _EN
    assert _body(_paragraphs(_EN, line, _FR)) == _paragraphs(_EN, line, _FR)


@pytest.mark.parametrize(
    "line",
    [
        "Copyright holders have sued the firm.",
        "Share prices rose by 5%.",
        "> We will invest.",
        "Related firms will pay $5 million.",
        "Chia sẻ công nghệ là ưu tiên của hai nước.",
    ],
)
def test_a_last_paragraph_that_starts_like_furniture_stays(line: str) -> None:
    assert _body(_paragraphs(_EN, line)).endswith(line)


@pytest.mark.parametrize("menu", ["Skip to content\nMenu", "Trang chủ > Thế giới > Âu", "Accueil"])
def test_an_unmistakable_menu_above_the_title_is_out(menu: str) -> None:
    assert _body(f"{menu}\nThe title\n{_EN}") == f"The title\n{_EN}"


def test_a_first_line_that_is_not_plainly_a_menu_stays() -> None:
    text = f"Home prices rise > again\n{_EN}"
    assert _body(text) == text


@pytest.mark.parametrize("text", ["", " \n ", "Facebook\nTwitter", "Menu\nHome", "***", "| |"])
def test_nothing_but_furniture_has_no_body(text: str) -> None:
    assert find_body(text) == (0, 0)


_ANY_LINE = st.sampled_from(
    [_VI, _FR, _EN, _LINKS, "", "  ", "Related", "Tin liên quan", "11:51 | 12/02/2025", "Menu"]
    + ["Facebook", "xong./.", "The post A appeared first on B.", "© B", "---", " Một dòng "]
)


@given(st.lists(_ANY_LINE | st.text(max_size=20), max_size=12))
def test_the_body_lies_in_the_text_and_is_trimmed(lines: list[str]) -> None:
    text = fold_text("\n".join(lines))
    start, end = find_body(text)
    assert 0 <= start <= end <= len(text)
    body = text[start:end]
    assert body == body.strip()
    assert not body or any(char.isalnum() for char in body)
    assert (start, end) == (0, 0) or start < end


@pytest.mark.parametrize(
    "text",
    [
        "The post " * 22_000,
        "L'article " * 20_000,
        "./.(" * 50_000,
        "11:51 | 12/02/2025\n" * 10_000,
        "Related\n" * 25_000,
        "theo dõi " * 22_000,
        "About Nimbus Rail\n" * 10_000,
        f"{_EN}\nContact\n" * 2_000,
        "Read also\nA school\n" * 9_000,
        f"Related\nA school\n{_EN}\n" * 2_000,
    ],
)
def test_finding_the_body_of_a_hostile_text_is_fast(text: str) -> None:
    began = time.process_time()
    find_body(text)
    assert time.process_time() - began < 2.0


_ABOUT = "Nimbus Rail has invested more than $3 billion since 1998 and employs 4,000 people."
_DEAL = "Nimbus Rail will supply 20 trains to the Vellora Transit Authority by the end of 2027."
_CAUTION = "This release contains statements under which Nimbus Rail may invest up to $500 million."


@pytest.mark.parametrize(
    "ending",
    [
        ("About Nimbus Rail", _ABOUT),
        ("**About Nimbus Rail**", _ABOUT, "###"),
        ("About Nimbus Rail", _ABOUT, "Forward-looking statements", _CAUTION),
        ("Cautionary Note Regarding Forward-Looking Statements", _CAUTION, _CAUTION),
        (
            "About the Vale Group",
            "It runs 31 yards.",
            "Media contact",
            "Ines Falk",
            "i@vale.example",
        ),
        ("Contact: press@nimbusrail.example, +1 555 0100 200",),
        ("Contact presse", "Inès Falk, directrice", "+33 1 99 00 12 34"),
        (
            "À propos du groupe Velden",
            "Il emploie 4 000 personnes.",
            "Contacts",
            "p@velden.example",
        ),
        ("Về Tập đoàn Velden", _VI, "Liên hệ báo chí: baochi@velden.example"),
        ("For more information, please contact:", "Ines Falk", "https://nimbusrail.example/press"),
        ("###", "Notes to editors", _ABOUT),
    ],
)
def test_the_last_sections_of_a_release_are_out(ending: tuple[str, ...]) -> None:
    assert _body(_paragraphs(_EN, _DEAL, *ending)) == _paragraphs(_EN, _DEAL)


@pytest.mark.parametrize(
    ("sections", "kept"),
    [
        (
            (
                "Notes to editors",
                "The fund is worth £40 million over three years.",
                "Ostrand will receive £3 million and Keelby £2.5 million.",
                "The statements can be read in the library.",
                "Applications close on 30 April 2031.",
            ),
            (1, 2, 4),
        ),
        (
            ("Contact", "p@vale.example", "Note to editors:", "The fund pays:", "- Ostrand: £3m"),
            (3, 4),
        ),
        (
            ("Notes to editors", "The fund pays £3 million.", "About Nimbus Rail", _ABOUT),
            (1,),
        ),
        (
            (
                "Pour en savoir plus",
                "Le fonds est doté de 40 millions d'euros sur trois ans.",
                "Inès Falk, +33 1 99 00 12 34.",
                "https://velden.example/fonds",
            ),
            (1,),
        ),
        (
            (
                "Để biết thêm thông tin:",
                "Quỹ có 40 tỷ đồng và nhận hồ sơ đến ngày 30/4/2031.",
                "Liên hệ báo chí: baochi@velden.example",
            ),
            (1,),
        ),
    ],
)
def test_of_the_last_sections_what_tells_of_sums_and_dates_is_kept(
    sections: tuple[str, ...], kept: tuple[int, ...]
) -> None:
    article = read_article(_paragraphs(_EN, _DEAL, *sections))
    told = [sentence.text for sentence in article.sentences]
    assert told == [_EN, _DEAL, *(sections[at] for at in kept)]


@pytest.mark.parametrize(
    "section",
    [
        ("About 200 jobs", _EN),
        ("About the new line", _EN),
        ("About Leeds", _FR),
        ("Về trường mới", _VI),
        ("Contact", _EN, _FR),
        ("Contact with the north", _EN),
        ("About Nimbus Rail", _ABOUT, _EN, _FR, _VI),
        ("Forward-looking statements", _CAUTION, "The next day", *(_EN, _FR, _VI) * 3),
    ],
)
def test_a_section_of_the_article_stays(section: tuple[str, ...]) -> None:
    text = _paragraphs(_EN, _DEAL, *section)
    assert _body(text) == text


def test_headlines_and_summaries_that_take_turns_end_the_article() -> None:
    teasers = ("A school opens", _EN, "A bridge closes", _FR)
    assert _body(_paragraphs(_DEAL, "More stories", *teasers)) == _DEAL
    text = _paragraphs(_DEAL, "Read more", "A school opens", "A bridge closes", _EN, _FR)
    assert _body(text) == text


@pytest.mark.parametrize(
    "heading", ["Comments (3)", "12 comments", "Commentaires (3)", "Bình luận (5)", "COMMENTS 2"]
)
def test_counted_comments_end_the_article_whatever_they_say(heading: str) -> None:
    assert _body(_paragraphs(_EN, _DEAL, heading, _FR, _VI)) == _paragraphs(_EN, _DEAL)


def test_comments_that_are_not_counted_may_be_part_of_the_article() -> None:
    text = _paragraphs(_EN, "3 comments on the law that the ministry made", _FR)
    assert _body(text) == text


def test_boxes_of_links_between_paragraphs_are_found() -> None:
    box = "Read also\nGovernment pledges £90m for ferries\nHarlan Steel in £2bn talks"
    text = _paragraphs(_EN, box, _FR)
    assert [text[start:end] for start, end in find_boxes(text, 0, len(text))] == [box]
    for kept in (
        _paragraphs(_EN, "Read also", _FR),
        _paragraphs(_EN, "Topics", "- ports;", "- schools.", _FR),
        _paragraphs(_EN, "Related", "A school opens"),
        _paragraphs(_EN, _FR),
    ):
        assert find_boxes(kept, 0, len(kept)) == ()


def test_what_a_box_of_links_says_is_no_sentence() -> None:
    text = _paragraphs(_EN, "Read also", "Government pledges £90m for ferries", _FR, _VI)
    sentences = [sentence.text for sentence in read_article(text).sentences]
    assert [sentence for sentence in sentences if "ferries" in sentence] == []
    assert len(sentences) == 3
