"""No value survives evidence that does not bear it; typography alone changes nothing."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import cycle

import pytest

from extractor.article import Article, read_article
from extractor.checking import STRONG, TOLD
from extractor.checking.building import build, quote
from extractor.checking.claims import claim_of_whole
from extractor.checking.doubting import doubts_of
from extractor.checking.proving import prove
from extractor.checking.pruning import prune
from extractor.drafts import Offers, WholeCommitment
from extractor.kinds import KINDS, kind_of
from extractor.prompting.passages import offer_mentions
from extractor.records import Certainty, Commitment
from tests.checking.full import FULL_DAY, FULL_TEXT, full_records
from tests.corruptions import TYPOGRAPHY, Corruption, Pledge, pledges

LOST: dict[Corruption, str] = {
    "number": "amount",
    "scale": "amount",
    "currency": "amount",
    "actor": "actors[0]",
    "count": "quantity",
    "deadline": "deadline",
}
"""The value that no longer stands in the evidence."""
DOUBTED: dict[Corruption, str] = {
    "negation": "negated",
    "hedge": "hedge_disagrees",
    "roles": "roles_swapped",
    "withdrawn": "status_disagrees",
}
"""The rule that objects where the values still stand, but mean something else."""


def article_of(pledge: Pledge, typography: str = "as is") -> Article:
    # The giver is known from an earlier sentence too, so that only the cited one can refuse it.
    text = f"{pledge.giver}.\n{pledge.render()}"
    return read_article(TYPOGRAPHY[typography](text), language=pledge.language)


def record_of(pledge: Pledge, article: Article, certainty: Certainty = "asserted") -> Commitment:
    sentence = article.sentences[1]
    offers: Offers = offer_mentions([sentence], article.mentions)
    assert [len(offers.money), len(offers.counts), len(offers.dates)] == [1, 1, 1], offers
    return _built(
        article,
        offers,
        sentences=[2],
        what=pledge.count,
        who=[pledge.giver],
        to=[pledge.receiver],
        money="m1",
        count="n1",
        dates=[{"date": "d1", "role": "deadline"}],
        certainty=certainty,
    )


def _built(article: Article, offers: Offers, **fields: object) -> Commitment:
    draft = WholeCommitment.model_validate({"kind": "funding", "status": "announced", **fields})
    record = build(claim_of_whole(draft, offers, 1), TOLD, article).record
    assert isinstance(record, Commitment)
    return record


def moved_to(record: Commitment, article: Article) -> Commitment:
    """The same record, said to rest on the same sentence of another article."""
    return record.model_copy(update={"evidence": [quote(article, article.sentences[1])]})


def unproved(record: Commitment, article: Article) -> set[str]:
    return {check.field for check in prove(record, article) if check.verdict is None}


def rules(record: Commitment, article: Article) -> set[str]:
    return {doubt.rule for doubt in doubts_of(record, article, 1.0)}


def test_a_true_record_is_borne_however_the_article_is_typed() -> None:
    for (clean, _), typography in zip(pledges(), cycle(TYPOGRAPHY), strict=False):
        article = article_of(clean, typography)
        record = record_of(clean, article)
        assert not unproved(record, article), (clean.render(), typography)
        for policy in (STRONG, TOLD):
            kept = prune(record, article, policy)
            assert kept.record is not None
            assert (kept.rejected, kept.record.doubts) == ((), [])


def test_every_value_that_the_evidence_does_not_bear_is_refused_in_three_languages() -> None:
    refused: Counter[str] = Counter()
    escaped: list[str] = []
    for record, article, corruption, where in corrupted(LOST):
        lost = unproved(record, article)
        kept = [prune(record, article, policy) for policy in (STRONG, TOLD)]
        reported = all(LOST[corruption] in {r.field for r in k.rejected} for k in kept)
        if LOST[corruption] in lost and reported:
            refused[where] += 1
        else:
            escaped.append(f"{where}: lost only {lost}")
    assert not escaped, "\n".join(escaped[:20])
    assert sum(refused.values()) >= 300
    assert len(refused) == 3 * len(LOST) * len(TYPOGRAPHY)


def test_denials_hedges_and_withdrawals_are_doubted_of_a_strong_model_and_refused_of_a_told() -> (
    None
):
    seen: Counter[str] = Counter()
    for record, article, corruption, where in corrupted(DOUBTED):
        strong, told = (prune(record, article, policy) for policy in (STRONG, TOLD))
        assert strong.record is not None, where
        assert strong.rejected == (), where
        assert DOUBTED[corruption] in {doubt.rule for doubt in strong.record.doubts}, where
        assert told.rejected, where
        if told.record is not None:
            assert DOUBTED[corruption] not in rules_left(told.record, article), where
        seen[where] += 1
    assert sum(seen.values()) >= 200
    assert len(seen) == 3 * len(DOUBTED) * len(TYPOGRAPHY)


def rules_left(record: object, article: Article) -> set[str]:
    assert isinstance(record, Commitment)
    return rules(record, article)


def corrupted(
    kinds: Mapping[Corruption, str],
) -> Iterator[tuple[Commitment, Article, Corruption, str]]:
    """True records, said to rest on sentences that were changed in one thing."""
    for (clean, twins), typography in zip(pledges(), cycle(TYPOGRAPHY), strict=False):
        record = record_of(clean, article_of(clean, typography))
        for corruption, twin in twins.items():
            if corruption in kinds:
                article = article_of(twin, typography)
                where = f"{clean.language} {corruption} {typography}"
                yield moved_to(record, article), article, corruption, where


def test_a_dropped_hedge_is_doubted() -> None:
    for clean, twins in pledges():
        hedged = article_of(twins["hedge"])
        record = record_of(twins["hedge"], hedged, "hedged")
        assert "hedge_disagrees" not in rules(record, hedged)
        plain = article_of(clean)
        assert "hedge_disagrees" in rules(moved_to(record, plain), plain)


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
        assert unproved(forged, article) == {"evidence"}
        assert all(prune(forged, article, policy).record is None for policy in (STRONG, TOLD))
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
    assert unproved(outside, article) == {"evidence"}


def test_a_quote_in_nfd_of_an_article_in_nfd_is_verbatim() -> None:
    text = unicodedata.normalize(
        "NFD", "Công ty Hạ Long Xanh sẽ tài trợ 40 triệu USD cho Đại học Bến Thủy."
    )
    article = read_article(text, language="vi")
    record = _simple_record(article)
    quoted = record.evidence[0]
    assert text[quoted.start : quoted.end] == quoted.quote
    assert not unproved(record, article)


def test_a_party_of_an_earlier_sentence_counts_only_where_the_cited_one_refers_back() -> None:
    earlier = "Alderon Group has its seat in Fernhollow."
    for cited, verdict in [
        ("The company will pay $40 million to Briar.", "inferred"),
        ("Tessaly Holdings will pay $40 million to Briar.", None),
        ("The company Tessaly will pay $40 million to Briar.", None),
    ]:
        article = read_article(f"{earlier}\n{cited}", language="en")
        record = _simple_record(article, sentence=2, who="Alderon Group", to="Briar")
        verdicts = {check.field: check.verdict for check in prove(record, article)}
        assert verdicts["actors[0]"] == verdict, cited


def test_every_value_of_every_field_has_a_verdict() -> None:
    """Whatever a record says, its verdicts say how that is proved, for each kind of record."""
    article = read_article(FULL_TEXT, language="en", published_at=FULL_DAY)
    for record in full_records():
        ties = {"part_of": "C1", "aggregation": "sum", "related_commitments": ["C1"]}
        tied = record.model_copy(
            update={k: v for k, v in ties.items() if k in type(record).model_fields}
        )
        told = {check.field.partition("[")[0] for check in prove(tied, article)}
        fields = {field.name for field in kind_of(record).fields}
        assert {name for name in fields if not getattr(tied, name)} == set(), "fill every field"
        assert told == fields
        assert all(check.verdict for check in prove(tied, article)), prove(tied, article)


def test_the_tables_of_fields_name_every_field_of_the_contract() -> None:
    apart = {"id", "title", "evidence", "confidence", "verdicts", "doubts"}
    for kind in KINDS.values():
        assert {field.name for field in kind.fields} == set(kind.record.model_fields) - apart


def _simple_record(
    article: Article, sentence: int = 1, who: str = "Hạ Long Xanh", to: str = "Đại học Bến Thủy"
) -> Commitment:
    offers = offer_mentions([article.sentences[sentence - 1]], article.mentions)
    return _built(
        article, offers, sentences=[sentence], what="money", who=[who], to=[to], money="m1"
    )
