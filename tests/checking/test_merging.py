"""One record per pledge or act: what is joined, what stays apart, what is tied together."""

from __future__ import annotations

import pytest

from extractor.article import Article, read_article
from extractor.asking.questions import Drafted
from extractor.checking import STRONG, TOLD, Checked, Checks, check_drafts
from extractor.checking.merging import join
from extractor.drafts import DraftCommitment, DraftEvent, WholeCommitment
from extractor.kinds import kind_of
from extractor.prompting.passages import offer_mentions
from extractor.records import Language
from tests.articles import commitment, event, pledge
from tests.checking.full import full_records


def checked(text: str, *items: dict[str, object], language: Language = "en") -> Checked:
    """The records of drafts whose ids refer to the mentions of their own sentence."""
    article = read_article(text, language=language)
    checks = Checks(TOLD, frozenset({"zephyrine"}))
    return check_drafts([_drafted(item, article) for item in items], [], article, checks)


def _drafted(item: dict[str, object], article: Article) -> Drafted:
    form = DraftEvent if "type" in item else DraftCommitment
    draft = form.model_validate(item)
    sentence = article.sentences[draft.sentence - 1]
    return Drafted(draft, offer_mentions([sentence], article.mentions))


REPEATED = (
    "Alderon pledges $40 million for schools\n"
    "Alderon will give $40 million to Briar. The plan was praised by all. "
    "Alderon signed the $40 million grant for Briar in March."
)


def test_headline_body_and_recap_are_one_record_with_every_quote() -> None:
    result = checked(
        REPEATED,
        *(commitment(n, who=["Alderon"], money="m1") for n in (1, 2)),
        commitment(4, who=["Alderon"], to=["Briar"], money="m1", status="agreed"),
    )
    (record,) = result.commitments
    assert [item.sentence for item in record.evidence] == [2, 4, 1]
    assert record.status == "agreed"
    assert [actor.name for actor in record.recipients] == ["Briar"]


def test_a_conversion_told_in_another_sentence_joins_its_original() -> None:
    result = checked(
        "Alderon will give 200 million euros (230 million dollars) to Briar. "
        "Alderon said that the 230 million dollars will reach Briar soon.",
        *(commitment(n, who=["Alderon"], money="m1") for n in (1, 2)),
    )
    (record,) = result.commitments
    assert record.amount is not None
    assert (record.amount.value, record.amount.currency) == (200_000_000, "EUR")
    assert [(c.value, c.currency) for c in record.amount.converted] == [(230_000_000, "USD")]


@pytest.mark.parametrize(
    ("second", "who"),
    [
        ("Alderon will give $41 million to Briar.", "Alderon"),
        ("Alderon will give 40 million euros to Briar.", "Alderon"),
        ("Alderon will give $40 million a year to Briar.", "Alderon"),
        ("Cobalt will give $40 million to Briar.", "Cobalt"),
    ],
    ids=["other figure", "other currency", "per year", "other giver"],
)
def test_different_pledges_stay_apart(second: str, who: str) -> None:
    result = checked(
        f"Alderon will give $40 million to Briar. {second}",
        commitment(1, who=["Alderon"], money="m1"),
        commitment(2, who=[who], money="m1"),
    )
    assert [record.id for record in result.commitments] == ["C1", "C2"]


def test_parts_that_add_up_are_tied_to_their_total() -> None:
    result = checked(
        "Alderon and Cobalt pledge $17.5 billion. "
        "Alderon will invest $2.5 billion in Briar. Cobalt will invest $15 billion in Briar.",
        commitment(1, who=["Alderon", "Cobalt"], money="m1"),
        commitment(2, who=["Alderon"], money="m1"),
        commitment(3, who=["Cobalt"], money="m1"),
    )
    total, first, second = result.commitments
    assert (total.aggregation, total.part_of) == ("sum", None)
    assert (first.part_of, second.part_of) == (total.id, total.id)
    assert [record.amount.value for record in (total, first, second) if record.amount] == [
        17_500_000_000,
        2_500_000_000,
        15_000_000_000,
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Alderon will invest $200 million, including $20 million for Briar."),
        ("fr", "Alderon investira 200 millions d'euros, dont 20 millions d'euros pour Briar."),
        ("vi", "Alderon sẽ đầu tư 200 triệu USD, trong đó bao gồm 20 triệu USD cho Briar."),
    ],
)
def test_a_part_named_in_the_sentence_of_its_total_is_tied_to_it(
    language: Language, text: str
) -> None:
    result = checked(
        text,
        commitment(1, who=["Alderon"], money="m1"),
        commitment(1, who=["Alderon"], money="m2"),
        language=language,
    )
    total, part = result.commitments
    assert (total.aggregation, part.part_of) == ("includes", total.id)


