"""The task as langextract takes it: a description and worked examples, one per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

Attributes: TypeAlias = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be found in an example: verbatim words, and what they say."""

    kind: str
    quote: str
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Example:
    """A text with all that is to be found in it."""

    text: str
    items: tuple[Item, ...]


DESCRIPTION: Final = """\
Extract commitments and policy events from a news article in Vietnamese, French or English.
A commitment: a named party undertakes, plans, negotiates, carries out or has carried out the \
provision of a resource (money, chips, a site, training, jobs), specific enough to be checked \
later. resource_kind: funding, equity, purchase, compute, facility, skills, jobs, output or \
cooperation. status: under_negotiation, planned, announced, agreed, in_progress, completed or \
cancelled. amount is in units of the currency (ISO 4217), not in billions.
A policy event: an act, or announced or planned act, of a public authority. event_type: \
agreement, law_or_regulation, trade_restriction, strategy_or_programme, institution, \
standard_or_guidance, official_statement or meeting. status: under_consideration, proposed, \
planned, announced, adopted, in_force, occurred or ended.
Statistics, forecasts, opinions, product news and page furniture are neither. Dates are EDTF.
Use exact text of the article, in order of appearance, without paraphrase or overlap."""


def _commitment(quote: str, **attributes: str | list[str]) -> Item:
    blank: Attributes = {
        "actors": [],
        "recipients": [],
        "resource_kind": "",
        "amount": "",
        "currency": "",
        "quantity": "",
        "unit": "",
        "status": "",
        "certainty": "asserted",
        "deadline": "",
    }
    return Item("commitment", quote, {**blank, **attributes})


def _event(quote: str, **attributes: str | list[str]) -> Item:
    blank: Attributes = {
        "event_type": "",
        "actors": [],
        "targets": [],
        "instrument": "",
        "status": "",
        "certainty": "asserted",
        "date": "",
        "deadline": "",
    }
    return Item("policy_event", quote, {**blank, **attributes})


EXAMPLES: Final = (
    Example(
        "Orvane Power said on Tuesday it will invest $3.2 billion in solar parks in Peru by "
        "2031. Analysts expect demand to double.",
        (
            _commitment(
                "Orvane Power said on Tuesday it will invest $3.2 billion in solar parks in Peru "
                "by 2031.",
                actors=["Orvane Power"],
                recipients=["Peru"],
                resource_kind="funding",
                amount="3200000000",
                currency="USD",
                status="announced",
                deadline="2031",
            ),
        ),
    ),
    Example(
        "Le ministère marocain de la Santé a adopté le 3 mars le plan Santé 2030. Il formera "
        "4 000 infirmiers.",
        (
            _event(
                "Le ministère marocain de la Santé a adopté le 3 mars le plan Santé 2030.",
                event_type="strategy_or_programme",
                actors=["Le ministère marocain de la Santé"],
                instrument="plan Santé 2030",
                status="adopted",
                date="XXXX-03-03",
            ),
            _commitment(
                "Il formera 4 000 infirmiers.",
                actors=["Le ministère marocain de la Santé"],
                resource_kind="skills",
                quantity="4000",
                unit="person",
                status="announced",
            ),
        ),
    ),
    Example(
        "Công ty Halvex đang đàm phán bán 600 xe buýt điện cho thành phố Cebu. Năm ngoái doanh "
        "thu của hãng tăng 12%.",
        (
            _commitment(
                "Công ty Halvex đang đàm phán bán 600 xe buýt điện cho thành phố Cebu.",
                actors=["Halvex"],
                recipients=["Cebu"],
                resource_kind="output",
                quantity="600",
                unit="bus",
                status="under_negotiation",
            ),
        ),
    ),
)
