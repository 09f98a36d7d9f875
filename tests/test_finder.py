"""Which sentences are worth a question, in three languages."""

from __future__ import annotations

import pytest

from extractor.article import read_article
from extractor.finder import candidates
from extractor.mentions import find_mentions
from extractor.records import Language, RecordType


def found(text: str, language: Language, record_type: RecordType) -> list[int]:
    article = read_article(text, language=language)
    mentions = {s.id: find_mentions(s.text, language, None) for s in article.sentences}
    return [sentence.id for sentence in candidates(article, mentions, record_type)]


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
