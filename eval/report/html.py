"""One self-contained page of one or more runs: it opens offline and asks nothing of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eval.judging.comparison import CorpusComparison
from eval.judging.slicing import slices_of
from eval.report.articles import ArticleRow, articles_of
from eval.report.cases import cases_of, filters_of
from eval.report.conditions import changes, rule_tables, run_tables
from eval.report.confidence import left_out
from eval.report.drawing import Plot
from eval.report.grid import Grid
from eval.report.label_places import LabelPlaces
from eval.report.plots import confidence_plots, plots_of
from eval.report.roster import Entry, Roster, roster_of
from eval.report.scores import (
    ceiling_table,
    confidence_table,
    cost_table,
    pair_table,
    sample_in_words,
    score_table,
    trust_table,
)
from eval.report.slices import error_table, field_details, field_table, slice_tables
from eval.report.tables import HEADINGS
from eval.runs.results import RunRecord
from eval.scoring.rules import RECORD_TYPES, Rules
from extractor.errors import require
from extractor.records import RecordType

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATES: Final = Path(__file__).parent
_PAGE: Final = "page.html.j2"


@dataclass(frozen=True, slots=True)
class KindSection:
    """One kind of record on one corpus; never summed with the other."""

    anchor: str
    heading: str
    scores: Grid
    trust: Grid
    plots: tuple[Plot, ...]
    confidence: Grid
    confidence_plots: tuple[Plot, ...]
    without_confidence: str
    """Who is left out there, in a line; empty if nobody is."""
    pairs: Grid | None
    errors: Grid
    fields: Grid
    field_details: tuple[tuple[str, Grid], ...]
    slices: tuple[Grid, ...]
    ceiling: Grid | None


@dataclass(frozen=True, slots=True)
class Section:
    """One corpus."""

    anchor: str
    found: CorpusComparison
    languages: str
    sample: str
    entries: tuple[Entry, ...]
    """In the order of this corpus's ranking."""
    cost: Grid
    kinds: tuple[KindSection, ...]
    """Empty if no contender has finished."""
    articles: tuple[ArticleRow, ...]


def render_html(
    comparisons: Sequence[CorpusComparison],
    records: Sequence[RunRecord],
    rules: Rules,
    places: LabelPlaces | None = None,
) -> str:
    """The page: conditions, comparison, plots, slices, and every article with every error named.

    `places` tells where labels can be corrected; their files if it is not given.

    Texts of articles and of models are shown as they are and never interpreted.
    """
    roster = roster_of(comparisons)
    places = places or LabelPlaces()
    cases = [case for found in comparisons for case in cases_of(found, roster, rules, places)]
    entries = tuple(roster.values())
    return _template().render(
        cases=cases,
        filters=filters_of(cases, entries),
        entries=entries,
        sections=[
            _section(found, f"corpus-{number}", roster, rules)
            for number, found in enumerate(comparisons, start=1)
        ],
        runs=[tuple(run_tables(record)) for record in records],
        changes=changes(comparisons, records, rules),
        rules=rules,
        rule_tables=tuple(rule_tables(rules)),
    )


def _section(found: CorpusComparison, anchor: str, roster: Roster, rules: Rules) -> Section:
    languages = Counter(item.gold.document.language for item in found.corpus.items)
    return Section(
        anchor=anchor,
        found=found,
        languages=", ".join(f"{times} {name}" for name, times in sorted(languages.items())),
        sample=sample_in_words(found),
        entries=tuple(roster[result.contender] for result in found.results),
        cost=cost_table(found, roster),
        kinds=tuple(
            _kind_section(found, record_type, f"{anchor}-{record_type}", roster, rules)
            for record_type in RECORD_TYPES
            if found.results
        ),
        articles=tuple(articles_of(found, roster, rules)),
    )


def _kind_section(
    found: CorpusComparison, record_type: RecordType, anchor: str, roster: Roster, rules: Rules
) -> KindSection:
    slices = slices_of(found, record_type, rules)
    return KindSection(
        anchor=anchor,
        heading=HEADINGS[record_type],
        scores=score_table(found, record_type, roster),
        trust=trust_table(found, record_type, roster),
        plots=plots_of(found, record_type, roster, anchor),
        confidence=confidence_table(found, record_type, roster),
        confidence_plots=tuple(confidence_plots(found, record_type, roster, anchor)),
        without_confidence=left_out(found.results, record_type),
        pairs=pair_table(found, record_type),
        errors=error_table(found, record_type, roster),
        fields=field_table(found, record_type, roster),
        field_details=field_details(found, record_type),
        slices=tuple(slice_tables(found, record_type, roster, slices)),
        ceiling=ceiling_table(found.ceiling.of(record_type)) if found.ceiling else None,
    )


@cache
def _template() -> Template:
    require("jinja2", extra="eval", wanted="The page")
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Articles, labels and replies are strangers' texts: everything is escaped.
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(_PAGE)
