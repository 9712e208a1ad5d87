"""Which characters stand in a piece of XML, found with memory scans instead of one by one."""

from __future__ import annotations

_CONTROLS = tuple(bytes([n]) for n in range(32) if n not in b"\t\n\r")


def are_allowed(xml: bytes, start: int, end: int) -> bool:
    """Whether that piece has only characters that XML allows, as far as it is UTF-8.

    References and markup are not looked at, but for ``]]>``, which no text may hold.
    """
    if any(xml.find(control, start, end) >= 0 for control in _CONTROLS):
        return False
    # U+FFFE and U+FFFF; most forms have nothing near them.
    if xml.find(b"\xef", start, end) >= 0 and (
        xml.find(b"\xef\xbf\xbe", start, end) >= 0 or xml.find(b"\xef\xbf\xbf", start, end) >= 0
    ):
        return False
    return xml.find(b"]", start, end) < 0 or xml.find(b"]]>", start, end) < 0
