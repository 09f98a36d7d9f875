"""What a user would write in its place: a route, instructor, and a small record.

No sentence is read, no value checked, nothing kept; what the model says is what the caller gets.
"""

from __future__ import annotations

import sys

import instructor
import uvicorn
from fastapi import FastAPI
from openai import AsyncOpenAI
from pydantic import BaseModel

_SYSTEM = (
    "You list the commitments that a news article states: who pays or delivers, what, how much, "
    "in which currency, and until when. Copy names exactly; null where the article does not say."
)


class BareRecord(BaseModel):
    """One commitment."""

    payer: str
    what: str
    amount: float | None
    currency: str | None
    deadline: str | None


class BareRecords(BaseModel):
    """All commitments of an article."""

    records: list[BareRecord]


class Request(BaseModel):
    """An article."""

    text: str


def create_app(base_url: str) -> FastAPI:
    """The service, with a client for the model at this address."""
    app = FastAPI()
    client = instructor.from_openai(AsyncOpenAI(base_url=base_url, api_key="none", max_retries=0))

    @app.get("/healthz")
    async def healthz() -> str:
        return "ok"

    @app.post("/extract")
    async def extract(request: Request) -> BareRecords:
        return await client.chat.completions.create(
            model="fake",
            response_model=BareRecords,
            max_retries=0,
            messages=[
                {"role": "system", "content": _SYSTEM},
                {"role": "user", "content": request.text},
            ],
        )

    return app


if __name__ == "__main__":
    uvicorn.run(create_app(sys.argv[2]), port=int(sys.argv[1]), backlog=2048)
