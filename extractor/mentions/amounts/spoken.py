"""A numeral read token by token."""

from __future__ import annotations

from decimal import Decimal

from extractor.languages.amount_words import AmountWords
from extractor.mentions.amounts.tokens import Token, plain


class Numeral:
    """A numeral taken in token by token, the way it is spoken."""

    def __init__(self, spoken: AmountWords) -> None:
        self.spoken = spoken
        self.parts: list[tuple[Decimal, Decimal]] = []
        self.group: Decimal | None = None
        self.last_word = Decimal(0)
        self.multiplier = Decimal(1)
        self.trailing_scale = Decimal(1)
        self.figure = False

    @property
    def empty(self) -> bool:
        """Whether nothing was taken yet."""
        return self.group is None and not self.parts

    @property
    def value(self) -> Decimal:
        """The number so far."""
        return sum((part for part, _ in self.parts), self.group or Decimal(0))

    def take(self, token: Token, following: Token | None) -> bool:
        """Add the token if the numeral can go on with it; else leave everything as it was."""
        begins = token.kind in ("figure", "half") or (token.kind == "article" and self.empty)
        if begins:
            return self._take_start(token, following)
        if token.kind == "word" or (token.kind == "article" and self.spoken.article_is_one):
            return self._take_word(token, following)
        if token.kind == "ten":
            return self._take_ten()
        if token.kind == "hundred":
            return self._take_hundred(token)
        if token.kind == "scale":
            return self._take_scale(token)
        return token.kind == "plus_half" and self._take_half()

    def _take_start(self, token: Token, following: Token | None) -> bool:
        if token.kind == "half" and self.group == 1 and not self.parts and self.last_word == 0:
            self.group = token.value
            return True
        scaled_next = following is not None and following.kind in ("scale", "hundred")
        if self.group is not None or (self.parts and not (token.kind == "figure" and scaled_next)):
            return False
        self.group, self.trailing_scale = token.value, Decimal(1)
        self.figure = token.kind == "figure"
        self.last_word, self.multiplier = Decimal(0), Decimal(1)
        return True

    def _take_word(self, token: Token, following: Token | None) -> bool:
        value = token.value
        goes_on = following is not None and following.kind in ("ten", "hundred", "scale")
        year = self.spoken.year_word
        if year and token.text == year.word and not self.empty and not goes_on:
            return False
        if self.group is None:
            if self.parts and not goes_on:
                small = self.parts[-1][1] == 1000 and self.spoken.rest_after_thousands
                if not small and (following is None or following.kind != "word"):
                    return False
            self.group = value
        elif self._fits(value):
            self.group += value
        else:
            return False
        self.figure = False
        self.last_word, self.trailing_scale = value, Decimal(1)
        return True

    def _fits(self, value: Decimal) -> bool:
        spoken = not self.figure and (self.last_word > 0 or self.multiplier > 1)
        group = self.group or Decimal(0)
        if not spoken:
            return False
        if group % 100 == 0:
            return value < 100
        if group % 100 in self.spoken.twenties:
            return value < 20
        return group % 10 == 0 and value < 10

    def _take_ten(self) -> bool:
        if self.group is None or self.figure or not 2 <= self.last_word <= 9:
            return False
        self.group += self.last_word * 9
        self.last_word = Decimal(10)
        return True

    def _take_hundred(self, token: Token) -> bool:
        if self.group is None and token.text not in self.spoken.standing_alone:
            return False
        if self.group is not None and self.group >= 20 and not self.figure:
            return False
        self.group = plain((self.group or Decimal(1)) * token.value)
        self.multiplier, self.figure = token.value, False
        return True

    def _take_scale(self, token: Token) -> bool:
        scale = token.value
        if self.group is None:
            if not self.parts:
                if token.text not in self.spoken.standing_alone:
                    return False
                self.parts.append((scale, scale))
                self.trailing_scale = scale
                return True
            if self.trailing_scale == 1 or self.parts[-1][1] >= scale:
                return False
        elif any(1000 < below <= scale or below == scale for _, below in self.parts):
            return False
        total = self.group or Decimal(0)
        while self.parts and self.parts[-1][1] < scale:
            total += self.parts.pop()[0]
        self.parts.append((total * scale, scale))
        self.group, self.figure = None, False
        self.trailing_scale *= scale
        return True

    def _take_half(self) -> bool:
        if self.group is not None:
            self.group += self.multiplier / 2
        elif self.parts:
            value, scale = self.parts[-1]
            self.parts[-1] = (value + scale / 2, scale)
        else:
            return False
        return True
