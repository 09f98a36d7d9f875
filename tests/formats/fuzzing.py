"""Documents broken at random, from a seed: each is read or refused, soon and in little memory.

By hand, with as many as one likes: `python -m tests.formats.fuzzing 5000`.
"""

from __future__ import annotations

import logging
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from extractor.errors import InputError
from extractor.formats import isolation, media, read_documents
from tests.formats.files import docx, mail, paragraph, styles, table
from tests.formats.pages import WORDS, dated, page
from tests.formats.pdfs import Line, pdf
from tests.formats.pdfs import paragraph as lines

_FEED: Final = (
    '<?xml version="1.0"?><rss version="2.0"><channel><item><title>Tugs</title>'
    "<link>https://news.example/</link><pubDate>Thu, 11 Apr 2024 08:00:00 +0200</pubDate>"
    "<description><![CDATA[<p>The port will buy six tugs.</p>]]></description></item></channel>"
    "</rss>"
)
_NAMES = "div p table tr td span a ul li style script template b section pre form"
_TAGS: Final = _NAMES.split()
_DRAWN: Final = (
    *("q", "Q", "BT", "ET", "1 0 0 1 9e9 -9e9 cm", "/F 0 Tf", "/F 99999 Tf", "<0001> Tj", "-1 Tr"),
    *("0 0 0 0 0 0 Tm", "[(a) 1e30 <00>] TJ", "1 1 1 rg", "0 0 999 999 re f", "/X Do", "7 Tr"),
)
_PIECES: Final = (
    *(b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"<", b">", b"&", b"&#x110000;", b"&#0;", b"]]>", b"%"),
    *(b"--", b"\r\n\r\n", b"obj", b"endobj", b"stream", b"<<", b">>", b"9" * 40, b"-1", b"/Kids"),
    *(b"R", b"<!DOCTYPE x [<!ENTITY a 'a'>]>", b"display:none", b"=?utf-8?B?//8=?=", b"PK\x05\x06"),
)


def _html(rng: random.Random) -> bytes:
    soup = []
    for _ in range(rng.choice([3, 30, 300])):
        tag = rng.choice(_TAGS)
        soup.append(rng.choice([f"<{tag}>", f"</{tag}>", f"<{tag} style='x:{tag}'>", "words. "]))
    language = rng.choice([*WORDS])
    whole = page(language, inside="".join(soup), head=dated() if rng.random() < 0.5 else "")
    return whole.encode(rng.choice(["utf-8", "utf-8", "utf-16", "cp1258"]), "replace")


def _pdf(rng: random.Random) -> bytes:
    first, second = rng.choice([*WORDS.values()])[1:]
    where = rng.uniform(-100, 900)
    return pdf(
        lines(first, y=100, characters=40) + [Line(second, x=where, y=where, size=where / 30)],
        lines(second, y=rng.uniform(0, 900), characters=30),
        before=" ".join(rng.choices(_DRAWN, k=rng.choice([0, 3, 200]))),
        rotate=rng.choice([0, 90, 180, 270, 45, -90]),
    )


def _docx(rng: random.Random) -> bytes:
    body = paragraph(WORDS["vi"][1]) + table(("2025", "3")) + paragraph("x", run="<w:vanish/>")
    if rng.random() < 0.7:
        # Broken inside: the archive itself stays whole.
        body = _broken(rng, body.encode()).decode("utf-8", "ignore").replace("\0", "")
    return docx(body, parts={"word/styles.xml": styles("a")})


def _mail(rng: random.Random) -> bytes:
    first, second = WORDS[rng.choice([*WORDS])][1:]
    html = page("fr") if rng.random() < 0.7 else None
    return mail(f"{first}\n\n{second}\n" if rng.random() < 0.5 or not html else None, html)


def _feed(rng: random.Random) -> bytes:
    inner = _broken(rng, b"<p>The port <b>will</b> buy six tugs.</p>").decode("utf-8", "ignore")
    inner = inner.replace("]]>", "").replace("\0", "")
    return _FEED.replace("<p>The port will buy six tugs.</p>", inner).encode()