def test_each_and_per_year_are_kept_as_written_and_never_summed() -> None:
    result = checked(
        "Alderon and Cobalt will each invest $5 million in Briar. "
        "Alderon will pay Briar $10 million a year.",
        commitment(1, who=["Alderon", "Cobalt"], money="m1"),
        commitment(2, who=["Alderon"], money="m1"),
    )
    each, yearly = result.commitments
    assert each.amount is not None
    assert yearly.amount is not None
    assert (each.amount.value, each.amount.scope) == (5_000_000, "each")
    assert (yearly.amount.value, yearly.amount.per) == (10_000_000, "year")
    assert {each.part_of, yearly.part_of, each.aggregation, yearly.aggregation} == {None}


def test_a_law_told_twice_is_one_event_and_names_the_commitments_made_under_it() -> None:
    result = checked(
        "Parliament adopted the Clean Rivers Act. "
        "Under the Clean Rivers Act, the government will give $40 million to Briar.",
        event(1, who=["Parliament"], instrument="Clean Rivers Act", what="Clean Rivers Act"),
        event(
            2,
            who=["the government"],
            instrument="Clean Rivers Act",
            what="Clean Rivers Act",
            status="planned",
        ),
        commitment(2, who=["the government"], to=["Briar"], money="m1"),
    )
    (act,) = result.policy_events
    assert act.status == "adopted"
    assert act.related_commitments == [record.id for record in result.commitments] == ["C1"]


def test_what_one_speaker_says_in_a_row_is_one_statement_and_another_day_another() -> None:
    statement: dict[str, object] = {"who": ["President Ann Example"], "type": "official_statement"}
    result = checked(
        "President Ann Example called on banks to lend on 12 March 2024. "
        "President Ann Example urged towns to plant trees. "
        "Nobody else spoke. "
        "President Ann Example called for calm on 7 June 2024.",
        event(1, what="called on banks", dates=["d1"], **statement),
        event(2, what="urged towns", **statement),
        event(4, what="called for calm", dates=["d1"], **statement),
    )
    cited = [[item.sentence for item in act.evidence] for act in result.policy_events]
    assert cited == [[1, 2], [4]]


def test_acts_of_one_kind_and_party_in_one_sentence_are_one_record_unless_two_are_named() -> None:
    law: dict[str, object] = {"who": ["Parliament"], "type": "law_or_regulation"}
    text = "Parliament adopted the Clean Rivers Act and the Forest Act and raised two fees."
    fees = checked(text, event(1, what="adopted", **law), event(1, what="raised two fees", **law))
    assert len(fees.policy_events) == 1
    named = checked(
        text,
        event(1, what="adopted", instrument="Clean Rivers Act", **law),
        event(1, what="adopted", instrument="Forest Act", **law),
    )
    assert len(named.policy_events) == 2


def test_a_company_that_stands_before_the_authority_acts_itself() -> None:
    result = checked(
        "Alderon will open a laboratory with the government of Norway.",
        event(1, who=["Alderon"], what="open a laboratory", type="strategy_or_programme"),
    )
    assert result.policy_events == []


def test_an_event_of_companies_alone_is_refused() -> None:
    result = checked(
        "Alderon Group and Cobalt Ltd signed a partnership agreement.",
        event(1, who=["Alderon Group", "Cobalt Ltd"], what="partnership agreement"),
    )
    assert result.policy_events == []
    assert [item.reason for item in result.rejected] == ["fails_definition"]


def test_a_party_copied_from_the_examples_is_refused_and_reported() -> None:
    result = checked(
        "Alderon will give $40 million to Briar.",
        commitment(1, who=["Zephyrine"], money="m1"),
        commitment(1, who=["Alderon"], money="m1"),
    )
    assert len(result.commitments) == 1
    assert [(r.reason, r.value) for r in result.rejected] == [("copied_from_prompt", "Zephyrine")]


