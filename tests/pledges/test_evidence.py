"""Evidence: what speaks for and against two records being one, on little articles."""

from __future__ import annotations

from typing import Final

import pytest

from extractor.pledges.blocking import block_keys
from extractor.pledges.evidence import UNSURE_FROM, Scored
from extractor.pledges.matching import Match, PartyMatcher
from extractor.pledges.parties import load_parties
from extractor.pledges.scoring import PairScorer
from extractor.pledges.traits import CommitmentTraits, EventTraits, Traits, traits_of
from extractor.records import Actor, Language
from tests.pledges.cases import told_from

_NUMBERS: Final = iter(range(100, 1000))


def _money(raw: str, value: int, currency: str) -> dict[str, object]:
    return {"raw": raw, "value": value, "currency": currency}


def _traits(
    sentence: str,
    *,
    who: str = "Kestrel Lines",
    language: str = "en",
    date: str = "2025-03-04",
    publisher: str = "North Dispatch",
    **record: object,
) -> CommitmentTraits:
    """What is known of the one commitment of an article of one sentence."""
    content = {"label": "x", "quotes": [1], "who": [who], "kind": "funding", "status": "announced"}
    return _read(sentence, language, date, publisher, "commitments", {**content, **record})  # type: ignore[return-value]


def _act(sentence: str, record: dict[str, object], language: str = "en") -> EventTraits:
    content = {"label": "x", "quotes": [1], "type": "agreement", "status": "adopted", **record}
    return _read(sentence, language, "2025-03-04", "North Dispatch", "events", content)  # type: ignore[return-value]


def _read(
    sentence: str, language: str, date: str, publisher: str, kind: str, record: dict[str, object]
) -> Traits:
    told = told_from(
        {
            "id": f"{language}-energy-{next(_NUMBERS)}",
            "publisher": publisher,
            "date": date,
            "text": [sentence],
            kind: [record],
            "keys": ["x"],
        }
    )
    return traits_of(told.mentions[0], load_parties())


def _score(one: Traits, other: Traits) -> Scored:
    return PairScorer(load_parties()).score(one, other)


def _rules(one: Traits, other: Traits) -> set[str]:
    return {reason.rule for reason in _score(one, other).reasons}


# ---- places


@pytest.mark.parametrize(
    ("language", "sentence", "site", "country"),
    [
        ("en", "Kestrel Lines will build a plant in Batam, Indonesia.", "Batam", "ID"),
        ("en", "Kestrel Lines will build it in the Malaysian state of Penang.", "Penang", "MY"),
        ("en", "Kestrel Lines will build it in Vietnam's Dong Nai province.", "Dong Nai", "VN"),
        ("fr", "Le site est à Opole, dans le sud-ouest de la Pologne.", "Opole", "PL"),
        ("fr", "Un port dans la province malgache de Toamasina est prévu.", "Toamasina", "MG"),
        ("vi", "Nhà máy đặt ở cảng Gwadar (Pakistan).", "Gwadar", "PK"),
    ],
)
def test_a_place_is_of_the_country_that_stands_beside_it(
    language: str, sentence: str, site: str, country: str
) -> None:
    assert _traits(sentence, language=language, places=[site]).countries == {country}


@pytest.mark.parametrize(
    ("language", "sentence", "site"),
    [
        ("en", "Kestrel Lines will build a plant in Penang, a Taiwanese magazine said.", "Penang"),
        ("en", "Kestrel Lines goes to Penang. Its rivals, it is said, prefer Chile.", "Penang"),
        ("fr", "Le programme de Kaolack avance, a dit la ministre béninoise.", "Kaolack"),
    ],
)
def test_a_country_of_somebody_else_is_not_that_of_the_place(
    language: str, sentence: str, site: str
) -> None:
    assert _traits(sentence, language=language, places=[site]).countries == frozenset()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "US chip designer Kestrel Lines will build a plant."),
        ("vi", "Tập đoàn Kestrel Lines (Nhật Bản) sẽ xây một nhà máy."),
        ("vi", "Kestrel Lines, nhà thiết kế chip của Mỹ, sẽ xây một nhà máy."),
    ],
)
def test_where_a_giver_comes_from_is_not_where_its_money_goes(language: str, sentence: str) -> None:
    assert _traits(sentence, language=language).said == frozenset()


