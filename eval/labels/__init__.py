"""Labelled articles: the format of the gold, and corpora of it."""