def test_a_party_of_the_examples_that_the_article_does_name_is_kept() -> None:
    result = checked(
        "Zephyrine will give $40 million to Briar.",
        commitment(1, who=["Zephyrine"], money="m1"),
    )
    assert [actor.name for actor in result.commitments[0].actors] == ["Zephyrine"]


def test_a_wrong_name_costs_the_name_and_not_the_record() -> None:
    result = checked(
        "Alderon will give $40 million to Briar.",
        commitment(1, who=["Alderon"], to=["Tessaly"], money="m1"),
    )
    (record,) = result.commitments
    assert record.recipients == []
    assert [(r.field, r.value, r.reason, r.record_id) for r in result.rejected] == [
        ("recipients[0]", "Tessaly", "not_in_evidence", "C1")
    ]


def test_a_denied_pledge_is_refused() -> None:
    result = checked(
        "Alderon will not give $40 million to Briar.",
        commitment(1, who=["Alderon"], money="m1"),
    )
    assert result.commitments == []
    assert "negated" in {item.reason for item in result.rejected}


def test_one_amount_told_twice_is_one_record_where_a_sentence_names_both_givers() -> None:
    result = checked(
        "Alderon will give $40 million to Briar. "
        "Schemes led by Fernhollow will grow with the $40 million from Alderon.",
        commitment(1, who=["Alderon"], to=["Briar"], money="m1"),
        commitment(2, who=["Fernhollow"], money="m1"),
    )
    (record,) = result.commitments
    assert [actor.name for actor in record.actors] == ["Alderon"]
    assert [item.sentence for item in record.evidence] == [1, 2]


def test_a_figure_without_a_word_of_promise_or_deed_is_no_commitment() -> None:
    result = checked(
        "Alderon is the top backer of Briar with $775 million, ahead of Cobalt.",
        commitment(1, who=["Alderon"], to=["Briar"], money="m1"),
    )
    assert result.commitments == []
    assert [item.reason for item in result.rejected] == ["fails_definition"]


def test_unnamed_acts_of_one_kind_in_one_sentence_are_one_event() -> None:
    result = checked(
        "The government plans to label its texts and to mark its pictures.",
        *(
            event(1, who=["The government"], what=what, type="standard_or_guidance")
            for what in ("label its texts", "mark its pictures")
        ),
    )
    assert len(result.policy_events) == 1


def test_an_acronym_is_the_party_that_the_article_spells_out() -> None:
    result = checked(
        "Alderon and TWS pledge $17 million. Alderon will give Briar $2 million. "
        "Tessaly Water Services (TWS) will give Briar $15 million.",
        commitment(1, who=["Alderon", "TWS"], money="m1"),
        commitment(2, who=["Alderon"], money="m1"),
        commitment(3, who=["Tessaly Water Services"], to=["TWS", "Briar"], money="m1"),
    )
    total, _, part = result.commitments
    assert [actor.canonical for actor in total.actors] == ["Alderon", "Tessaly Water Services"]
    assert [actor.name for actor in part.recipients] == ["Briar"]
    assert (total.aggregation, part.part_of) == ("sum", total.id)


@pytest.mark.parametrize(
    ("text", "drafted", "kind"),
    [
        ("Alderon will invest $40 million in Briar.", "purchase", "funding"),
        ("Alderon will pay Briar $40 million for chips.", "purchase", "purchase"),
        ("Alderon will spend $40 million on a stake in Briar.", "funding", "equity"),
        ("Alderon will train 40 engineers in Briar.", "skills", "skills"),
    ],
)
def test_the_kind_of_money_is_told_by_the_words_of_the_sentence(
    text: str, drafted: str, kind: str
) -> None:
    figures: dict[str, object] = {"count": "n1"} if "engineers" in text else {"money": "m1"}
    draft = commitment(1, who=["Alderon"], to=["Briar"], kind=drafted, **figures)
    assert checked(text, draft).commitments[0].resource_kind == kind


