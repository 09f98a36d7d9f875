"""Every stage can be left out, and only stages that there are."""

from __future__ import annotations

import pytest

from eval.ablation import STAGES, Stage
from extractor import Extractor
from extractor.checking import STAGES as NAMES
from extractor.errors import ConfigurationError
from extractor.models import ScriptedModel
from extractor.settings import Settings


def test_the_table_tries_every_stage() -> None:
    tried = [stage.settings.get("without_stages") for stage in STAGES]
    assert [names for names in tried if names] == [(name,) for name in NAMES]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_the_settings_of_a_stage_are_settings(stage: Stage) -> None:
    settings = Settings.model_validate({**stage.settings, "finder": "rules"})
    Extractor(ScriptedModel([]), settings=settings).close()


def test_a_stage_that_there_is_not_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match="merge"):
        Extractor(ScriptedModel([]), settings=Settings(finder="rules", without_stages=("x",)))
