"""The one table from HTTP statuses to our errors, for every remote adapter.

What a server says in words is never passed on: it may quote the article, or the key.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from extractor.errors import (
    ModelError,
    ModelRateLimited,
    ModelRefusedKey,
    ModelRejected,
    ModelUnavailable,
)

_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_.]{1,60}")


def error_of_status(
    status: int, *, model: str, code: str | None = None, retry_after: str | None = None
) -> ModelError:
    """Make the error that an HTTP status stands for; `code` is the provider's own word for it."""
    word = f" ({code})" if code and _IDENTIFIER.fullmatch(code) else ""
    detail = f"{model}: the provider answered {status}{word}"
    if status in (401, 403):
        return ModelRefusedKey(detail)
    if status == 429:
        return ModelRateLimited(detail, retry_after=seconds_of(retry_after))
    if status >= 500:
        return ModelUnavailable(detail)
    return ModelRejected(detail)


def seconds_of(retry_after: str | None, *, now: datetime | None = None) -> float | None:
    """Read a Retry-After header, seconds or a date; None if it says nothing usable."""
    if not retry_after:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        seconds = _seconds_until(retry_after, now or datetime.now(UTC))
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_until(date: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
