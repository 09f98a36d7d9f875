"""Addressing: words in an article that speak to the program that reads it, not to its readers.

They are no news, so they become no sentence: nothing can be asked about them and nothing cited from
them. Comments of HTML count whole. Elsewhere it takes both parts of such a sentence: a call on a
machine, and an order that only a machine could follow.
"""

from __future__ import annotations

import re
from typing import Final

_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MACHINE: Final = re.compile(
    r"""(?ix) \b (?:
    (?: automated | automatic | machine ) \s+ (?: readers? | systems? | tools? )
    | (?: language | ai ) \s+ (?: models? | assistants? | agents? | readers? | systems? )
    | llms? | chatbots? | (?: system | previous | prior | above ) \s+ (?: prompt | instructions? )
    | mod[eè]les? (?: \s+ de \s+ langage )? \s+ (?: qui | d['e] )
    | (?: lecteurs? | systèmes? | outils? ) \s+ automati\w+ | assistants? \s+ (?: ia | virtuels? )
    | logiciels? \s+ (?: qui | de \s+ lecture )
    | phần \s+ mềm \s+ đọc | mô \s+ hình \s+ (?: ngôn \s+ ngữ | ai )
    | trợ \s+ lý \s+ (?: ai | ảo ) | hệ \s+ thống \s+ (?: ai | tự \s+ động ) | máy \s+ đọc
    ) \b"""
)
_ORDER: Final = re.compile(
    r"""(?ix) \b (?:
    (?: ignore | disregard | forget | override ) \s+ (?: all | any | the | your | every | previous )
    | (?: list | record | report | output | answer | reply | return | write | add | mark )
      \s+ (?: as \s+ fact | only | that | exactly | the \s+ following | everything )
    | you \s+ (?: are | must | should | will ) \s+ (?: now | always | instead | not )
    | instructions? \s+ (?: to | for ) | reveal | pretend
    | (?: ignore[zr]? | oublie[zr]? ) \s+ (?: les | la | le | tes | vos | tout\w* )
    | (?: inscri[st] | inscrive[zr] | note[zr]? | ajoute[zr]? | réponde?[zs] ) \b
    | consignes? \s+ (?: au | aux | à | pour )
    | (?: hãy \s+ )? bỏ \s+ qua \s+ (?: các | mọi | tất | những )
    | (?: ghi | thêm | trả \s+ lời | đánh \s+ dấu ) \s+ (?: thêm | rằng | là | mọi )
    | lưu \s+ ý \s+ cho | chỉ \s+ dẫn \s+ cho
    ) """
)


def find_comments(text: str) -> tuple[tuple[int, int], ...]:
    """The comments of HTML in a folded text; an open one reaches to its end."""
    return tuple(match.span() for match in _COMMENT.finditer(text))


def addresses_a_machine(sentence: str) -> bool:
    """Whether a folded sentence gives orders to the program that reads it."""
    return bool(_MACHINE.search(sentence) and _ORDER.search(sentence))
