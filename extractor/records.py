"""The public contract: what an extraction returns.

The field descriptions are the definitions of the annotation guidelines; `extractor schema` prints
them as JSON Schema. Every field is required and nullable rather than optional, so that the schema
lies inside the strict subset that structured-output modes share. Offsets count Unicode code points
of the article exactly as it was given, 0-based and end-exclusive (W3C Web Annotation).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1.1"

Language = Literal["vi", "fr", "en", "id"]
ResourceKind = Literal[
    "funding",
    "equity",
    "purchase",
    "compute",
    "facility",
    "skills",
    "jobs",
    "output",
    "cooperation",
]
CommitmentStatus = Literal[
    "under_negotiation",
    "planned",
    "announced",
    "agreed",
    "in_progress",
    "completed",
    "cancelled",
]
EventType = Literal[
    "agreement",
    "law_or_regulation",
    "trade_restriction",
    "strategy_or_programme",
    "institution",
    "standard_or_guidance",
    "official_statement",
    "meeting",
]
EventStatus = Literal[
    "under_consideration",
    "proposed",
    "planned",
    "announced",
    "adopted",
    "in_force",
    "occurred",
    "ended",
]
Certainty = Literal["asserted", "hedged"]
Qualifier = Literal["exact", "about", "over", "under", "up_to", "at_least"]
Strategy = Literal["document", "passage", "article"]
Per = Literal["once", "year", "month"]
Scope = Literal["total", "each"]
DateBasis = Literal["explicit", "from_context", "from_reference", "external"]
DateModifier = Literal["start", "mid", "end"]
ActorType = Literal[
    "company",
    "government",
    "gov_agency",
    "igo",
    "university_research",
    "person",
    "consortium",
    "fund",
    "unspecified_group",
]
Verdict = Literal["exact", "normalised", "inferred", "classified", "derived"]
DoubtRule = Literal[
    "negated",
    "hedge_disagrees",
    "status_disagrees",
    "withdrawn",
    "untold",
    "no_authority",
    "unworded",
    "unspecific",
    "roles_swapped",
    "common_noun",
    "party_elsewhere",
    "not_mobilised",
]
PolicyName = Literal["strong", "taught", "told"]
RecordType = Literal["commitment", "policy_event"]
RejectReason = Literal[
    "not_in_evidence",
    "negated",
    "hedge_disagrees",
    "status_disagrees",
    "evidence_outside_body",
    "fails_definition",
    "copied_from_prompt",
    "invalid_draft",
    "below_confidence",
]
Number = int | float


class Contract(BaseModel):
    """Base of all public models: closed and immutable."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )


class TextSpan(Contract):
    """A stretch of the article as given: code points, 0-based, end-exclusive."""

    start: Annotated[int, Field(ge=0)]
    """First code point."""
    end: Annotated[int, Field(ge=0)]
    """One past the last code point."""


class Evidence(TextSpan):
    """A verbatim quote: `article[start:end] == quote`, always one whole sentence of the body."""

    sentence: Annotated[int, Field(ge=1)]
    """Number of the sentence in the body, from 1."""
    quote: str
    """The characters of the article from start to end, unchanged."""


class Actor(Contract):
    """A party named in the article."""

    name: str
    """The party as the article writes it."""
    canonical: str
    """The name in English where a table has it (countries, the EU), else without legal form."""
    type: ActorType
    """What kind of party it is."""
    country: str | None
    """ISO 3166-1 alpha-2, or EU; only for countries, their governments and the EU."""


class Place(Contract):
    """Where the resource is used or built, or where the act applies."""

    name: str
    """The place as the article writes it."""
    country: str | None
    """ISO 3166-1 alpha-2, or EU; null if the name alone does not tell."""
    subdivision: str | None
    """ISO 3166-2; null if unknown."""


class Conversion(Contract):
    """The same amount in another currency, given by the article in brackets."""

    value: Number | None
    """Amount in units of the currency."""
    currency: str | None
    """ISO 4217."""
    qualifier: Qualifier
    """How the article qualifies the converted amount."""
    raw: str
    """Number, scale word and currency as written."""


class Money(Contract):
    """An amount of money as the article gives it: never multiplied, summed or converted by us."""

    value: Number | None
    """Amount in units of the currency (not billions), the lower bound of a range;
    null for a magnitude without a figure ("hundreds of millions")."""
    value_max: Number | None
    """Upper bound of a range, else null."""
    currency: str | None
    """ISO 4217; a bare dollar is USD."""
    qualifier: Qualifier
    """exact, about (khoảng, environ), over (hơn, plus de), under, up_to (tối đa), at_least."""
    per: Per
    """once, or per year or month where the article says so; never multiplied."""
    scope: Scope
    """total, or each (mỗi bên, chacun) where the value is per party or unit; never multiplied."""
    raw: str
    """Number, scale word and currency as written, without the qualifier."""
    converted: list[Conversion]
    """Conversions that the article itself gives."""


