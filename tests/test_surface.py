"""What `from extractor import …` offers."""

from __future__ import annotations

import extractor
from extractor import errors


def test_every_public_name_is_there_and_nothing_is_offered_twice() -> None:
    assert len(set(extractor.__all__)) == len(extractor.__all__)
    for name in extractor.__all__:
        assert getattr(extractor, name) is not None
    assert dir(extractor) == sorted(extractor.__all__)


def test_whatever_is_raised_on_purpose_is_caught_by_a_public_name() -> None:
    """Each branch of the tree, but for what only the service answers its callers."""
    of_the_service = {"AccessRefused", "TooManyRequests", "ServiceBusy", "Abandoned"}
    branches = {each.__name__ for each in errors.ExtractorError.__subclasses__()}
    assert branches - of_the_service <= set(extractor.__all__)


def test_what_is_not_public_is_said_to_be_missing() -> None:
    assert not hasattr(extractor, "read_article")
