"""Settings from the environment, with an error that names the variable at fault."""

from __future__ import annotations

from pydantic import ValidationError

from extractor.errors import ConfigurationError
from extractor.settings import Settings


def load_settings() -> Settings:
    """The settings of this process; raises `ConfigurationError` without repeating any value."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{_variable(fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False, include_context=False)
        )
    raise ConfigurationError(f"The settings are wrong: {faults}.")


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else "EXTRACTOR_*"
    # A field with an alias is reported by its alias, which is the whole name of its variable.
    return f"EXTRACTOR_{name.upper()}" if name in Settings.model_fields else name
