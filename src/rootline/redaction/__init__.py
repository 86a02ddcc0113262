"""Secrets out of text, before it is stored and before any model sees it."""

from rootline.redaction.redactor import Redactor

__all__ = ["Redactor"]
