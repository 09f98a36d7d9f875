"""Models behind a provider's API or a server: one client over two wires, in each one's dialect."""

from extractor.models.remote.client import RemoteModel
from extractor.models.remote.dialect import Dialect, dialect_of
from extractor.models.remote.wire import Call, Refused, Wire

__all__ = ["Call", "Dialect", "Refused", "RemoteModel", "Wire", "dialect_of"]
