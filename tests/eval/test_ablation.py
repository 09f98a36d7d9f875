"""Stages can be put out of action one at a time, and come back."""

from __future__ import annotations

import importlib

import pytest

from eval.ablation import STAGES, Stage, out_of_action


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_stage_names_what_the_pipeline_has_and_is_put_back(stage: Stage) -> None:
    before = [_named(name) for name in stage.stand_ins]
    with out_of_action(stage):
        assert [_named(name) for name in stage.stand_ins] == list(stage.stand_ins.values())
    assert [_named(name) for name in stage.stand_ins] == before


def test_a_stage_comes_back_after_a_failure() -> None:
    stage = STAGES[0]
    before = [_named(name) for name in stage.stand_ins]
    with pytest.raises(RuntimeError), out_of_action(stage):
        raise RuntimeError
    assert [_named(name) for name in stage.stand_ins] == before


def _named(name: str) -> object:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(f"extractor.{module}"), attribute)
