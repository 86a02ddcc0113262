"""What the numbers mean that NVIDIA's driver reports errors by.

Source: NVIDIA, "XID Errors", the catalogue of the data centre driver.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Origin = Literal["hardware", "application", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Xid:
    """One error: in few words, and whether the board or the program on it is usually at fault."""

    words: str
    origin: Origin


_HARDWARE: Mapping[int, str] = {
    48: "double bit ECC error",
    61: "internal microcontroller breakpoint",
    62: "internal microcontroller halt",
    64: "a page or row could not be retired",
    74: "NVLink error",
    79: "the GPU has fallen off the bus",
    92: "high rate of single bit ECC errors",
    95: "uncontained memory error",
    119: "the GPU's system processor does not answer",
    120: "the GPU's system processor failed",
    121: "chip-to-chip link error",
    140: "unrecovered ECC error",
}
_APPLICATION: Mapping[int, str] = {
    13: "exception of the graphics engine",
    31: "page fault in GPU memory",
    43: "the GPU stopped processing a program",
    45: "cleanup after an earlier error or a killed program",
    69: "class error of the graphics engine",
    94: "contained memory error; the program that met it ended",
    109: "timeout while switching programs",
}
_OTHER: Mapping[int, str] = {63: "a page or row was retired"}


def xid(number: int) -> Xid:
    """Return what a number means; those we do not know may be anything."""
    if number in _HARDWARE:
        return Xid(words=_HARDWARE[number], origin="hardware")
    if number in _APPLICATION:
        return Xid(words=_APPLICATION[number], origin="application")
    return Xid(words=_OTHER.get(number, "see NVIDIA's catalogue"), origin="unknown")
