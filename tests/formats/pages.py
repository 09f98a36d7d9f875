"""Pages, made by hand, in three languages."""

from __future__ import annotations

from typing import Final

WORDS: Final = {
    "en": (
        "Port buys tugs",
        "Kestrel Lines will buy six electric tugs for 90 million euros, the company said.",
        "The port authority of Merrowick has approved the purchase and will build the chargers.",
    ),
    "fr": (
        "Le port achète des remorqueurs",
        "La compagnie Kestrel achètera six remorqueurs électriques pour 90 millions d’euros.",
        "L’autorité portuaire de Merrowick a approuvé l’achat et construira les bornes.",
    ),
    "vi": (
        "Cảng mua tàu kéo",
        "Công ty Ánh Dương sẽ mua sáu tàu kéo điện trị giá 90 triệu euro, công ty cho biết.",
        "Cơ quan quản lý cảng đã phê duyệt việc mua tàu và sẽ xây dựng các trạm sạc mới.",
    ),
}
ADDRESS: Final = "https://news.example/tugs"


def page(language: str = "en", *, inside: str = "", head: str = "", charset: str = "utf-8") -> str:
    """A page with furniture around an article; `inside` stands between its paragraphs."""
    title, first, second = WORDS[language]
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="{charset}">'
        f'<title>{title} - The Site</title><link rel="canonical" href="{ADDRESS}">{head}</head>'
        '<body><header><nav><a href="/">Home</a> <a href="/ships">Ships</a></nav></header>'
        f"<article><h1>{title}</h1><p>{first}</p>{inside}<p>{second}</p></article>"
        "<footer>© 2024 The Site. <a href='/terms'>Terms</a></footer></body></html>"
    )


def dated(day: str = "2024-04-11") -> str:
    return f'<meta property="article:published_time" content="{day}T08:00:00Z">'
