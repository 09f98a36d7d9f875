"""Every way to reach a language model, behind one small interface."""

from extractor.models.base import Message, ModelClient, ModelReply, ModelRequest, TokenUsage
from extractor.models.opening import open_model
from extractor.models.scripted import ScriptedModel

__all__ = [
    "Message",
    "ModelClient",
    "ModelReply",
    "ModelRequest",
    "ScriptedModel",
    "TokenUsage",
    "open_model",
]
