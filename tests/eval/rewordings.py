"""Two changes of the prompts: one that harms, one that should not.

The replies to both were recorded with the default model on the passages of `PASSAGES`, in
`tests/eval/recordings`. To record them again:

    python -m tests.eval.rewordings FOLDER
    EXTRACTOR_PROMPTS_DIR=FOLDER/harmful extractor-eval run --model MODEL \
      --gold FOLDER/challenge --record tests/eval/recordings/harmful --out runs/harmful
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.eval.runs import some_of, write_pairs

ROOT: Final = Path(__file__).parent.parent.parent
# Every phenomenon once, in turn in another language.
PASSAGES: Final = (
    "en-01-money-notation",
    "fr-02-count-notation",
    "vi-03-range",
    "en-04-each",
    "fr-05-per-year",
    "vi-06-umbrella-and-part",
    "en-07-bracketed-conversion",
    "fr-08-negotiation",
    "vi-09-rumour",
    "en-10-negation",
    "fr-11-denial",
    "vi-12-cancelled",
    "en-13-past",
    "fr-14-completed",
    "vi-15-reported-speech",
    "en-16-passive-without-agent",
    "fr-17-pronoun-subject",
    "vi-18-two-commitments-one-sentence",
    "en-19-one-commitment-two-sentences",
    "fr-20-commitment-without-money",
    "vi-21-policy-act-without-money",
    "en-22-agreement",
    "fr-23-draft-law",
    "vi-24-law-in-force",
    "en-25-export-control",
    "fr-26-deadline-form",
    "vi-27-fiscal-year",
    "en-28-relative-date",
    "fr-29-statistics-nothing",
    "vi-30-forecast-nothing",
    "en-31-opinion-or-product-nothing",
    "fr-32-furniture-nothing",
    "vi-33-hidden-instruction",
    "en-34-money-notation",
)


def _harmful(prompt: str) -> str:
    """Examples in which there is nothing to find teach a small model to find nothing."""
    return _replaced(
        prompt, "[vi-clinic, fr-nothing, en-two, fr-talks, vi-nothing]", "[fr-nothing, vi-nothing]"
    )


def _reworded(prompt: str) -> str:
    return _replaced(
        prompt, "One record for each giver and resource.", "Give each giver and resource a record."
    )


REWORDINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "harmful": _harmful,
    "reworded": _reworded,
}


def write_prompts(name: str, folder: Path) -> Path:
    """The prompts with one of the changes."""
    shutil.copytree(ROOT / "prompts", folder)
    file = folder / "commitments.md"
    changed = REWORDINGS[name](file.read_text(encoding="utf-8"))
    file.write_text(changed, encoding="utf-8")
    return folder


def write_passages(folder: Path) -> Path:
    """The passages with their labels."""
    return write_pairs(folder, some_of(ROOT / "gold" / "challenge", *PASSAGES))


def _replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in the prompt"
    return text.replace(old, new)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    for rewording in REWORDINGS:
        write_prompts(rewording, target / rewording)
    write_passages(target / "challenge")