def test_the_same_giver_and_sum_at_another_site_are_not_the_same() -> None:
    money = _money("$850 million", 850_000_000, "USD")
    one = _traits(
        "Kestrel Lines will put $850 million into Penang.", places=["Penang"], money=money
    )
    other = _traits(
        "Kestrel Lines will put $850 million into Batam.", places=["Batam"], money=money
    )
    here = _traits("Kestrel Lines puts $850 million into Penang.", places=["Penang"], money=money)
    assert _score(one, here).answer == "same"
    assert _score(one, other).answer != "same"


def test_a_sentence_of_one_country_may_pass_a_site_that_another_article_names() -> None:
    far = _traits("Money for Batam.", places=["Batam"], to=["Indonesia|government|ID"])
    passing = _traits(
        "The line from Bintan ends at Batam.", places=["Bintan"], to=["Indonesia|government|ID"]
    )
    elsewhere = _traits("Money for Bintan.", places=["Bintan"], to=["Indonesia|government|ID"])
    weights = [
        {reason.rule: reason.weight for reason in _score(far, each).reasons}["other_site"]
        for each in (passing, elsewhere)
    ]
    assert weights[0] > weights[1]


# ---- sums


def test_a_sum_that_replaces_another_one_does_not_part_them() -> None:
    early = _traits(
        "Kestrel Lines gives $54 million.", money=_money("$54 million", 54_000_000, "USD")
    )
    money = _money("$45 million", 45_000_000, "USD")
    late = _traits("Kestrel Lines gives $45 million, not $54 million as reported.", money=money)
    more = _traits("Kestrel Lines gives another $45 million, not only $54 million.", money=money)
    plain = _traits("Kestrel Lines gives $45 million.", money=money)
    assert "revised_sum" in _rules(early, late)
    assert _score(early, more).rule == "other_sum"
    assert _score(early, plain).rule == "other_sum"


def test_sums_in_two_currencies_meet_by_their_worth() -> None:
    yen = _traits("It gives 41 billion yen.", money=_money("41 billion yen", 41_000_000_000, "JPY"))
    dollars = _traits(
        "Kestrel pays $280 million.",
        who="Kestrel",
        money=_money("$280 million", 280_000_000, "USD"),
    )
    assert "worth_sum" in _rules(yen, dollars)
    assert {key for key in block_keys(yen) & block_keys(dollars) if "worth" in key}


def test_a_plant_without_its_sum_may_be_what_money_is_for() -> None:
    money = _money("$850 million", 850_000_000, "USD")
    paid = _traits("Kestrel Lines puts $850 million into a plant.", money=money)
    opened = _traits("Kestrel Lines has opened its plant.", kind="facility", status="completed")
    other = _traits("Kestrel Lines opens two plants for $9.", kind="facility", money=money)
    assert "like_kind" in _rules(paid, opened)
    assert "other_kind" in _rules(paid, other)


# ---- parties


