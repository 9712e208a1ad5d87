"""What a reader and a transaction offer: the typed stores, over one connection."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from intake_app.vault.audit import Audit
from intake_app.vault.errors import (
    DiskFull,
    RecordRefused,
    StorageFailed,
    VaultDamaged,
    VaultError,
)
from intake_app.vault.files import storage_error
from intake_app.vault.scope import Scope
from intake_app.vault.stores.agreements import AddressBookStore, Consents, Routing, Settings
from intake_app.vault.stores.arrivals import Arrivals
from intake_app.vault.stores.attachments import Attachments
from intake_app.vault.stores.backups import Backups
from intake_app.vault.stores.handovers import Handovers, Inbox, Receipts
from intake_app.vault.stores.interviews import Answers, Aside, Forms, Interviews, Repeats
from intake_app.vault.stores.inzage import InzageStore
from intake_app.vault.stores.medical import Medical, RoleKeys
from intake_app.vault.stores.moments import Moments
from intake_app.vault.stores.organisation import OrganisationStore
from intake_app.vault.stores.outbox import Outbox
from intake_app.vault.stores.persons import Persons
from intake_app.vault.stores.plans import Activities, Plans
from intake_app.vault.stores.register import Events, Households, Koppelingen, Stays
from intake_app.vault.stores.removals import Removals
from intake_app.vault.stores.search import Search
from intake_app.vault.stores.users import Users
from intake_app.vault.stores.worklist import Worklist

TRANSLATED: Final = (DBAPIError, dbapi2.Error, UnicodeEncodeError, OSError)


class Records:
    """The stores of one consistent snapshot. Writing raises ReadOnlyError."""

    def __init__(self, scope: Scope) -> None:
        """Offer every store over `scope`."""
        self.persons = Persons(scope)
        self.households = Households(scope)
        self.koppelingen = Koppelingen(scope)
        self.stays = Stays(scope)
        self.events = Events(scope)
        self.interviews = Interviews(scope)
        self.answers = Answers(scope)
        self.repeats = Repeats(scope)
        self.aside = Aside(scope)
        self.forms = Forms(scope)
        self.plans = Plans(scope)
        self.activities = Activities(scope)
        self.handovers = Handovers(scope)
        self.receipts = Receipts(scope)
        self.inbox = Inbox(scope)
        self.outbox = Outbox(scope)
        self.arrivals = Arrivals(scope)
        self.address_book = AddressBookStore(scope)
        self.routing = Routing(scope)
        self.consents = Consents(scope)
        self.settings = Settings(scope)
        self.backups = Backups(scope)
        self.moments = Moments(scope)
        self.removals = Removals(scope)
        self.audit = Audit(scope)
        self.inzage = InzageStore(scope)
        self.worklist = Worklist(scope)
        self.search = Search(scope)
        self.attachments = Attachments(scope)
        self.medical = Medical(scope)
        self.role_keys = RoleKeys(scope)
        self.users = Users(scope)
        self.organisation = OrganisationStore(scope)


class Transaction(Records):
    """The same stores with writing allowed; all of it is committed together, or nothing is."""


def translated(error: Exception) -> VaultError:
    """Return the error for a person that stands for one of driver, disk or text; no values in it.

    `error` is one of those in `TRANSLATED`.
    """
    if isinstance(error, OSError):
        return storage_error(error)
    if isinstance(error, UnicodeEncodeError):
        return RecordRefused()
    name = str(getattr(getattr(error, "orig", error), "sqlite_errorname", ""))
    if name.startswith("SQLITE_CONSTRAINT"):
        return RecordRefused()
    if name == "SQLITE_FULL":
        return DiskFull()
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return VaultDamaged()
    return StorageFailed()
