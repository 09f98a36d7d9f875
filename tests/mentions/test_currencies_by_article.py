"""Which of the currencies that share a word is meant: told by the article where need be."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.article import Article, read_article
from extractor.checking.figures import amount_at
from extractor.mentions.amounts.currencies import codes_of_kind, settle
from extractor.mentions.parties.provinces import find_provinces
from extractor.records import Language


def _read(text: str, language: Language = "en") -> Article:
    return read_article(text, language=language)


def _currencies(article: Article) -> list[str | None]:
    return [
        amount.currency
        for sentence in article.sentences
        for amount in article.mentions(sentence.id).money
    ]


@pytest.mark.parametrize(
    ("text", "language", "currency"),
    [
        pytest.param(
            "The New Zealand Government told of its plans for rail.\n\n"
            "It will put $462 million into new ferries.",
            "en",
            "NZD",
            id="a dollar of the one country that is named",
        ),
        pytest.param(
            "The Tunisian ministry of transport met in the capital.\n\n"
            "It will pay 48 million dinars for buses.",
            "en",
            "TND",
            id="a dinar, which has no usual meaning",
        ),
        pytest.param(
            "Le gouvernement du Québec a présenté son plan.\n\nIl versera 45 M$ aux écoles.",
            "fr",
            "CAD",
            id="a province where no country is named",
        ),
        pytest.param(
            "Le Nouveau-Brunswick tiendra parole.\n\nL'aide atteindra 31 millions de dollars.",
            "fr",
            "CAD",
            id="a province with the hyphens of its language",
        ),
        pytest.param(
            "Mauritius has a new port plan.\n\nThe authority will spend Rs 1.8 billion on cranes.",
            "en",
            "MUR",
            id="another rupee than the usual one",
        ),
        pytest.param(
            "Le Cameroun agrandit son port.\n\nLa banque prêtera 46 milliards de francs CFA.",
            "fr",
            "XAF",
            id="the other CFA franc",
        ),
        pytest.param(
            "Chính phủ Úc công bố kế hoạch.\n\nHọ sẽ chi 48 triệu đô cho trường học.",
            "vi",
            "AUD",
            id="a short word",
        ),
        pytest.param(
            "Madagascar wants a road. A bank in Singapore looked at it.\n\n"
            "The lender will give $350 million.",
            "en",
            "USD",
            id="dollars of a story that is as much about another country",
        ),
        pytest.param(
            "Québec et la France en parlent, le Japon aussi.\n\nLa scierie y mettra 250 000 $.",
            "fr",
            "CAD",
            id="the sign behind figures in French, beside other countries",
        ),
        pytest.param(
            "Québec et la France en parlent, le Japon aussi.\n\nLe fonds y mettra 250 000 dollars.",
            "fr",
            "USD",
            id="the word in French, beside other countries",
        ),
        pytest.param(
            "Le chantier commence demain.\n\nLa scierie y mettra 250 000 $.",
            "fr",
            "USD",
            id="the sign in French, of nowhere",
        ),
        pytest.param(
            "Le Sénégal agrandit son port.\n\nLa banque prêtera 45 M$.",
            "fr",
            "USD",
            id="the sign in French, of another country",
        ),
        pytest.param(
            "The mayor of Brisbane told of his plans.\n\nThe city will pay $12 million.",
            "en",
            "AUD",
            id="a city that a zone of time is called after",
        ),
        pytest.param(
            "Nelson Mandela Bay University opens a lab.\n\nIt will cost $5 million.",
            "en",
            "USD",
            id="a province's name within a longer name",
        ),
        pytest.param(
            "Uganda has a new port plan.\n\nThe authority will spend Shs98 billion.",
            "en",
            "UGX",
            id="a mark of three shillings",
        ),
        pytest.param(
            "Le Maroc agrandit son port.\n\nLe fonds y mettra 85 millions de DH.",
            "fr",
            "MAD",
            id="a mark of two dirhams",
        ),
        pytest.param(
            "Canada and the United States build a bridge.\n\nIt will cost $5 million.",
            "en",
            "USD",
            id="two dollars, named as often",
        ),
        pytest.param(
            "The United Arab Emirates and Morocco build a port.\n\nIt will cost 5 billion dirhams.",
            "en",
            None,
            id="two dirhams, named as often",
        ),
    ],
)
def test_the_article_tells_a_currency_where_its_sentence_does_not(
    text: str, language: Language, currency: str | None
) -> None:
    assert _currencies(_read(text, language)) == [currency]


def test_a_sentence_that_names_one_country_settles_a_word_without_a_usual_meaning() -> None:
    article = _read(
        "Tunisia and its neighbours meet in Tunisia. Tunisia will speak first.\n\n"
        "Algeria will give 50 million dinars."
    )
    assert _currencies(article) == ["DZD"]


def test_dollars_that_are_converted_to_another_dollar_are_not_that_one() -> None:
    article = _read("Fletcher of Auckland will pay $50 million (US$36 million) for the site.")
    (amount,) = article.mentions(1).money
    assert amount.currency == "NZD"
    assert [one.currency for one in amount.converted] == ["USD"]
    nowhere = _read("Fletcher will pay $50 million (US$36 million) for the site.")
    assert _currencies(nowhere) == [None]


def test_a_bare_sign_beside_marks_of_us_dollars_is_another_dollar_if_there_is_one() -> None:
    local = _read(
        "Jamaica and the United States met.\n\nIt costs $90 million, or pays US$2 million."
    )
    assert _currencies(local) == ["JMD", "USD"]
    nowhere = _read("It costs $90 million.\n\nThe bank lends US$2 million.")
    assert _currencies(nowhere) == ["USD", "USD"]


def test_a_word_that_the_article_also_writes_small_names_no_province() -> None:
    assert list(find_provinces("Delta pays. Its delta is wide.", "en")) == []
    assert list(find_provinces("Ontario pays.", "en")) == ["CA"]


def test_a_table_under_a_bare_dollar_sign_is_in_the_dollars_of_its_article() -> None:
    article = _read(
        "The New Zealand Government told of its plans for rail.\n\n"
        "| Project | Grant ($ million) |\n|---|---|\n| Ferries | 462 |\n| Depots | 97 |\n"
    )
    assert _currencies(article)[-2:] == ["NZD", "NZD"]


def test_the_models_own_currency_stays_where_the_words_allow_it() -> None:
    article = _read("The New Zealand Government met.\n\nIt will put $462 million into ferries.")
    sentence = article.sentences[-1]
    start = sentence.text.index("$")
    span = (start, sentence.text.index(" into"))
    chosen = amount_at(sentence, span, "USD", article)
    assert chosen is not None
    assert chosen.currency == "USD"
    unchosen = amount_at(sentence, span, None, article)
    assert unchosen is not None
    assert unchosen.currency == "NZD"


@given(
    st.dictionaries(st.sampled_from(("US", "CA", "AU", "FR", "VN")), st.integers(1, 9)),
    st.booleans(),
)
def test_dollars_are_not_the_usual_ones_only_where_most_of_what_is_named_has_others(
    named: dict[str, int], usual: bool
) -> None:
    dollars = ("USD", *(code for code in codes_of_kind("dollars") if code != "USD"))
    codes = dollars if usual else ("", *dollars)
    votes = Counter(
        {"USD": named.get("US", 0), "CAD": named.get("CA", 0), "AUD": named.get("AU", 0)}
    )
    (first, most), (_, next_most) = votes.most_common(2)
    told = first if most > next_most else None
    if usual and told and 2 * most <= sum(named.values()):
        told = None
    assert settle(codes, named) == (told or ("USD" if usual else None))
