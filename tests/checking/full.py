"""A record of each kind in which every field that a draft can fill is filled."""

from __future__ import annotations

from datetime import date

from extractor.article import read_article
from extractor.checking import STRONG
from extractor.checking.building import build
from extractor.checking.claims import claim_of_whole
from extractor.drafts import WholeCommitment, WholeEvent
from extractor.kinds import AnyRecord
from extractor.prompting.passages import offer_mentions

FULL_DAY = date(2031, 3, 12)
FULL_TEXT = (
    "The Ministry of Rivers said on Monday that Alderon Group will raise $40 million for Briar "
    "from May 2031 to build 12 sluices in Norland by 2033, in the next three years. "
    "France adopted the Clear Rivers Act on Monday; it binds Alderon Group from 2032."
)
FULL_PLEDGE = {
    "sentences": [1],
    "what": "12 sluices",
    "who": ["Alderon Group"],
    "to": ["Briar"],
    "announced_by": ["Ministry of Rivers"],
    "kind": "funding",
    "money": "$40 million",
    "count": "12 sluices",
    "unit": "sluice",
    "dates": [
        {"date": "on Monday", "role": "announced_on"},
        {"date": "from May 2031", "role": "start"},
        {"date": "by 2033", "role": "deadline"},
        {"date": "in the next three years", "role": "duration"},
    ],
    "status": "planned",
    "mobilise": True,
    "places": ["Norland"],
}
FULL_ACT = {
    "sentences": [2],
    "what": "adopted the Clear Rivers Act",
    "who": ["France"],
    "targets": ["Alderon Group"],
    "type": "law_or_regulation",
    "instrument": "Clear Rivers Act",
    "dates": [
        {"date": "on Monday", "role": "date"},
        {"date": "from 2032", "role": "deadline"},
    ],
    "status": "adopted",
    "places": ["France"],
    "jurisdictions": ["FR"],
}


def full_records() -> tuple[AnyRecord, ...]:
    """A commitment and a policy event of `FULL_TEXT`; only ties are open."""
    article = read_article(FULL_TEXT, language="en", published_at=FULL_DAY)
    offers = offer_mentions(article.sentences, article.mentions)
    pledge = WholeCommitment.model_validate(FULL_PLEDGE)
    act = WholeEvent.model_validate(FULL_ACT)
    return tuple(
        build(claim_of_whole(draft, offers, 1), STRONG, article).record for draft in (pledge, act)
    )
