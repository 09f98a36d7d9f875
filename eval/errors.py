"""The one error tree of the harness.

EvaluationError
├── GoldError           gold labels cannot be used
├── RulesError          the table of weights and thresholds cannot be used
├── ScoringError        nothing can be scored, or what is given does not belong together
├── DatasetError        articles and labels do not fit together, or there are none
├── PredictionError     a prediction is no extraction, or that of another text
├── RunError            a run or a recording cannot be used, or was made under other conditions
└── SystemUnavailable   a system or model that was asked for cannot be opened here
"""

from __future__ import annotations

from typing import ClassVar


class EvaluationError(Exception):
    """Base of every error the harness raises on purpose; `str(error)` is fit to show a user.

    None of them passes by itself: the message says what to change. `exit_code` is 3 where what was
    given cannot be compared or scored, 2 where the command was wrong.
    """

    exit_code: ClassVar[int] = 3


class GoldError(EvaluationError):
    """Gold labels cannot be used; the message names the file, the article in it and every fault."""


class RulesError(EvaluationError):
    """The table of weights and thresholds cannot be used; the message says why."""


class ScoringError(EvaluationError):
    """Nothing can be scored; the message says why."""


class DatasetError(EvaluationError):
    """Articles and labels do not fit together, or there are none."""


class PredictionError(EvaluationError):
    """A prediction is no extraction, or that of another text."""


class RunError(EvaluationError):
    """A run or a recording cannot be used, or was made under other conditions."""


class SystemUnavailable(EvaluationError):
    """A system or model that was asked for cannot be opened here."""

    exit_code: ClassVar[int] = 2