@pytest.mark.parametrize(
    ("second", "fields"),
    [
        ("Alderon plans to open a data centre in Briar.", {"place": "Briar"}),
        ("Cobalt plans to open a data centre in Fernhollow.", {"who": ["Cobalt"]}),
        ("The group plans to open a data centre in Briar.", {"who": [], "place": "Briar"}),
    ],
    ids=["other place", "other giver", "giver by another word"],
)
def test_like_things_without_figures_stay_apart_unless_giver_and_place_agree(
    second: str, fields: dict[str, object]
) -> None:
    shared: dict[str, object] = {"kind": "facility", "what": "a data centre", "status": "planned"}
    result = checked(
        f"Alderon plans to open a data centre in Fernhollow. {second}",
        commitment(1, who=["Alderon"], place="Fernhollow", **shared),
        commitment(2, **{"who": ["Alderon"], **shared, **fields}),
    )
    evidence = [[item.sentence for item in record.evidence] for record in result.commitments]
    assert [1] in evidence
    assert [1, 2] not in evidence


def test_nothing_that_only_one_telling_says_is_lost() -> None:
    """Every field is joined as its table says; ties alone are told later."""
    for full in full_records():
        for field in kind_of(full).fields:
            value = getattr(full, field.name)
            if field.merged == "tied" or field.sort == "label":
                continue
            assert value, field.name
            empty: list[object] | None = [] if isinstance(value, list) else None
            bare = full.model_copy(update={field.name: empty})
            for joined in (join(bare, full), join(full, bare)):
                assert getattr(joined, field.name) == value, field.name


def test_the_strongest_status_and_the_surest_certainty_of_two_tellings_stand() -> None:
    for full in full_records():
        weak = full.model_copy(update={"status": kind_of(full).statuses[0], "certainty": "hedged"})
        for joined in (join(weak, full), join(full, weak)):
            assert (joined.status, joined.certainty) == (full.status, "asserted")


@pytest.mark.parametrize("other", ["Cobalt", "the schools of Norland"])
def test_equal_sums_for_different_receivers_stay_apart(other: str) -> None:
    result = checked(
        f"Alderon will give $40 million to Briar. Alderon will give $40 million to {other}.",
        commitment(1, who=["Alderon"], to=["Briar"], money="m1"),
        commitment(2, who=["Alderon"], to=[other], money="m1"),
    )
    assert len(result.commitments) == 2


def test_two_records_that_a_model_told_apart_in_one_reply_stay_two() -> None:
    article = read_article("Alderon will give $40 million for roads, and $40 million for schools.")
    offers = offer_mentions(article.sentences, article.mentions)
    drafts = [
        WholeCommitment.model_validate(pledge(1, who=["Alderon"], what=what, money=money))
        for what, money in (("roads", "m1"), ("schools", "m2"))
    ]
    told = [Drafted(draft, offers, place) for place, draft in enumerate(drafts, start=1)]
    assert len(check_drafts(told, [], article, Checks(STRONG)).commitments) == 2
    apart = [Drafted(draft, offers.within([1]), 0) for draft in drafts]
    assert len(check_drafts(apart, [], article, Checks(STRONG)).commitments) == 1


def test_a_part_names_its_whole_and_what_adds_up_is_a_sum() -> None:
    text = "Alderon will spend $90 million: $60 million on roads and $30 million on schools."
    article = read_article(text, language="en")
    offers = offer_mentions(article.sentences, article.mentions)
    drafts = [
        WholeCommitment.model_validate(
            pledge(1, who=["Alderon"], what=what, money=money, part_of=whole)
        )
        for what, money, whole in (("all", "m1", None), ("roads", "m2", 1), ("schools", "m3", 1))
    ]
    told = [Drafted(draft, offers, place) for place, draft in enumerate(drafts, start=1)]
    whole, roads, schools = check_drafts(told, [], article, Checks(STRONG)).commitments
    assert (whole.aggregation, roads.part_of, schools.part_of) == ("sum", whole.id, whole.id)
    assert {v.verdict for v in roads.verdicts if v.field == "part_of"} == {"derived"}


