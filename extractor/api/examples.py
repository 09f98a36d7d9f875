"""The example that the OpenAPI document shows: an invented article and what is read from it."""

from __future__ import annotations

from hashlib import sha256

from extractor.models.base import JsonValue
from extractor.records import SCHEMA_VERSION

ARTICLE = (
    "Nordlys Compute will invest over 40 million euros in a data centre in Tromsø "
    "by the end of 2027."
)

REQUEST: dict[str, JsonValue] = {
    "text": ARTICLE,
    "language": "en",
    "published_at": "2026-03-31",
    "article_id": "nordlys",
}

EXTRACTION: dict[str, JsonValue] = {
    "article": {
        "article_id": "nordlys",
        "title": None,
        "source_url": None,
        "sha256": sha256(ARTICLE.encode()).hexdigest(),
        "characters": len(ARTICLE),
        "language": "en",
        "published_at": "2026-03-31",
        "body_span": {"start": 0, "end": len(ARTICLE)},
        "sentences": 1,
    },
    "commitments": [
        {
            "id": "C1",
            "title": "invest in a data centre",
            "certainty": "asserted",
            "places": [{"name": "Tromsø", "country": None, "subdivision": None}],
            "part_of": None,
            "evidence": [{"start": 0, "end": len(ARTICLE), "sentence": 1, "quote": ARTICLE}],
            "confidence": 0.94,
            "verdicts": [
                {"field": "actors[0]", "verdict": "exact", "sentence": 1},
                {"field": "resource_kind", "verdict": "classified", "sentence": None},
                {"field": "finance_role", "verdict": "inferred", "sentence": None},
                {"field": "amount", "verdict": "normalised", "sentence": 1},
                {"field": "status", "verdict": "inferred", "sentence": None},
                {"field": "certainty", "verdict": "inferred", "sentence": None},
                {"field": "deadline", "verdict": "normalised", "sentence": 1},
                {"field": "places[0]", "verdict": "exact", "sentence": 1},
            ],
            "doubts": [],
            "actors": [
                {
                    "name": "Nordlys Compute",
                    "canonical": "Nordlys Compute",
                    "type": "company",
                    "country": None,
                }
            ],
            "recipients": [],
            "announced_by": [],
            "resource_kind": "funding",
            "finance_role": "provide",
            "amount": {
                "value": 40_000_000,
                "value_max": None,
                "currency": "EUR",
                "qualifier": "over",
                "per": "once",
                "scope": "total",
                "raw": "40 million euros",
                "converted": [],
            },
            "quantity": None,
            "status": "announced",
            "announced_on": None,
            "start": None,
            "deadline": {
                "edtf": "2027",
                "text": "by the end of 2027",
                "basis": "explicit",
                "modifier": "end",
            },
            "duration": None,
            "aggregation": None,
        }
    ],
    "policy_events": [],
    "rejected": [],
    "notices": [],
    "provenance": {
        "schema_version": SCHEMA_VERSION,
        "code_version": "0.2.0",
        "model": "openai/example",
        "model_digest": None,
        "strategy": "document",
        "policy": "strong",
        "finder": "trained 0123456789ab",
        "prompts": [{"name": "document", "version": "2", "sha256": sha256(b"").hexdigest()}],
        "temperature": 0.0,
        "max_tokens": 4096,
        "seed": 0,
    },
    "usage": {
        "calls": 1,
        "repairs": 0,
        "prompt_tokens": 900,
        "cached_tokens": 0,
        "output_tokens": 80,
        "cost_usd": None,
        "seconds": {"read": 0.002, "fill": 1.4, "check": 0.001, "total": 1.403},
    },
}