def _hostile_html(rng: random.Random) -> bytes:
    """A page made to cost: deep, long, wide, entangled or in a wrong charset."""
    many = rng.choice([300, 3_000, 30_000])
    secret = "The port will buy six tugs for 90 million euros. "
    match rng.randrange(10):
        case 0:
            tag = rng.choice(_TAGS)
            inside = f"<{tag}>" * many + secret
        case 1:
            inside = f'<p class="{"related " * many}" style="{"color:#fff;" * many}">{secret}</p>'
        case 2:
            inside = f"<p><a href='/a'>{secret}</a> {secret}</p>" * (many // 10)
        case 3:
            inside = f"<div class='card'><div><a href='/a'>{secret}</a><p>{secret}</p></div></div>"
            inside *= many // 30
        case 4:
            rules = f".n{{display:none}}#i{{color:#fff}}{'{' * rng.randrange(9)}"
            inside = f"<style>{rules * (many // 10)}</style><p class='m' id='j'>{secret}</p>"
        case 5:
            row = "<tr>" + f"<td><table><tr><td>{secret}" * rng.choice([1, 20, 90])
            inside = f"<table>{row * rng.choice([1, 5])}</table>"
        case 6:
            entities = "".join(f"<!ENTITY e{n} '&e{n - 1};&e{n - 1};'>" for n in range(1, 30))
            inside = f"<!DOCTYPE x [<!ENTITY e0 'tugs'>{entities}]><p>&e29; {secret}</p>"
        case 7:
            inside = f"<form><input type='text'>{'<div>' * 90}{secret * (many // 30)}"
        case 8:
            inside = f"<blockquote>{secret}</blockquote>" * (many // 10)
        case _:
            inside = "<ul>" + f"<li>{secret}<ul>" * 80 + f"<br>{secret}" * (many // 10)
    whole = page(rng.choice([*WORDS]), inside=inside, charset=rng.choice(["utf-8", "x", "utf-7"]))
    return whole.encode(rng.choice(["utf-8", "utf-16-le", "cp1258", "shift_jis"]), "replace")


def _hostile_docx(rng: random.Random) -> bytes:
    """A document that is small only while it is packed, or whose XML defines entities."""
    zeros = rng.choice([1_000, 1_000_000, 40_000_000])
    if rng.random() < 0.5:
        return docx(paragraph("x" * min(zeros, 4_000_000)), parts={"word/a.xml": "0" * zeros})
    entities = "".join(f"<!ENTITY e{n} '&e{n - 1};&e{n - 1};'>" for n in range(1, 40))
    declared = f"<!DOCTYPE x [<!ENTITY e0 'tugs'>{entities}]>"
    return docx(paragraph("&e39;"), parts={"word/styles.xml": declared + styles("a")})


def _hostile_pdf(rng: random.Random) -> bytes:
    """Many lines in few places, or one line very often."""
    first, second = rng.choice([*WORDS.values()])[1:]
    many = rng.choice([50, 500, 3_000])
    where = (rng.uniform(0, 600), rng.uniform(0, 800), rng.choice([0.5, 9, 90]))
    crowd = [Line(first[:20], x=where[0], y=where[1], size=where[2]) for _ in range(many)]
    return pdf(*[crowd, lines(second, y=90, characters=30)] * rng.choice([1, 1, 5]))


def _hostile_mail(rng: random.Random) -> bytes:
    """Headers and parts without end, and HTML that a page may not have either."""
    many = rng.choice([10, 300, 3_000])
    body = _hostile_html(rng).decode("utf-8", "ignore").replace("\0", "")
    whole = mail(None, body)
    match rng.randrange(3):
        case 0:
            return b"X-A: " + b"b" * 70 * many + b"\n" + whole
        case 1:
            part = b'Content-Type: multipart/mixed; boundary="a"\n\n--a\n'
            return b"MIME-Version: 1.0\n" + part * many
        case _:
            return whole


_MAKERS: Final[dict[str, Callable[[random.Random], bytes]]] = {
    media.HTML: _html,
    media.PDF: _pdf,
    media.DOCX: _docx,
    media.MAIL: _mail,
    media.RSS: _feed,
}


_HOSTILE: Final[dict[str, Callable[[random.Random], bytes]]] = {
    media.HTML: _hostile_html,
    media.PDF: _hostile_pdf,
    media.DOCX: _hostile_docx,
    media.MAIL: _hostile_mail,
}
_HOW_HOSTILE: Final = 0.2
"""The share of documents that are made to cost, not broken."""


_OFTEN: Final = {media.DOCX: 0.4, media.RSS: 0.5}
"""How often the whole is broken too; archives and XML are seldom read after that."""


def _broken(rng: random.Random, data: bytes) -> bytes:
    """The bytes with some of them changed, cut, doubled or put elsewhere."""
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 3, 20])):
        at = rng.randrange(len(out) + 1)
        end = min(len(out), at + rng.choice([1, 4, 60, 2_000]))
        match rng.randrange(6):
            case 0:
                out[at:end] = rng.randbytes(end - at)
            case 1:
                del out[at:end]
            case 2:
                out[at:at] = rng.choice(_PIECES) * rng.choice([1, 1, 5, 500])
            case 3:
                out[at:at] = out[at:end] * rng.choice([1, 20])
            case 4 if out[at:end]:
                out[at] ^= 1 << rng.randrange(8)
            case _:
                out = out[: max(1, at)]
    return bytes(out)


