"""A real model in a file of the user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractor import Extractor
from extractor.errors import WeightsCorrupt
from extractor.models import Message, ModelRequest, open_model
from extractor.models.catalogue import load_catalogue
from extractor.models.local_files import find_local_file
from extractor.settings import Settings
from tests.models.gguf_files import write_gguf

pytestmark = [pytest.mark.embedded, pytest.mark.xdist_group("embedded")]

_SETTINGS = Settings(context_tokens=4096, max_tokens=160, timeout_seconds=120)
_REQUEST = ModelRequest(
    messages=(Message("system", "Answer in JSON."), Message("user", "[1] Ana lends Bo 5 euros.")),
    json_schema={
        "type": "object",
        "properties": {"kind": {"enum": ["loan", "grant"]}},
        "required": ["kind"],
        "additionalProperties": False,
    },
    schema_name="draft",
    max_tokens=40,
    timeout_seconds=60.0,
)


@pytest.fixture
def own(embedded_weights: Path, tmp_path: Path) -> Path:
    file = tmp_path / "own.gguf"
    file.symlink_to(embedded_weights)
    return file


def test_a_model_in_a_file_of_the_users_own_replies(own: Path) -> None:
    model = open_model(str(own), _SETTINGS)
    assert json.loads(model.complete(_REQUEST).text)["kind"] in ("loan", "grant")
    model.close()


def test_a_real_file_tells_the_context_it_was_trained_for(own: Path) -> None:
    assert find_local_file(str(own), 1).context_tokens == 8192


def test_results_name_the_file_and_its_digest_and_not_its_folder(own: Path) -> None:
    with Extractor(str(own), settings=_SETTINGS) as extractor:
        result = extractor.extract("Alderon will give $40 million to Briar.")
    assert result.usage.calls >= 1
    stamp = result.provenance
    official = load_catalogue().get("smollm2-135m").sha256
    assert (stamp.model, stamp.model_digest) == ("own.gguf", official)
    assert (stamp.strategy, stamp.policy) == ("passage", "told")
    assert str(own.parent) not in result.model_dump_json()


def test_a_file_that_llama_cpp_cannot_load_is_told_with_what_to_do(tmp_path: Path) -> None:
    model = open_model(str(write_gguf(tmp_path / "empty.gguf")), _SETTINGS)
    with pytest.raises(WeightsCorrupt, match=r"empty\.gguf") as caught:
        model.complete(_REQUEST)
    assert "pull" not in caught.value.advice
