"""Amounts: numbers as words and digits, and the money and counts made of them."""
