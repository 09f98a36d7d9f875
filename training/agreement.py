"""`python -m training.agreement`: how far the second, blind labels agree with the first."""

from __future__ import annotations

from eval.cli.agreement import print_tables
from eval.judging.annotators import agreement_of
from eval.scoring.rules import load_rules
from training.corpora import ARTICLES, DATA, SECOND, as_corpus, passages_in


def main() -> None:
    """Print the agreement on the passages that were labelled twice."""
    second = passages_in(SECOND)
    twice = {passage.id for passage in second}
    labelled = (*passages_in(DATA), *passages_in(ARTICLES))
    first = [passage for passage in labelled if passage.id in twice]
    print_tables(agreement_of(as_corpus(first, "first"), as_corpus(second, "second"), load_rules()))


if __name__ == "__main__":
    main()
