"""What each language tells of text, cues and names; what one lacks is declared here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

import extractor
from extractor import records
from extractor.article import body, captions, notation
from extractor.article.order_signs import order_signs
from extractor.languages import LANGUAGES, find_language, language_of, rules_of
from extractor.languages.addressing_words import AddressingWords
from extractor.languages.cue_lists import CueLists
from extractor.languages.cues import Cue, cue_spans, has_cue
from extractor.languages.furniture_marks import FurnitureMarks
from extractor.languages.part import Part
from extractor.languages.patterns import any_of
from extractor.languages.text_words import TextWords
from extractor.records import Language as Code

PARTS: dict[str, type[Part]] = {
    "text": TextWords,
    "furniture": FurnitureMarks,
    "addressing": AddressingWords,
    "cues": CueLists,
}
# Optional keys that a file leaves out, for the language has no such words or none were collected.
LACKING: dict[tuple[Code, str], set[str]] = {
    ("vi", "text"): {"before_figures", "ambiguous", "company_forms", "own_texts_only"},
    ("vi", "furniture"): {"notes", "rights", "credit_after", "credit_lines"},
    ("vi", "addressing"): {"shouted_labels", "meant_for", "label_words"},
    ("vi", "cues"): {"hanging", "locative_of_receivers"},
    ("fr", "text"): {"company_forms", "plain_letters", "own_letters", "own_texts_only"},
    ("fr", "furniture"): {"copyright", "photo_after", "credit_after", "credit_lines"},
    ("fr", "addressing"): {"shouted_labels", "asking"},
    ("fr", "cues"): {"hanging"},
    ("en", "text"): {"plain_letters", "own_letters", "own_texts_only"},
    ("en", "furniture"): {"photo_before", "illustrative"},
    ("en", "addressing"): {"asking"},
    ("en", "cues"): {"locative_of_receivers"},
    ("id", "text"): {"plain_letters", "own_letters"},
    ("id", "furniture"): {"credit_after", "notes"},
    ("id", "addressing"): {"more", "shouted_labels", "meant_for", "turn_ends"},
    ("id", "cues"): {"hanging", "locative_of_receivers"},
}


def required(form: type[Part]) -> set[str]:
    return {name for name, field in form.model_fields.items() if field.is_required()}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_every_required_key_and_lacks_what_is_declared(
    code: Code, part: str
) -> None:
    told = getattr(language_of(code), part)
    assert required(PARTS[part]) <= told.model_fields_set
    assert set(PARTS[part].model_fields) - told.model_fields_set == LACKING[code, part]


@pytest.mark.parametrize("part", PARTS)
def test_a_misspelt_key_and_a_missing_one_are_errors(part: str) -> None:
    least: dict[str, object] = {
        name: {} if name == "shared" else [] for name in required(PARTS[part])
    }
    PARTS[part].model_validate(least)
    with pytest.raises(ValidationError, match="extra_forbidden"):
        PARTS[part].model_validate({**least, "misspelt": []})
    for name in least:
        with pytest.raises(ValidationError, match="missing"):
            PARTS[part].model_validate({key: least[key] for key in least if key != name})


def test_every_cue_has_a_list_and_every_list_is_a_cue() -> None:
    assert set(get_args(Cue)) == required(CueLists)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_cue_is_found_by_each_of_its_phrases(code: Code) -> None:
    for cue in get_args(Cue):
        phrases: tuple[str, ...] = getattr(language_of(code).cues, cue)
        assert phrases, f"{code} has no word for {cue}"
        for phrase in phrases:
            text = re.sub(r"^\*|\*$", "x", phrase.removeprefix("="))
            said = f"Do{text}" if phrase in language_of(code).cues.hanging else f"Say {text} there."
            assert has_cue(cue, said, code), f"{code}, {cue}: {phrase}"


def test_a_phrase_that_hangs_on_a_word_needs_no_boundary_before_it() -> None:
    assert cue_spans("negation", "They don't pay.", "en") == ((7, 10),)
    assert not has_cue("negation", "They donate.", "en")


def test_the_patterns_of_all_languages_compile() -> None:
    order_signs()
    assert captions.is_caption("Photo: Reuters")
    assert body.find_body("home") == (0, 0)
    assert notation.find_notation("### Instructions:\nx")


def test_a_pattern_that_no_language_has_matches_nothing() -> None:
    assert not re.search(any_of(()), "")
    assert re.fullmatch(any_of(["a", "b|c", "a"]), "c")


def test_the_languages_are_those_of_the_contract_and_no_other_has_a_folder() -> None:
    assert set(LANGUAGES) == set(get_args(records.Language))
    assert [rules_of(code) for code in LANGUAGES] == [*LANGUAGES]
    assert find_language("de") is None
    assert find_language("vi") is language_of("vi")


@pytest.mark.parametrize("room", ["article", "checking", "selection", "prompting", "kinds"])
def test_no_engine_asks_which_language_it_is(room: str) -> None:
    folder = Path(extractor.__file__).parent / room
    for file in sorted(folder.rglob("*.py")):
        # "id" is a field's name as well.
        codes = set(LANGUAGES) - {"id"}
        asked = set(_compared(ast.parse(file.read_text(encoding="utf-8")))) & codes
        assert not asked, f"{file.name} compares with {asked}"


def _compared(tree: ast.AST) -> Iterator[str]:
    """Texts that something is compared or matched with, or that are looked up."""
    for node in ast.walk(tree):
        inside: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            inside = [node.left, *node.comparators]
        elif isinstance(node, ast.MatchValue):
            inside = [node.value]
        elif isinstance(node, ast.Dict):
            inside = [key for key in node.keys if key is not None]
        for part in inside:
            for leaf in ast.walk(part):
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                    yield leaf.value
