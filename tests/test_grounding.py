"""No value survives evidence that does not bear it; typography alone changes nothing."""

from __future__ import annotations

import unicodedata
from collections import Counter
from itertools import cycle

import pytest
from extractor.building import build, quote
from extractor.completing import CompleteCommitment
from extractor.grounding import check
from extractor.refusing import keep_supported

from extractor.article import Article, read_article
from extractor.drafts import Offers
from extractor.passages import offer_mentions
from extractor.records import Commitment
from tests.corruptions import TYPOGRAPHY, Corruption, Pledge, pledges

LOST: dict[Corruption, tuple[str, ...]] = {
    "number": ("amount",),
    "scale": ("amount",),
    "currency": ("amount",),
    "negation": ("record",),
    "hedge": ("certainty",),
    "actor": ("actors[0]",),
    "roles": ("actors[0]",),
    "count": ("quantity",),
    "deadline": ("deadline",),
    "withdrawn": ("status",),
}


def article_of(pledge: Pledge, typography: str = "as is") -> Article:
    # The giver is known from an earlier sentence too, so that only the cited one can refuse it.
    text = f"{pledge.giver}.\n{pledge.render()}"
    return read_article(TYPOGRAPHY[typography](text), language=pledge.language)


def record_of(pledge: Pledge, article: Article) -> Commitment:
    sentence = article.sentences[1]
    offers: Offers = offer_mentions([sentence], article.mentions)
    assert [len(offers.money), len(offers.counts), len(offers.dates)] == [1, 1, 1], offers
    draft = CompleteCommitment(
        sentence=2,
        what=pledge.count,
        who=[pledge.giver],
        to=[pledge.receiver],
        kind="funding",
        money="m1",
        count="n1",
        dates=["d1"],
        status="announced",
        announced_by=None,
        place=None,
    )
    record = build(draft, offers, article)
    assert isinstance(record, Commitment)
    return record


def moved_to(record: Commitment, article: Article) -> Commitment:
    """The same record, said to rest on the same sentence of another article."""
    return record.model_copy(update={"evidence": [quote(article, article.sentences[1])]})


def unsupported(record: Commitment, article: Article) -> set[str]:
    return {f.field for f in check(record, article) if f.verdict == "unsupported"}


def test_a_true_record_is_borne_however_the_article_is_typed() -> None:
    for (clean, _), typography in zip(pledges(), cycle(TYPOGRAPHY), strict=False):
        article = article_of(clean, typography)
        record = record_of(clean, article)
        assert not unsupported(record, article), (clean.render(), typography)
        kept = keep_supported(record, article)
        assert kept.record is not None
        assert kept.rejected == ()


def test_every_corruption_of_the_evidence_is_refused_in_three_languages() -> None:
    refused: Counter[str] = Counter()
    escaped: list[str] = []
    for (clean, twins), typography in zip(pledges(), cycle(TYPOGRAPHY), strict=False):
        record = record_of(clean, article_of(clean, typography))
        for corruption, twin in twins.items():
            article = article_of(twin, typography)
            lost = unsupported(moved_to(record, article), article)
            if lost.issuperset(LOST[corruption]):
                refused[f"{clean.language} {corruption} {typography}"] += 1
            else:
                escaped.append(f"{corruption}, {typography}: {twin.render()} lost only {lost}")
    assert not escaped, "\n".join(escaped[:20])
    assert sum(refused.values()) >= 500
    assert len(refused) == 3 * len(LOST) * len(TYPOGRAPHY)


def test_a_dropped_hedge_is_refused() -> None:
    for clean, twins in pledges():
        hedged = article_of(twins["hedge"])
        record = record_of(twins["hedge"], hedged)
        assert record.certainty == "hedged"
        plain = article_of(clean)
        assert "certainty" in unsupported(moved_to(record, plain), plain)


@pytest.mark.parametrize("typography", [name for name in TYPOGRAPHY if name != "as is"])
def test_a_quote_that_is_not_character_for_character_the_article_is_refused(
    typography: str,
) -> None:
    changed = 0
    for clean, _ in pledges():
        article = article_of(clean)
        record = record_of(clean, article)
        altered = TYPOGRAPHY[typography](record.evidence[0].quote)
        if altered == record.evidence[0].quote:
            continue
        changed += 1
        evidence = [record.evidence[0].model_copy(update={"quote": altered})]
        forged = record.model_copy(update={"evidence": evidence})
        assert unsupported(forged, article) == {"evidence"}
        assert keep_supported(forged, article).record is None
    assert changed


def test_evidence_outside_the_body_is_refused() -> None:
    text = (
        "Công ty Hạ Long Xanh sẽ tài trợ 40 triệu USD cho Đại học Bến Thủy./.\n"
        "Tin liên quan\n"
        "Ngân hàng Sông Cầu sẽ tài trợ 70 triệu USD cho Đại học Bến Thủy.\n"
    )
    article = read_article(text, language="vi")
    start = text.index("Ngân hàng Sông Cầu")
    end = text.index("Thủy.\n", start) + len("Thủy.")
    record = _simple_record(article)
    forged = record.evidence[0].model_copy(
        update={"quote": text[start:end], "start": start, "end": end}
    )
    outside = record.model_copy(update={"evidence": [forged]})
    assert unsupported(outside, article) == {"evidence"}


def test_a_quote_in_nfd_of_an_article_in_nfd_is_verbatim() -> None:
    text = unicodedata.normalize(
        "NFD", "Công ty Hạ Long Xanh sẽ tài trợ 40 triệu USD cho Đại học Bến Thủy."
    )
    article = read_article(text, language="vi")
    record = _simple_record(article)
    quoted = record.evidence[0]
    assert text[quoted.start : quoted.end] == quoted.quote
    assert not unsupported(record, article)


def test_a_party_of_an_earlier_sentence_counts_only_where_the_cited_one_refers_back() -> None:
    earlier = "Alderon Group has its seat in Fernhollow."
    for cited, verdict in [
        ("The company will pay $40 million to Briar.", "inferred"),
        ("Tessaly Holdings will pay $40 million to Briar.", "unsupported"),
        ("The company Tessaly will pay $40 million to Briar.", "unsupported"),
    ]:
        article = read_article(f"{earlier}\n{cited}", language="en")
        record = _simple_record(article, sentence=2, who="Alderon Group", to="Briar")
        verdicts = {f.field: f.verdict for f in check(record, article)}
        assert verdicts["actors[0]"] == verdict, cited


def _simple_record(
    article: Article, sentence: int = 1, who: str = "Hạ Long Xanh", to: str = "Đại học Bến Thủy"
) -> Commitment:
    cited = article.sentences[sentence - 1]
    draft = CompleteCommitment(
        sentence=sentence,
        what="money",
        who=[who],
        to=[to],
        kind="funding",
        money="m1",
        count=None,
        dates=[],
        status="announced",
        announced_by=None,
        place=None,
    )
    record = build(draft, offer_mentions([cited], article.mentions), article)
    assert isinstance(record, Commitment)
    return record
