"""The body: which stretch of a page's text is the article and not page furniture.

Text taken from web pages carries menus, link lists, share buttons and feed footers, some of which
state real facts about other stories. Three things end an article: the mark that news agencies
print at the end of their copy, the footer that blogs add to their feed, and a link list. The first
two are unmistakable wherever they stand. A link list is believed only if headlines outweigh prose
in what follows, because many sites put a small list between two paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

_END_MARK: Final = re.compile(r"\./\.[\"')\]]*(?=\s*(?:\([^()]{0,60}\)\s*)?$)")

_FEED_FOOTER: Final = re.compile(
    r"(?:^|(?<=[.!?\"')] ))(?:"
    r"The post .{1,300}? (?:first appeared|appeared first) on .{1,100}"
    r"|This (?:article|story|post) (?:was )?(?:originally|first) (?:appeared|published) .{1,100}"
    r"|(?:L'article|Cet article) .{0,300}?(?:est apparu|apparaît|a été publié)"
    r" (?:en premier|d'abord|initialement|pour la première fois) (?:sur|dans) .{1,100}"
    r"|Bài viết .{1,300}? (?:xuất hiện|được đăng) (?:lần )?đầu tiên (?:trên|tại|ở) .{1,100}"
    r")$"
)


def _phrases(lines: str) -> frozenset[str]:
    return frozenset(phrase.strip() for line in lines.splitlines() for phrase in line.split(";"))


_LIST_HEADINGS: Final = _phrases(
    """tin liên quan; tin cùng chuyên mục; tin bài liên quan; bài liên quan; bài viết liên quan
    tin cùng chủ đề; cùng chuyên mục; cùng chủ đề; tin khác; các tin khác; tin mới; tin mới nhất
    tin nổi bật; tin đọc nhiều; đọc nhiều; đọc nhiều nhất; xem nhiều; xem nhiều nhất; xem thêm
    đọc thêm; mời xem thêm; tin tức liên quan; có thể bạn quan tâm; bạn có thể quan tâm
    vấn đề bạn quan tâm; bình luận; chia sẻ; từ khóa; từ khoá
    related; related articles; related stories; related news; related posts; related topics
    related content; related coverage; read more; read next; read also; also read; see also
    more stories; more news; more on this story; more on this topic; most read; most popular
    trending; trending now; recommended; recommended for you; recommended stories; up next
    recommended reading; you may also like; you might also like; latest news; comments
    share this article; share this story; tags; topics
    à lire aussi; lire aussi; à lire également; lire également; à lire; sur le même sujet
    sur le même thème; dans la même rubrique; articles liés; articles similaires; articles connexes
    voir aussi; voir également; à voir aussi; les plus lus; les articles les plus lus
    les plus consultés; derniers articles; nos derniers articles; dernières actualités
    vous aimerez aussi; vous pourriez aussi aimer; ces articles peuvent vous intéresser
    pour aller plus loin; commentaires; partager cet article; mots-clés; mots clés"""
)

_MENU: Final = _phrases(
    """trang chủ; đăng nhập; đăng ký; tìm kiếm; menu; danh mục
    home; skip to content; skip to main content; sign in; log in; search; subscribe; navigation
    accueil; aller au contenu; aller au contenu principal; se connecter; connexion; rechercher"""
)
_BREADCRUMB: Final = re.compile(r"(?i)(?:trang chủ|home|accueil)(?: ?[>/|] ?[^>/|.]{1,40}){1,5}")

_STAMP: Final = re.compile(
    r"(?:\d{1,2}[:h]\d{2} ?[|,-]? ?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{4} ?[|,-]? ?\d{1,2}[:h]\d{2})\b.{0,60}"
)
_MOST_LINES_BETWEEN_STAMPS: Final = 3

# Lines that are furniture only where nothing but furniture follows.
_CLOSING: Final = re.compile(
    r"""(?ix)
    (?: © | \(c\)\ ?\d{4} | copyright\ ?(?:©|\(c\)|\d{4}) | bản\ quyền\ (?:©|thuộc) ) .{0,200}
    | .{0,100} \b (?: all\ rights\ reserved | tous\ droits\ réservés ) \b .{0,60}
    | (?: >>+ | (?: mời\ )? (?:xem|đọc) \ thêm\ ?[:|] | tin\ liên\ quan\ ?[:|]
        | (?:read\ (?:more|also|next)|also\ read|see\ also|related)\ ?[:|]
        | (?:à\ )? (?:lire|voir) \ (?:aussi|également) \ ?[:|] ) .{0,250}
    | (?: từ\ kh(?:óa|oá) | chủ\ đề | tags? | keywords | topics | mots[ -]clés ) \ ?: .{0,250}
    | (?: sign\ up\ (?:for|to) | subscribe\ (?:to|now|for|here) | follow\ us
        | join\ our\ (?:newsletter|channel|telegram) | get\ (?:the\ latest|our)\ .{0,80}inbox
        | inscrivez-vous\ à | abonnez-vous | suivez-nous | recevez\ (?:notre|nos|la)\ .{0,40}lettre
        | đăng\ ký\ (?:nhận|theo\ dõi) | theo\ dõi\ .{0,60}\ trên\ (?:google|facebook|zalo)
      ) .{0,200}
    | (?: share (?:\ this(?:\ (?:article|story|post))? | \ (?:on|via)\ \w+)?
        | partager (?:\ (?:cet\ article|sur\ \w+))? | chia\ sẻ (?:\ (?:bài\ viết|lên|qua)\ ?\w*)?
        | facebook | twitter | linkedin | whatsapp | telegram | zalo | messenger | pinterest
        | e-?mail | print | imprimer | in\ bài | copy\ link | copier\ le\ lien
        | sao\ chép\ (?:link|liên\ kết) | newsletter | quay\ lại | back\ to\ top
      ) [ :|]*
    | [^\w]{1,80}
    """
)

# Headlines may end in ! or ?, and teasers in an ellipsis; only prose ends in one full stop.
_SHORTEST_PARAGRAPH: Final = 40
_PROSE_END: Final = re.compile(r"(?<!\.\.)\.[\"')\]]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, without the white space around it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def phrase(self) -> str:
        """The words of a heading, without bullets, colons and capitals."""
        return self.text.strip(" #*>|-:.»").casefold()

    @property
    def is_prose(self) -> bool:
        return len(self.text) >= _SHORTEST_PARAGRAPH and bool(_PROSE_END.search(self.text))


def find_body(text: str) -> tuple[int, int]:
    """Start and end of the article in folded text, trimmed; (0, 0) if there is no article.

    The first end mark at the end of a line ends the article even if prose follows: whoever prints
    it means that the copy is over, so what follows is another story.
    """
    lines = _without_menu(_lines(text))
    lines = _up_to_closing_words(lines)
    lines = lines[: _link_list(lines)]
    while lines and _CLOSING.fullmatch(lines[-1].text):
        lines = lines[:-1]
    if not any(char.isalnum() for line in lines for char in line.text):
        return 0, 0
    return lines[0].start, lines[-1].end


def _lines(text: str) -> list[_Line]:
    lines = []
    start = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            lines.append(_Line(start + len(raw) - len(raw.lstrip()), stripped))
        start += len(raw) + 1
    return lines


def _without_menu(lines: list[_Line]) -> list[_Line]:
    for index, line in enumerate(lines):
        if line.phrase not in _MENU and not _BREADCRUMB.fullmatch(line.text):
            return lines[index:]
    return []


def _up_to_closing_words(lines: list[_Line]) -> list[_Line]:
    """The lines up to the end mark, which is kept, or the feed footer, which is not."""
    for index, line in enumerate(lines):
        if mark := _END_MARK.search(line.text):
            return [*lines[:index], _Line(line.start, line.text[: mark.end()])]
        if footer := _FEED_FOOTER.search(line.text):
            before = line.text[: footer.start()].rstrip()
            return [*lines[:index], *([_Line(line.start, before)] if before else [])]
    return lines


def _link_list(lines: Sequence[_Line]) -> int:
    """Index of the line with which a closing link list begins; the number of lines if none."""
    weights = (len(line.text) if line.is_prose else -len(line.text) for line in reversed(lines))
    prose_surplus = list(accumulate(weights, initial=0))[::-1]
    dated = _dated_lists(lines)
    for index, line in enumerate(lines):
        if prose_surplus[index] < 0 and (index in dated or line.phrase in _LIST_HEADINGS):
            return index
    return len(lines)


def _dated_lists(lines: Sequence[_Line]) -> set[int]:
    """First lines of runs of two or more headlines that each carry a time and a date."""
    begins = set()
    first = previous = -1
    for index, line in enumerate(lines):
        if line.is_prose:
            first = previous = -1
        elif _STAMP.fullmatch(line.text):
            near = previous >= 0 and index - previous <= _MOST_LINES_BETWEEN_STAMPS + 1
            if near:
                begins.add(first)
            else:
                has_headline = index > 0 and not lines[index - 1].is_prose
                first = index - 1 if has_headline else index
            previous = index
    return begins