@pytest.mark.parametrize(
    ("language", "text", "aims"),
    [
        (
            "en",
            "Alderon will give $40 million for the port. It met growers. "
            "Alderon will give another $40 million to fight floods.",
            ("the port of Keelby", "fight floods"),
        ),
        (
            "fr",
            "Alderon versera 40 millions d'euros pour le port. Elle a visité l'usine. "
            "Alderon versera 40 millions d'euros supplémentaires pour la ligne de Brasq.",
            ("le port de Kerlann", "la ligne de Brasq"),
        ),
        (
            "vi",
            "Alderon sẽ chi 40 triệu USD cho cảng Bến Sóng. Họ đã thăm nhà máy. "
            "Alderon sẽ chi thêm 40 triệu USD cho đường sắt.",
            ("cảng Bến Sóng", "đường sắt"),
        ),
    ],
)
def test_one_sum_for_two_things_in_two_sentences_of_the_body_is_two_records(
    language: Language, text: str, aims: tuple[str, str]
) -> None:
    pledges = [
        commitment(sentence, who=["Alderon"], money="m1", what=aim)
        for sentence, aim in zip((1, 3), aims, strict=True)
    ]
    assert [r.title for r in checked(text, *pledges, language=language).commitments] == [*aims]


def test_a_headline_that_calls_the_thing_otherwise_is_the_record_of_the_body() -> None:
    result = checked(
        "Alderon pledges $40 million against floods\n"
        "Alderon will give $40 million for new dams and pumps.",
        commitment(1, who=["Alderon"], money="m1", what="against floods"),
        commitment(2, who=["Alderon"], money="m1", what="new dams and pumps"),
    )
    assert [[e.sentence for e in r.evidence] for r in result.commitments] == [[2, 1]]


@pytest.mark.parametrize(
    ("language", "text", "first", "second"),
    [
        (
            "en",
            "Parliament adopted the Climate Act on 2 March 2026. "
            "The government proposed the Climate Act Amendment Bill on 10 March 2026.",
            ("Parliament", "Climate Act"),
            ("government", "Climate Act Amendment Bill"),
        ),
        (
            "fr",
            "Le Parlement a adopté la loi Rivières le 2 mars 2026. Le gouvernement a pris le "
            "décret d'application de la loi Rivières le 10 mars 2026.",
            ("Parlement", "loi Rivières"),
            ("gouvernement", "décret d'application de la loi Rivières"),
        ),
        (
            "vi",
            "Ngày 2/3/2026, Quốc hội thông qua Luật Sông ngòi. "
            "Ngày 10/3/2026, Chính phủ ban hành Nghị định hướng dẫn Luật Sông ngòi.",
            ("Quốc hội", "Luật Sông ngòi"),
            ("Chính phủ", "Nghị định hướng dẫn Luật Sông ngòi"),
        ),
    ],
)
def test_a_law_and_what_carries_it_out_are_two_events(
    language: Language, text: str, first: tuple[str, str], second: tuple[str, str]
) -> None:
    acts = [
        event(n, who=[who], instrument=instrument, what=f"adopted {instrument}", dates=["d1"])
        for n, (who, instrument) in enumerate((first, second), start=1)
    ]
    found = checked(text, *acts, language=language).policy_events
    assert [([a.name for a in act.actors], act.instrument) for act in found] == [
        ([who], instrument) for who, instrument in (first, second)
    ]
    assert [act.date and act.date.edtf for act in found] == ["2026-03-02", "2026-03-10"]


def test_acts_of_two_ministries_of_one_state_are_two_and_of_the_state_and_its_ministry_one() -> (
    None
):
    text = (
        "The Ministry of Rivers of France adopted a decree on dams. "
        "{} of France adopted a decree on dams and pumps."
    )
    for other, count in (("The Ministry of Ports", 2), ("The government", 1)):
        acts = [
            event(1, who=["Ministry of Rivers of France"], what="adopted a decree on dams"),
            event(2, who=[f"{other} of France"], what="adopted a decree on dams"),
        ]
        assert len(checked(text.format(other), *acts).policy_events) == count


def test_like_acts_of_two_days_are_two_unless_a_headline_tells_one_of_them() -> None:
    acts = [
        event(n, who=["Parliament"], what="adopted a law on dams", dates=["d1"]) for n in (1, 2)
    ]
    second = "Parliament adopted a law on dams on 10 March 2026."
    body = checked(f"Parliament adopted a law on dams on 2 March 2026. {second}", *acts)
    assert len(body.policy_events) == 2
    headed = checked(f"Parliament adopts a law on dams on 9 March 2026\n{second}", *acts)
    assert len(headed.policy_events) == 1
    vague = checked(f"Parliament adopted a law on dams in March 2026. {second}", *acts)
    assert len(vague.policy_events) == 1
