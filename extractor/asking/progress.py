"""Progress: how much of an article's questions is done, weighed by what each takes.

The first question about an article has the model read it, the later ones find it read: counted
alike, they would promise a wrong time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple, TypeAlias

from extractor.prompting import Prompt
from extractor.prompting.passages import Passage

_WRITTEN: Final = 80
"""Characters of a reply for each sentence that is asked about, as our corpus has them."""
_WRITING: Final = 4.0
"""How much longer a model takes to write than to read, on the processors it is run on here."""


class Progress(NamedTuple):
    """How far the questions about an article are."""

    answered: int
    questions: int
    share: float
    """Of all that is to be read and written, 0 to 1."""


OnProgress: TypeAlias = Callable[[Progress], None]


def progress_of(questions: Sequence[tuple[Prompt, Passage]]) -> list[Progress]:
    """Where it stands before the first question, after each of them, and so at the end."""
    done = list(accumulate(_work(questions), initial=0.0))
    return [
        Progress(answered, len(questions), part / (done[-1] or 1.0))
        for answered, part in enumerate(done)
    ]


def _work(questions: Sequence[tuple[Prompt, Passage]]) -> Iterator[float]:
    """What each question takes, in characters to be read."""
    before = ""
    for prompt, passage in questions:
        shown = "\n".join(turn.content for turn in prompt.messages(passage))
        known = len(os.path.commonprefix([before, shown]))
        yield len(shown) - known + _WRITING * _WRITTEN * len(passage.numbers)
        before = shown
