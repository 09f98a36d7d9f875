"""Formats: from the bytes of a document (HTML, PDF, DOCX, mail, …) to the text of an article."""

from __future__ import annotations

from extractor.formats.document import Document
from extractor.formats.reading import read_document, read_documents

__all__ = ["Document", "read_document", "read_documents"]
