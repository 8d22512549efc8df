"""The API's way of taking electronic signatures, over a real engine and the fakes of a world."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.x509.oid import NameOID

from adapters.postgres.shown import Named, User
from adapters.postgres.shown_document import DocumentView, SignatureLine
from adapters.signatures.checker import SignatureChecker
from api.act import Act
from api.gateway import TemporalGateway
from api.schemas import SignatureTaken
from api.services import Services
from api.signing import attach_signature
from domain import ids
from domain.documents import DocumentState
from domain.people import AccessRole
from domain.signatories import Signatory, SignaturePlace
from tests import builders
from tests.adapters.gost import GostHolder, Workshop
from tests.adapters.signing import DAY, Folder, Holder, holder, rsa_key, signed_by
from tests.api.house import House
from tests.fakes.desk import FakeDesk
from tests.fakes.views import FakeViews, a_document_view
from tests.workflows.world import Handle, World

DIRECTOR, MENTOR = builders.APPROVER, builders.MENTOR
NAMES = {DIRECTOR: "Вершинина Ольга Павловна", MENTOR: "Ёлкин Пётр Ильич"}
OTHER = "Посторонний Иван Ильич"
SECRETS = ("Вершинина", "Ёлкин", "Павловна", "Ильич")
"""Words that nothing outside the database may hold."""

Sign = Callable[[str, bytes], bytes]
"""The signature of whoever has this name, over these bytes."""


def subject(name: str) -> dict[str, str]:
    surname, _, given = name.partition(" ")
    return {"SN": surname, "GN": given, "CN": name}


def by_rsa(folder: Path) -> Sign:
    """People with keys of RSA, below an authority that lies in the folder."""
    start, end = dt.datetime.now(dt.UTC) - DAY, dt.datetime.now(dt.UTC) + DAY
    root = holder("Корневой центр", authority=True, start=start, end=end)
    Folder(folder).lay(root)
    people: dict[str, Holder] = {}

    def sign(name: str, content: bytes) -> bytes:
        if name not in people:
            oids = {"SN": NameOID.SURNAME, "GN": NameOID.GIVEN_NAME, "CN": NameOID.COMMON_NAME}
            named = {oids[part]: text for part, text in subject(name).items()}
            key = rsa_key(len(people) + 1)
            people[name] = holder(named, root, key=key, start=start, end=end)
        return signed_by(people[name], content=content, at=dt.datetime.now(dt.UTC))

    return sign


def by_gost(folder: Path, workshop: Path) -> Sign:
    """People with keys of GOST R 34.10-2012, below an authority that lies in the folder."""
    shop = Workshop(workshop)
    root = shop.holder("root", "/CN=Головной центр", part="authority")
    (folder / "root.cer").write_bytes(shop.certificate(root))
    people: dict[str, GostHolder] = {}

    def sign(name: str, content: bytes) -> bytes:
        if name not in people:
            named = "".join(f"/{part}={text}" for part, text in subject(name).items())
            people[name] = shop.holder(f"person{len(people)}", named, root)
        return shop.signed(content, people[name])

    return sign


class WorldViews(FakeViews):
    """Documents as the ledger of a world holds them."""

    def __init__(self, desk: FakeDesk, world: World) -> None:
        super().__init__(desk)
        self._world = world

    def has_process(self, organisation_id: str, workflow_id: str) -> bool:
        return workflow_id in self._world.ledger.saves

    def document(self, organisation_id: str, document_id: str) -> DocumentView:
        state = self._world.ledger.state(ids.document_workflow(document_id))
        assert isinstance(state, DocumentState)
        signed = {
            place: Named(id=signer.person_id, name=signer.person_id)
            for one in state.signatures
            for signer in one.signers
            for place in signer.places
        }
        lines = tuple(
            SignatureLine(place=one, title=one, signer=signed.get(one), file=None, sha256=None)
            for one in state.wanted
        )
        objects = self.objects("org", document_id)
        same = {"stage": state.stage, "version": state.version}
        return a_document_view(document_id, **same, objects=objects, signing=lines)

    def signature_places(
        self, organisation_id: str, document_id: str, now: dt.datetime
    ) -> tuple[SignaturePlace, ...]:
        return self.places


@dataclass(frozen=True)
class Office:
    """Takes signatures of a document as the web process does."""

    world: World
    services: Services
    views: WorldViews

    @classmethod
    def over(cls, world: World, authorities: Path, *wanted: str) -> "Office":
        """Wants the signatures of these people, each on a line that has the person's id."""
        desk = FakeDesk()
        desk.keys, desk.objects = world.ledger._keys, world.ledger.objects
        desk.texts = world.ledger.texts
        views = WorldViews(desk, world)
        views.places = tuple(
            SignaturePlace(
                id=person, title=person, people=(Signatory(person_id=person, name=NAMES[person]),)
            )
            for person in wanted or (DIRECTOR,)
        )
        services: Services = House().app.state.services
        mine = replace(
            services,
            gateway=TemporalGateway(world.client, world.queue, time_limit_seconds=30),
            views=views,
            desk=desk,
            files=world.files,
            signatures=SignatureChecker(authorities),
            now=lambda: dt.datetime.now(dt.UTC),
        )
        return cls(world, mine, views)

    async def send(self, handle: Handle, signature: bytes, request: str = "") -> SignatureTaken:
        """The curator sends a signature of the first version. Raises what the API answers with."""
        user = User(
            id="user-curator",
            organisation_id="org",
            role=AccessRole.CURATOR,
            person_id=builders.CURATOR,
            acts_for=(builders.CURATOR,),
        )
        act = Act(self.services, user, request or ids.new_id(), 0, self.services.now())
        document_id = handle.id.removeprefix("document/")
        return await attach_signature(act, document_id, 1, signature)

    def given_out(self, handle: Handle, role: str = "registered") -> bytes:
        """The bytes that people sign."""
        key = f"{role}/{handle.id.removeprefix('document/')}/1"
        return self.world.files.get(key, self.world.ledger.data_key(key))

    def sealed(self, handle: Handle, role: str) -> list[bytes]:
        """What is kept for ever, or drawn, in this role."""
        ledger = self.world.ledger
        document_id = handle.id.removeprefix("document/")
        return [
            self.world.files.get(one.key, ledger.data_key(one.key_id))
            for one in ledger.objects.values()
            if (one.document_id, one.role) == (document_id, role)
        ]