class Count(Contract):
    """A quantity that is not money."""

    value: Number | None
    """The number, the lower bound of a range."""
    value_max: Number | None
    """Upper bound of a range, else null."""
    unit: str
    """What is counted: English, singular, snake_case."""
    qualifier: Qualifier
    """As for money."""
    per: Per
    """As for money."""
    scope: Scope
    """As for money."""
    raw: str
    """Number and unit as written, without the qualifier."""


class DateValue(Contract):
    """A date at the precision of the words, never finer."""

    edtf: str | None
    """Extended Date/Time Format (ISO 8601-2); an unknown year is XXXX; null if the words
    cannot be resolved without the publication date and none was given."""
    text: str
    """The words of the article."""
    basis: DateBasis
    """explicit: complete as written; from_context: other words of the article complete it;
    from_reference: resolved with the publication date; external: needs outside knowledge."""
    modifier: DateModifier | None
    """start, mid or end of the period ("cuối năm nay" is the year with modifier end)."""


class FieldVerdict(Contract):
    """How the cited sentences bear one value of a record."""

    field: str
    """Name of the field, with an index for lists: `amount`, `actors[0]`."""
    verdict: Verdict
    """exact: as written; normalised: equal after normalisation; inferred: told elsewhere in the
    article (a party, a currency), or by a cue word; classified: chosen from a closed list by the
    model, which no words can prove; derived: follows from other values."""
    sentence: int | None = None
    """Number of the cited sentence that bears the value; null where no single one does."""


class Doubt(Contract):
    """What a rule of words objects to in a record; it lowers the confidence and decides nothing."""

    rule: DoubtRule
    """negated, hedge_disagrees, status_disagrees: the words say otherwise; withdrawn: another
    clause speaks of a withdrawal; untold: no word says that it is promised or done; no_authority:
    no word names the actor as a public authority; unworded: the title is hardly in the sentences;
    unspecific: no figure, recipient or place; roles_swapped: the receiver is the subject of the
    verb; common_noun: the party has no name; party_elsewhere: another sentence names the party;
    not_mobilised: no word of raising money."""
    field: str
    """The field concerned, or `record`."""
    words: str
    """The words that raise it; empty where words are missing."""
    sentence: int | None
    """The sentence concerned."""


class Record(Contract):
    """What commitments and policy events share."""

    id: str
    """C1, C2, … or E1, E2, … in order of first mention."""
    title: str
    """Short label, for people; not checked."""
    certainty: Certainty
    """hedged only with an explicit hedge (reportedly, may, được cho là, French conditional)."""
    places: list[Place]
    """Places given by the cited sentences."""
    part_of: str | None
    """Id of the record whose money or deliverable contains this one."""
    evidence: Annotated[list[Evidence], Field(min_length=1)]
    """The sentences that prove the record, best first."""
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    """Probability that the article states such a record; null if nothing estimates it."""
    verdicts: list[FieldVerdict]
    """One verdict for each value that is not null."""
    doubts: list[Doubt] = []
    """What rules of words object to; empty if nothing."""


class CommitmentFields(Contract):
    """What only commitments say; labels have the same fields."""

    actors: list[Actor]
    """Who pays or delivers the resource (not who announces it)."""
    recipients: list[Actor]
    """Who receives or benefits; empty if not stated."""
    announced_by: list[Actor]
    """Speaker or authority announcing on behalf of the providers."""
    resource_kind: ResourceKind
    """funding (spend, grant, fund), equity (stake, joint venture), purchase (payment for goods or
    services), compute (chips, cloud in kind), facility (site, lab, data centre, factory), skills
    (people trained), jobs (people hired), output (other counted deliverable), cooperation
    (unquantified help)."""
    finance_role: Literal["provide", "mobilise"] | None
    """Null for kinds without money; mobilise only with a cue (huy động, mobiliser, raise)."""
    amount: Money | None
    """The money, in the original currency."""
    quantity: Count | None
    """The counted deliverable."""
    status: CommitmentStatus
    """The strongest status that the text asserts: under_negotiation (talks), planned (intention),
    announced (unreserved promise), agreed (signed, budgeted), in_progress, completed,
    cancelled (withdrawn, suspended)."""
    announced_on: DateValue | None
    """When it was announced."""
    start: DateValue | None
    """When it starts."""
    deadline: DateValue | None
    """By when it is delivered, opened or spent."""
    duration: str | None
    """ISO 8601 duration; of a range the longer."""
    aggregation: Literal["sum", "includes"] | None
    """On a parent record: its parts add up exactly (sum) or are some of its contents."""