@dataclass
class Report:
    """What became of the documents."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """Seconds of the clock, which other work on the machine makes longer."""
    which: str = ""
    """The document that took them."""
    processor: float = 0.0
    """The most seconds of processor time that one document took."""
    memory: int = 0
    """The most that one of the reading processes ever held, in bytes."""


def run(count: int, *, seed: int = 0, seconds: float = 30.0) -> Report:
    """Read so many broken documents."""
    report = Report()
    spent: dict[int, float] = {}
    for number in range(count):
        rng = random.Random(seed * 1_000_003 + number)  # noqa: S311 - what is drawn is no secret
        kind = rng.choice([*_MAKERS])
        if rng.random() < _HOW_HOSTILE and kind in _HOSTILE:
            data = _HOSTILE[kind](rng)
        else:
            data = _MAKERS[kind](rng)
            if rng.random() < _OFTEN.get(kind, 0.9):
                data = _broken(rng, data)
        started = time.perf_counter()
        try:
            found = list(read_documents(data, media_type=kind, seconds=seconds))
            outcome = "read" if all(each.text.strip() for each in found) else "empty"
        except InputError as error:
            outcome = error.detail
        except Exception as error:
            outcome = f"defect {type(error).__name__}"
        report.outcomes[f"{kind}: {outcome}"] += 1
        seconds_taken = time.perf_counter() - started
        if seconds_taken > report.slowest:
            report.slowest, report.which = seconds_taken, f"{kind} {seed}/{number}"
        if outcome.startswith(("defect", "empty", "The document was not read within")):
            report.faults.append(f"{kind} {seed}/{number}: {outcome}")
        for child in isolation._CHILDREN._idle:
            process = psutil.Process(child._process.pid)
            report.memory = max(report.memory, _peak(process))
            total = process.cpu_times().user + process.cpu_times().system
            # What a new process takes to start is not of its first document.
            if process.pid in spent:
                report.processor = max(report.processor, total - spent[process.pid])
            spent[process.pid] = total
    return report


def _peak(process: psutil.Process) -> int:
    """The most that a process ever held in memory, in bytes; what it holds where none tells."""
    told = Path(f"/proc/{process.pid}/status")
    if told.exists() and (found := re.search(r"VmHWM:\s*(\d+) kB", told.read_text())):
        return 1024 * int(found[1])
    return int(process.memory_info().rss)


def main() -> None:
    """Print what became of them."""
    logging.basicConfig(level=logging.WARNING)
    report = run(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    for outcome, count in sorted(report.outcomes.items()):
        print(f"{count:6} {outcome}")
    print(f"slowest {report.slowest:.2f} s ({report.which}); processor {report.processor:.2f} s")
    print(f"memory {report.memory / 1e6:.0f} MB")
    print(*report.faults, sep="\n")


if __name__ == "__main__":
    main()
