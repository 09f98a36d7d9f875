"""Locales: what CLDR has for a code; who asks for one loads babel."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from babel import Locale

UNKNOWN: Final = "und"
"""The code of a text in a language that nobody knows: of its words none can be read."""


def cldr_code(code: str) -> str:
    """The code under which CLDR has a language, `und` if it has none.

    Older and longer codes are those of today: "iw" is Hebrew, "deu" German.
    """
    from babel.core import get_global

    today = str(get_global("language_aliases").get(code, code)).partition("_")[0]
    return today if today in _known() else UNKNOWN


def locale_of(code: str) -> Locale:
    """What CLDR has for a code that `cldr_code` gives; for `und` what no language changes."""
    from babel import Locale

    return Locale("root" if code == UNKNOWN else code)


def known_codes() -> tuple[str, ...]:
    """The languages that CLDR has, in order."""
    return tuple(sorted(_known()))


@cache
def _known() -> frozenset[str]:
    from babel.localedata import locale_identifiers

    return frozenset(name for name in locale_identifiers() if "_" not in name and name != "root")
