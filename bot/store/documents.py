"""Reviews and changes as JSON documents.

The text is plain ASCII: surrogates, which stand for undecodable bytes of a diff, and NUL are escaped. Fields that
a document lacks get their defaults and fields that are gone are ignored, so that older documents stay readable.
"""

from __future__ import annotations

import json
import zlib
from typing import TypeVar

from pydantic import TypeAdapter

from bot.domain.change import Change
from bot.domain.review import Review

T = TypeVar("T")

REVIEW = TypeAdapter(Review)
CHANGE = TypeAdapter(Change)


class DocumentDamaged(Exception):
    """A stored document does not describe what it should."""


def dump_review(review: Review) -> str:
    """Write a review as JSON."""
    return _dump(REVIEW, review)


def load_review(text: str) -> Review:
    """Read a review.

    Raises:
        DocumentDamaged: It is none.
    """
    return _load(REVIEW, text)


def dump_change(change: Change) -> bytes:
    """Write a change as compressed JSON, about a fifteenth of its size."""
    return zlib.compress(_dump(CHANGE, change).encode("ascii"))


def load_change(data: bytes) -> Change:
    """Read a change.

    Raises:
        DocumentDamaged: It is none.
    """
    try:
        text = zlib.decompress(data)
    except (zlib.error, TypeError) as error:
        raise DocumentDamaged(type(error).__name__) from error
    return _load(CHANGE, text)


def _dump(adapter: TypeAdapter[T], value: T) -> str:
    # not dump_json: it writes UTF-8 and refuses surrogates
    return json.dumps(adapter.dump_python(value, mode="json"), separators=(",", ":"))


def _load(adapter: TypeAdapter[T], text: str | bytes) -> T:
    try:
        return adapter.validate_python(json.loads(text))
    except (ValueError, TypeError) as error:  # also of json and of pydantic
        raise DocumentDamaged(type(error).__name__) from error
