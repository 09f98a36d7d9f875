"""Stages: from what a model drafted to records that the article bears, merged and numbered.

In this order: what short drafts leave open is resolved and completed; what a small bare model mixes
up is guarded; each claim is built, proved, doubted and pruned; repetitions are merged, and what is
returned is proved once more; parts are tied to wholes; each record gets its confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from extractor.article import Article
from extractor.article.folding import fold_text
from extractor.asking.questions import Drafted
from extractor.checking.building import Built, build, cited_by
from extractor.checking.claims import Claim, claim_of_short, claim_of_whole
from extractor.checking.completing import complete
from extractor.checking.confidence import confidence_of
from extractor.checking.guarding import guard
from extractor.checking.merging import Candidate, Key, merge
from extractor.checking.policy import Policy
from extractor.checking.pruning import prune
from extractor.checking.resolving import givers_by_sentence, with_giver
from extractor.checking.tying import (
    parents_told,
    related_found,
    related_told,
    tie_found,
    tie_told,
    with_related,
    with_tie_verdicts,
)
from extractor.drafts import (
    DraftCommitment,
    DraftEvent,
    InvalidItem,
    WholeCommitment,
    WholeEvent,
    record_type_of,
    sentences_of,
)
from extractor.kinds import KINDS, AnyRecord, kind_of
from extractor.records import Commitment, PolicyEvent, RecordType, Rejected, RejectReason
from extractor.selection import Candidates, Kind

_NAMED = ("who", "to", "targets", "announced_by", "place", "places", "instrument")


@dataclass(frozen=True, slots=True)
class Checked:
    """The records of an article and everything that was refused on the way."""

    commitments: list[Commitment]
    policy_events: list[PolicyEvent]
    rejected: list[Rejected]

    @property
    def records(self) -> list[AnyRecord]:
        """Those of both kinds."""
        return [*self.commitments, *self.policy_events]


@dataclass(frozen=True, slots=True)
class Checks:
    """All that decides how drafts are checked, but for the drafts and the article."""

    policy: Policy
    example_names: frozenset[str] = frozenset()
    """Parties of the prompt's examples, folded: a draft that brings one of them into an article
    that does not name it was copied, not read."""
    min_confidence: float = 0.0
    """Records of less confidence are reported, not returned, if the policy says so."""
    without: frozenset[str] = frozenset()
    """Stages left out, to measure what each is worth."""


STAGES = ("resolve", "complete", "guard", "doubt", "merge", "tie")
"""The stages that can be left out."""


def check_drafts(
    drafts: Sequence[Drafted],
    invalid: Sequence[InvalidItem],
    article: Article,
    checks: Checks,
    candidates: Candidates | None = None,
) -> Checked:
    """The records that the article bears; one bad item never costs the others."""
    run = _Run(article, checks, candidates)
    rejected = [
        _refused(item.record_type, item.text, "invalid_draft", item.sentences) for item in invalid
    ]
    claims, unusable = run.claims(drafts)
    kept, lost = run.pruned(run.built(claim) for claim in claims)
    joined, unproved = run.merged(kept)
    sure, unsure = run.confident(joined)
    numbered = run.numbered(sure)
    final = run.tied(numbered, claims)
    losses = [
        item.model_copy(update={"record_id": None if item.field == "record" else one.record.id})
        for one in numbered
        for item in one.rejected
    ]
    return Checked(
        [record for record in final if isinstance(record, Commitment)],
        [record for record in final if isinstance(record, PolicyEvent)],
        [*rejected, *unusable, *lost, *unproved, *unsure, *losses],
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """The checking of one article."""

    article: Article
    checks: Checks
    candidates: Candidates | None

    def claims(self, drafts: Sequence[Drafted]) -> tuple[list[Claim], list[Rejected]]:
        """What the drafts claim; short ones completed; copied and incomplete ones refused."""
        folded = fold_text(self.article.original).casefold()
        foreign = {name for name in self.checks.example_names if name not in folded}
        drafts_of = Counter(_place(drafted) for drafted in drafts)
        short = [d.draft for d in drafts if isinstance(d.draft, DraftCommitment | DraftEvent)]
        givers = givers_by_sentence(short, self.article)
        claims: list[Claim] = []
        rejected: list[Rejected] = []
        for drafted in drafts:
            if copied := _copied(drafted, foreign):
                rejected.append(_refused(*_told(drafted, copied, "copied_from_prompt")))
                continue
            draft = drafted.draft
            if isinstance(draft, WholeCommitment | WholeEvent):
                claims.append(claim_of_whole(draft, drafted.offers, drafted.place))
                continue
            if self._does("resolve"):
                draft = with_giver(draft, givers, self.article)
            completed = complete(
                draft,
                drafted.offers,
                self.article,
                self._kinds(drafted),
                alone=isinstance(draft, DraftEvent) or drafts_of[_place(drafted)] == 1,
                figures=self._does("complete"),
            )
            if completed is None:
                rejected.append(_refused(*_told(drafted, draft.what, "invalid_draft")))
                continue
            claims.append(claim_of_short(completed, drafted.offers))
        return claims, rejected

    def built(self, claim: Claim) -> Built:
        """The record of a claim, guarded where the policy says so."""
        if self.checks.policy.guards and self._does("guard"):
            claim = guard(claim, cited_by(claim, self.article), self.article)
        return build(claim, self.checks.policy, self.article)

    def pruned(self, built: Iterator[Built]) -> tuple[list[Candidate], list[Rejected]]:
        """The records with what the article bears of them, and those of which nothing is left."""
        kept: list[Candidate] = []
        lost: list[Rejected] = []
        for one in built:
            record, rejected = self._prune(one.record)
            missing = tuple(_missing(one))
            if record is None:
                lost += [*missing, *rejected]
                continue
            claim = one.claim
            key: Key = (claim.reply, claim.place)
            kept.append(
                Candidate(
                    record,
                    frozenset({key}),
                    (*missing, *rejected),
                    apart=claim.place > 0,
                )
            )
        return kept, lost

    def merged(self, candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Rejected]]:
        """The records without repetitions, proved once more, and those that then fail.

        A merge must not have made a value unproved, whatever path it came by.
        """
        proved: list[Candidate] = []
        lost: list[Rejected] = []
        for kind in KINDS.values():
            mine = [one for one in candidates if kind_of(one.record) is kind]
            for candidate in merge(mine, self.article) if self._does("merge") else mine:
                record, rejected = self._prune(candidate.record)
                whole = (*candidate.rejected, *rejected)
                if record is None:
                    lost += whole
                else:
                    proved.append(replace(candidate, record=record, rejected=whole))
        return proved, lost

    def confident(self, candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Rejected]]:
        """The records with their confidence; those of too little are reported."""
        policy = self.checks.policy
        least = self.checks.min_confidence if policy.cuts else 0.0
        kept: list[Candidate] = []
        cut: list[Rejected] = []
        for one in candidates:
            record, confidence = one.record, None
            if self.candidates is not None:
                confidence = confidence_of(record, self._likelihood(record), policy.name)
            if confidence is not None and confidence < least:
                sentences = [item.sentence for item in record.evidence]
                told = f"{record.title} ({confidence:.2f})"
                cut.append(_refused(kind_of(record).name, told, "below_confidence", sentences))
                cut += one.rejected
            else:
                sure = record.model_copy(update={"confidence": confidence})
                kept.append(replace(one, record=sure))
        return kept, cut

    def numbered(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The records with their ids, in the order of the article."""
        counts: Counter[str] = Counter()
        found: list[Candidate] = []
        for one in candidates:
            letter = kind_of(one.record).letter
            counts[letter] += 1
            name = f"{letter}{counts[letter]}"
            found.append(replace(one, record=one.record.model_copy(update={"id": name})))
        return found

    def tied(self, candidates: Sequence[Candidate], claims: Sequence[Claim]) -> list[AnyRecord]:
        """All records, parts tied to wholes and pledges to acts, with the verdicts of the ties."""
        pledges = [one.record for one in candidates if isinstance(one.record, Commitment)]
        acts = [(one.record, one.keys) for one in candidates if isinstance(one.record, PolicyEvent)]
        if not self._does("tie"):
            return [*pledges, *(act for act, _ in acts)]
        if any(claim.place for claim in claims):
            ids = {
                key: one.record.id
                for one in candidates
                if isinstance(one.record, Commitment)
                for key in one.keys
            }
            pledges = tie_told(pledges, parents_told(claims, ids))
            told = related_told(claims, ids)
            tied = [
                with_related(act, [r for k in keys for r in told.get(k, ())]) for act, keys in acts
            ]
        else:
            pledges = tie_found(pledges, self.article)
            tied = [with_related(act, related_found(act, pledges)) for act, _ in acts]
        records: list[AnyRecord] = [*pledges, *tied]
        return [with_tie_verdicts(record) for record in records]

    def _prune(self, record: AnyRecord) -> tuple[AnyRecord | None, tuple[Rejected, ...]]:
        policy = self.checks.policy
        if not self._does("doubt"):
            policy = replace(policy, decides=frozenset())
        kept = prune(record, self.article, policy, self._likelihood(record))
        return kept.record, kept.rejected

    def _does(self, stage: str) -> bool:
        return stage not in self.checks.without

    def _kinds(self, drafted: Drafted) -> Sequence[Kind]:
        """The resources or acts that the finder thinks likely in the sentence of the draft."""
        chosen = self.candidates[record_type_of(drafted.draft)] if self.candidates else {}
        sentence = sentences_of(drafted.draft)[0]
        return chosen[sentence].kinds if sentence in chosen else ()

    def _likelihood(self, record: AnyRecord) -> float:
        """The finder's probability that one of the cited sentences holds such a record."""
        chosen = self.candidates[kind_of(record).name] if self.candidates else {}
        cited = [item.sentence for item in record.evidence]
        return max((chosen[n].probability for n in cited if n in chosen), default=0.0)