def _match(one: tuple[Language, str, str | None], other: tuple[Language, str, str | None]) -> Match:
    table = load_parties()
    found = [
        table.find(Actor(name=name, canonical=name, type="company", country=country), language)
        for language, name, country in (one, other)
    ]
    return PartyMatcher(table).match(*found)


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        (("vi", "CHLB Đức", None), ("en", "Germany", None), "same"),
        (("fr", "Oslo", None), ("en", "Norway", None), "alike"),
        (
            ("fr", "agence britannique BII", None),
            ("en", "British International Investment", None),
            "same",
        ),
        (("en", "Germany's development bank", None), ("fr", "KfW", None), "related"),
        (("en", "Embassy of Japan", None), ("vi", "Nhật Bản", None), "related"),
        (("fr", "la coopération suisse", None), ("vi", "Thụy Sĩ", None), "related"),
        (("en", "Australia's foreign ministry", "AU"), ("en", "DFAT", None), "related"),
        (("en", "QZIB", None), ("vi", "Ngân hàng Hạ tầng Lòng chảo", None), "unknown"),
        (("en", "the bank", None), ("en", "World Bank", None), "unknown"),
        (("en", "JICA", None), ("en", "KOICA", None), "different"),
        (("en", "AFD", None), ("en", "KfW", None), "different"),
    ],
)
def test_who_a_name_means(
    one: tuple[Language, str, str | None], other: tuple[Language, str, str | None], match: Match
) -> None:
    assert _match(one, other) == match
    assert _match(other, one) == match


def test_in_its_own_communique_a_bank_is_the_bank() -> None:
    own = _traits(
        "The Bank will lend $9.", who="the Bank|unspecified_group", publisher="World Bank"
    )
    press = _traits("The bank will lend $9.", who="the bank|unspecified_group")
    named = _traits("The World Bank lends $9.", who="World Bank|igo")
    assert "same_giver" in _rules(own, named)
    assert "same_giver" not in _rules(press, named)


def test_what_a_state_gets_its_water_company_may_get() -> None:
    state = _traits("A loan to Senegal.", to=["Senegal|government|SN"])
    company = _traits("A loan to Sonelba.", to=["Sonelba"])
    fund = _traits("Money for Gavi.", to=["Gavi|fund"])
    assert _score(state, company).rule != "other_receiver"
    assert _score(state, fund).rule == "other_receiver"


# ---- acts


def test_a_decree_is_known_by_its_number_without_the_year() -> None:
    def decree(instrument: str, language: str) -> EventTraits:
        who = ["the government|government|VN"]
        record = {"type": "law_or_regulation", "jurisdictions": ["VN"], "who": who}
        return _act(f"{instrument}.", {**record, "instrument": instrument}, language)

    full, short = decree("Nghị định 87/2026/NĐ-CP", "vi"), decree("décret n° 87", "fr")
    assert "number_of_act" in _rules(full, short)
    assert _score(full, decree("décret n° 91", "fr")).rule == "other_number_of_act"


def test_two_acts_of_one_authority_need_something_of_their_own() -> None:
    who = ["Commerce Department|gov_agency|US"]
    rule: dict[str, object] = {"type": "trade_restriction", "jurisdictions": ["US"], "who": who}
    memory = _act("The department restricts exports of memory.", rule)
    tools = _act("Exports of etching machines now need a licence.", rule)
    assert "nothing_of_its_own" in _rules(memory, tools)
    assert _score(memory, tools).answer == "different"


def test_two_states_together_tell_more_than_one_state() -> None:
    both: dict[str, object] = {
        "who": ["UK|government|GB", "Japan|government|JP"],
        "jurisdictions": ["GB", "JP"],
    }
    one = _act("The UK and Japan signed an agreement on fusion.", both)
    other = _act("The agreement between London and Tokyo covers training.", both)
    assert "same_states_together" in _rules(one, other)
    assert {key for key in block_keys(one) & block_keys(other) if "GB+JP" in key}


def test_two_that_tell_one_sum_are_sooner_looked_at() -> None:
    money = _money("$850 million", 850_000_000, "USD")
    one = _traits("Kestrel Lines puts $850 million into a school.", places=["Penang"], money=money)
    other = _traits(
        "Kestrel Lines will pay $850 million for a refinery.", places=["Batam"], money=money
    )
    scored = _score(one, other)
    assert 0 < scored.score < UNSURE_FROM
    assert scored.answer == "unsure"
