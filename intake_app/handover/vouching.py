"""Who signed a sealed file: the organisation itself, or a user or laptop that it vouches for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from intake_app.handover import bag, limits
from intake_app.handover.address_book import REVOKED, Entry
from intake_app.handover.archive import Archive
from intake_app.handover.envelope import read_member
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.holders import Holder, HolderList, ListRefused, SignedList, read_parts
from intake_app.handover.model import Manifest


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who signed: an organisation, or the holder it vouches for.

    `later` is what a newer list than the one in the file says of the same holder.
    """

    sender: Entry
    holder: Holder | None = None
    holders: SignedList | None = None
    later: Holder | None = None


KnownHolders = Callable[[UUID], HolderList | None]


def none_known(_organisation_id: UUID) -> HolderList | None:
    """Know no list: for who opens one file and keeps nothing."""
    return None


def check_not_struck_off(signer: str, sender: Entry, known: HolderList | None) -> None:
    """Refuse a signer of whom `known` says that it is revoked, before anything is decrypted."""
    holder = known.by_key(signer) if known is not None else None
    if holder is not None and holder.status == REVOKED:
        raise Refusal(RefusalReason.HOLDER_REVOKED, name=sender.name)


def vouched_by(inner: Archive, signer: str, sender: Entry, known: HolderList | None) -> Vouched:
    """Return who signed, when `sender` or its list inside says so; raises Refusal otherwise.

    The list inside has to name the signer; `known` may strike it off all the same.
    """
    if signer == sender.sign_public:
        return Vouched(sender)
    unknown = Refusal(RefusalReason.HOLDER_UNKNOWN, name=sender.name)
    if not set(bag.HOLDER_FILES) <= set(inner.members):
        raise unknown
    text = read_member(inner, bag.HOLDERS, limits.TAG_FILE)
    armored = read_member(inner, bag.HOLDERS_SIGNATURE, limits.SIGNATURE)
    try:
        signed = read_parts(text, armored)
    except ListRefused:
        raise unknown from None
    if not signed.speaks_for(sender.organisation_id, sender.sign_public):
        raise unknown
    holder = signed.holders.by_key(signer)
    if holder is None:
        raise unknown
    newer = known if known is not None and known.serial > signed.holders.serial else None
    later = newer.by_key(signer) if newer is not None else None
    # Who is struck off by either list stays so, and who is not on the newer one any more too.
    if holder.status == REVOKED or (newer is not None and later is None):
        raise Refusal(RefusalReason.HOLDER_REVOKED, name=sender.name)
    return Vouched(sender, holder, signed, later)


def tag_files(vouched: Vouched) -> set[str]:
    """Return the tag files that the bag must have, besides the list of tags and its signature."""
    return {*bag.TAG_FILES, *(bag.HOLDER_FILES if vouched.holder is not None else ())}


def held_then(vouched: Vouched, manifest: Manifest) -> bool:
    """Tell whether the signer could sign on the day that the manifest names."""
    holder, signed = vouched.holder, vouched.holders
    if holder is None or signed is None:
        return True
    day = manifest.created.date()
    last_known = holder if vouched.later is None else vouched.later
    return signed.holders.counts_at(manifest.created) and all(
        each.counts_on(day) for each in (holder, last_known)
    )