def _missing(built: Built) -> Iterator[Rejected]:
    sentences = [item.sentence for item in built.record.evidence]
    for field, words in built.missing:
        item = _refused(built.claim.kind.name, words, "not_in_evidence", sentences)
        yield item.model_copy(update={"field": field})


def _copied(drafted: Drafted, foreign: Collection[str]) -> str | None:
    for field in _NAMED:
        told = getattr(drafted.draft, field, None)
        for name in [told] if isinstance(told, str) else told or ():
            if fold_text(name).casefold().strip() in foreign:
                return str(name)
    return None


def _place(drafted: Drafted) -> tuple[RecordType, int]:
    """The list and the sentence that a draft belongs to."""
    return record_type_of(drafted.draft), sentences_of(drafted.draft)[0]


def _told(
    drafted: Drafted, value: str, reason: RejectReason
) -> tuple[RecordType, str, RejectReason, Sequence[int]]:
    return record_type_of(drafted.draft), value, reason, sentences_of(drafted.draft)[:1]


def _refused(
    record_type: RecordType, value: str, reason: RejectReason, sentences: Sequence[int]
) -> Rejected:
    return Rejected(
        record_type=record_type,
        record_id=None,
        field="record",
        value=value,
        reason=reason,
        sentences=list(sentences),
    )
