"""CueLists: the words of a language that steer the rules, as `cues.toml` of its folder has them.

Every list must be there; one may be empty where a language has no such word.
"""

from __future__ import annotations

from typing import TypeAlias

from extractor.languages.part import Part

Phrases: TypeAlias = tuple[str, ...]


class CueLists(Part):
    """The cues of one language; how a phrase is written is told at the top of its file."""

    hanging: Phrases = ()
    """Phrases that hang on the word before them, without a word boundary between."""

    negation: Phrases
    not_negation: Phrases
    """Phrases that hold a negation word and negate nothing."""
    denial: Phrases
    """What denies the whole sentence, in whatever clause it stands."""
    rumour: Phrases
    """What calls the whole sentence a rumour, in whatever clause it stands."""
    hedge: Phrases

    status_under_negotiation: Phrases
    status_planned: Phrases
    status_announced: Phrases
    status_agreed: Phrases
    status_in_progress: Phrases
    status_completed: Phrases
    status_cancelled: Phrases

    anaphora: Phrases
    """A clause that opens with one may stand for a party named in an earlier sentence."""
    including: Phrases
    """Between an umbrella amount and its part in one sentence."""
    mobilise: Phrases
    giving: Phrases
    """Signs of someone providing a resource: with a figure or without."""
    authority: Phrases
    """Public authorities, named by what they are."""
    act: Phrases
    """Signs of an act of policy."""

    event_under_consideration: Phrases
    event_proposed: Phrases
    event_planned: Phrases
    event_announced: Phrases
    event_adopted: Phrases
    event_in_force: Phrases
    event_occurred: Phrases
    event_ended: Phrases

    agent: Phrases
    """The giver may stand after the verb only with one of these."""
    clause: Phrases
    """Where a new clause starts, besides punctuation."""
    buying: Phrases
    """Money for a seller's goods or services."""
    equity: Phrases
    training: Phrases
    hiring: Phrases
    building: Phrases
    locative: Phrases
    """Before a name these make it a place, whatever else it could be."""
    locative_of_receivers: bool = False
    """Whether they stand before receivers too."""
