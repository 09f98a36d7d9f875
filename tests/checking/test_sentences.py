"""Sentences as the press writes them: what a careful model judges stays, and words may only doubt.

`sentences.yaml` holds tiny articles with the draft that a careful reader would write of them, or,
where the text denies, hedges or withdraws, that of a careless one.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from extractor.article import read_article
from extractor.asking.questions import Drafted
from extractor.checking import STRONG, TAUGHT, Checked, Checks, Policy, check_drafts
from extractor.drafts import FORMS
from extractor.kinds import AnyRecord
from extractor.prompting.passages import offer_mentions
from extractor.records import Language

_ITEMS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8")
)
_FEWEST = 5
_DOUBTS = {
    "doubt": {"negated"},
    "hedged": {"hedge_disagrees"},
    "cancelled": {"status_disagrees", "withdrawn"},
}


def checked(item: dict[str, Any], policy: Policy) -> Checked:
    article = read_article(item["text"], language=item["language"])
    offers = offer_mentions(article.sentences, article.mentions)
    kind = "commitment" if item["list"] == "commitments" else "policy_event"
    draft = FORMS["whole"]["commitment" if kind == "commitment" else "policy_event"].model_validate(
        item["draft"], strict=True
    )
    return check_drafts([Drafted(draft, offers, 1)], [], article, Checks(policy))


def record_of(item: dict[str, Any], policy: Policy) -> AnyRecord:
    found = checked(item, policy)
    records: list[AnyRecord] = [*found.commitments, *found.policy_events]
    (record,) = records
    return record


def items(*expected: str) -> list[Any]:
    return [pytest.param(item, id=item["id"]) for item in _ITEMS if item["expect"] in expected]


@pytest.mark.parametrize("policy", [STRONG, TAUGHT], ids=lambda policy: policy.name)
@pytest.mark.parametrize("item", items("keep"))
def test_a_record_that_a_good_model_judged_to_be_one_is_kept_as_it_was_judged(
    item: dict[str, Any], policy: Policy
) -> None:
    record, draft = record_of(item, policy), item["draft"]
    assert (record.status, record.certainty) == (draft["status"], draft["certainty"])
    assert sorted(actor.name for actor in record.actors) == sorted(draft["who"])
    if item["list"] == "commitments":
        assert getattr(record, "resource_kind", None) == draft["kind"]
        assert sorted(a.name for a in getattr(record, "recipients", [])) == sorted(draft["to"])
        assert (getattr(record, "amount", None) is None) == (draft["money"] is None)
        assert (getattr(record, "quantity", None) is None) == (draft["count"] is None)


@pytest.mark.parametrize("item", items("doubt", "hedged", "cancelled"))
def test_a_denial_a_hedge_or_a_withdrawal_that_a_model_overlooked_is_doubted(
    item: dict[str, Any],
) -> None:
    doubts = {doubt.rule for doubt in record_of(item, STRONG).doubts}
    assert doubts & _DOUBTS[item["expect"]]


@pytest.mark.parametrize("item", [i for i in _ITEMS if i["fault"] == "false_negation"])
def test_a_word_that_only_looks_like_a_denial_raises_none(item: dict[str, Any]) -> None:
    assert "negated" not in {doubt.rule for doubt in record_of(item, STRONG).doubts}


def test_there_are_enough_of_each_kind_in_each_language() -> None:
    counted = Counter((item["fault"], item["language"]) for item in _ITEMS)
    faults = {item["fault"] for item in _ITEMS}
    languages = {item["language"] for item in _ITEMS}
    # A language without labels has none here.
    assert languages <= set(get_args(Language))
    assert all(counted[fault, language] >= _FEWEST for fault in faults for language in languages)