class EventFields(Contract):
    """What only policy events say; labels have the same fields."""

    event_type: EventType
    """By the instrument that exists afterwards: agreement, law_or_regulation (binding),
    trade_restriction (export control, tariff, sanction), strategy_or_programme, institution,
    standard_or_guidance (voluntary), official_statement (position or call by a head of state or
    government, minister or collective organ), meeting (visit, summit, forum)."""
    actors: list[Actor]
    """The acting authorities; the speaker for a statement; the parties to an agreement."""
    targets: list[Actor]
    """Addressed, regulated or affected parties."""
    jurisdictions: list[str]
    """ISO 3166-1 alpha-2 or EU of the acting authorities; ISO 3166-2 of regions and cities."""
    instrument: str | None
    """Verbatim name of the law, programme, plan, initiative or declaration."""
    status: EventStatus
    """under_consideration (weighed), proposed (draft, bill), planned (authority says it will),
    announced (made public), adopted (signed, passed), in_force (operating), occurred (statements
    and meetings), ended."""
    date: DateValue | None
    """When the act happened or will happen."""
    deadline: DateValue | None
    """Compliance or effect date."""
    related_commitments: list[str]
    """Ids of commitments made under the event."""


class Commitment(CommitmentFields, Record):
    """A party's undertaking to provide a resource.

    An identified actor undertakes, plans, is negotiating, is carrying out or has carried out the
    provision of a resource for a purpose or beneficiary, specific enough that a reader could later
    check it.
    """


class PolicyEvent(EventFields, Record):
    """An act of a public authority.

    An act, or announced or contemplated act, by a public authority that makes, changes, proposes or
    steers policy, alone or with others. Companies alone never make one.
    """


class Rejected(Contract):
    """What the article does not bear: reported here, never returned as fact."""

    record_type: RecordType
    """Which list it would have gone to."""
    record_id: str | None
    """The record that lost the value; null if the whole draft was refused."""
    field: str
    """The field, or `record`."""
    value: str
    """What was proposed."""
    reason: RejectReason
    """Why it was refused."""
    sentences: list[int]
    """The sentences cited for it."""


class Notice(Contract):
    """Something the reader of this extraction should know."""

    code: Literal[
        "unsupported_language",
        "no_reference_date",
        "passage_unread",
        "budget_spent",
        "no_body",
        "instructions_ignored",
        "request_adapted",
    ]
    """Stable code."""
    detail: str
    """One sentence, and what to do."""
    sentences: list[int]
    """The sentences concerned; empty if it concerns the whole article."""


class Source(Contract):
    """The document that the article was taken from."""

    media_type: str
    """Its format, such as text/html."""
    bytes_sha256: str
    """Digest of the document as it came."""
    extractor: str
    """Who turned it into text."""
    extractor_version: str
    """Its version: another one may find another text in the same document."""
    published_at_source: str | None
    """Where the date comes from: `caller`, or the place in the document, such as `html:meta`."""
    pages: list[int] | None
    """Where in the article each page begins, in code points; null where a format has none."""


class ArticleInfo(Contract):
    """What was read."""

    # `source` came later: results of the same schema that were kept before have none.
    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    article_id: str | None
    """The caller's id."""
    title: str | None
    """The caller's title, or else that of the document."""
    source_url: str | None
    """The caller's URL, or else the one that the document gives itself: stored, never fetched."""
    sha256: str
    """Digest of the article's UTF-8 bytes."""
    characters: int
    """Length in code points."""
    language: str
    """BCP 47."""
    published_at: str | None
    """ISO 8601 date against which relative dates were resolved."""
    body_span: TextSpan
    """The stretch that is article and not page furniture; nothing outside it is used."""
    sentences: int
    """Number of sentences in the body."""
    source: Source | None = None
    """The document that the text was taken from; null if the caller gave text."""


class PromptStamp(Contract):
    """One prompt file that was used."""

    name: str
    version: str
    sha256: str


class Provenance(Contract):
    """Everything needed to repeat the extraction."""

    schema_version: str
    code_version: str
    model: str
    """Name as asked for."""
    model_digest: str | None
    """sha256 of the weights, for local weights."""
    strategy: Strategy
    policy: PolicyName | None = None
    """Who judges what a record is: the model (strong, taught), or the model and word lists."""
    finder: str | None = None
    """What told how likely each sentence holds a record; null if nothing did."""
    prompts: list[PromptStamp]
    temperature: float
    max_tokens: int
    """Limit of one reply."""
    seed: int


class StageSeconds(Contract):
    """Wall time by stage, in seconds."""

    read: float
    """Body, sentences, mentions, candidate passages."""
    fill: float
    """Model calls, waiting included."""
    check: float
    """Grounding, normalising, merging."""
    total: float


class Usage(Contract):
    """What it cost; every call counts, repairs too."""

    calls: int
    repairs: int
    """Calls that were asked again or split because a reply was cut short, empty or invalid."""
    prompt_tokens: int
    """Tokens sent, those served from the cache included."""
    cached_tokens: int
    output_tokens: int
    cost_usd: float | None
    """Null if the price is not known; 0 for embedded models."""
    seconds: StageSeconds


class Extraction(Contract):
    """The result for one article."""

    article: ArticleInfo
    commitments: list[Commitment]
    policy_events: list[PolicyEvent]
    rejected: list[Rejected]
    notices: list[Notice]
    provenance: Provenance
    usage: Usage
