"""Values and bytes -> digests: how the engine tells whether two things are the same."""

from hashlib import blake2b
from typing import Any, TypeVar

import msgspec

ABSENT = b"absent"
"""Stands for the digest of a file that is not there."""
UNREADABLE = b"unreadable"
"""Stands for the digest of a file that cannot be read; it is equal to nothing, not even to itself."""

T = TypeVar("T")

_encoder = msgspec.msgpack.Encoder()


def encode(value: Any) -> bytes:
    """Return a value of Structs and plain types as MessagePack; a mapping keeps its order, which templates see."""
    return _encoder.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """Return the value of type `kind` that `encode` made `data` of.

    Raises:
        msgspec.ValidationError: When the bytes hold something else.
    """
    return msgspec.msgpack.decode(data, type=kind)


def digest(*parts: bytes) -> bytes:
    """Return 16 bytes that stand for these parts in this order (BLAKE2b; lengths are part of what is hashed)."""
    hasher = blake2b(digest_size=16)
    if len(parts) > 1:
        hasher.update(",".join([str(len(part)) for part in parts]).encode())
    for part in parts:
        hasher.update(part)
    return hasher.digest()


def digest_of(value: Any) -> bytes:
    """Return the digest of a value of Structs and plain types."""
    return digest(_encoder.encode(value))
