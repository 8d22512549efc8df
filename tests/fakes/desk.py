"""The desk in memory."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from threading import Lock

from activities.event_ports import ProofClaim
from activities.retention_ports import DestructionWish, RetentionChoice
from activities.sitting_ports import BodyWish, SittingNews
from activities.tasks import (
    AcquaintanceWish,
    ApiAnswer,
    ApiRequest,
    CalendarLoaded,
    Enrolled,
    IncomingPaper,
    KeptText,
    KindsPlaced,
    Launch,
    LayoutUpload,
    MandateEnd,
    MandateWish,
    NumberWish,
    ObjectRecord,
    TemplateUpload,
    UntoldMandates,
)
from adapters.journal_rules import starting_journals
from adapters.legal_acts import act_words, starting_acts
from domain.bodies import BodySettings
from domain.enrolment import Enrolment
from domain.errors import AlreadyLaunched, KeyReused, NotFound, StillWorking
from domain.grounds import Ground, GroundEnd
from domain.journals import Line
from domain.kinds import DocumentKind
from domain.names import NameCorrection, NameForms
from domain.planning import period_from
from domain.sittings import Holding, Sitting
from domain.templates import TemplateVersion
from tests.fakes.begun import MemoryBegun
from tests.fakes.events import MemoryEvents
from tests.fakes.indicators import MemoryIndicators
from tests.fakes.journals import MemoryJournals
from tests.fakes.launches import MemoryYearly
from tests.fakes.mandates import MemoryMandates
from tests.fakes.organisations import MemoryOrganisations
from tests.fakes.retention import MemoryRetention
from tests.fakes.roadmaps import MemoryRoadmaps
from tests.fakes.sheets import MemorySheets
from tests.fakes.sittings import MemorySittings
from tests.fakes.verification import MemoryIncidents


class FakeDesk:
    """`Desk` over dictionaries; whatever was kept can be looked at."""

    def __init__(self, books: MemoryJournals | None = None) -> None:
        self.books = books or MemoryJournals(
            starting_journals(), {"order_pairs": "orders"}, "Asia/Vladivostok"
        )
        self.texts: dict[str, KeptText] = {}
        self.enrolled: list[tuple[str, Enrolment]] = []
        self.launches: dict[str, tuple[str, Launch]] = {}
        self.keys: dict[str, bytes] = {}
        self.objects: dict[str, ObjectRecord] = {}
        self.begun = MemoryBegun(self.objects)
        self.requests: dict[tuple[str, str, str], tuple[ApiRequest, ApiAnswer | None]] = {}
        self.names: dict[tuple[str, str], NameForms] = {}
        self.grounds: dict[tuple[str, str], Ground] = {}
        self.template_versions: dict[str, tuple[tuple[str, str], TemplateVersion, bytes]] = {}
        self.layouts: dict[str, LayoutUpload] = {}
        self.mandates = MemoryMandates(self.books.zone.key)
        self.sheets = MemorySheets(self.books.zone.key)
        self.sittings = MemorySittings(self.books)
        self.noticed = MemoryIncidents()
        self.note_incident = self.noticed.note
        self.retention = MemoryRetention()
        self.indicators = MemoryIndicators()
        self.enter_values = self.indicators.enter
        self.roadmaps = MemoryRoadmaps()
        self.keep_roadmap = self.roadmaps.keep
        self.orders = MemoryYearly(self.books.zone.key)
        self.keep_yearly = self.orders.keep
        self.change_yearly = self.orders.change
        self.happened = MemoryEvents()
        self.add_event = self.happened.add_event
        self.correct_event = self.happened.correct_event
        self.add_publication = self.happened.add_publication
        self.correct_publication = self.happened.correct_publication
        self.check_publication = self.happened.check_publication
        self.withdraw_told = self.happened.withdraw_told
        self.release_proof = self.happened.release_proof
        self.organisations = MemoryOrganisations()
        self.add_below = self.organisations.add_below
        self.place = self.organisations.place
        self.enter_figures = self.organisations.enter_figures
        self.offset = 0
        self.failure: Exception | None = None
        self._lock = Lock()

    def keep_text(self, text: KeptText) -> str:
        return self.texts.setdefault(text.id, text).id

    def claim_proof(self, claim: ProofClaim) -> None:
        self.happened.claim_proof(claim)
        self.keep_text(claim.text)

    def enrol(self, organisation_id: str, enrolment: Enrolment) -> Enrolled:
        self.enrolled.append((organisation_id, enrolment))
        return Enrolled(people=len(enrolment.people), bodies=len(enrolment.bodies))

    def correct_names(
        self, organisation_id: str, person_id: str, correction: NameCorrection
    ) -> None:
        known = self.names.get((organisation_id, person_id))
        if known is None:
            raise NotFound("no such person")
        self.names[organisation_id, person_id] = known.corrected_with(correction)

    def keep_ground(
        self, organisation_id: str, act: Ground, author: str, replaces: str | None = None
    ) -> None:
        if replaces is not None and act.since is not None:
            ended = GroundEnd(lost_on=act.since, ended_by=act_words(act))
            self.end_ground(organisation_id, replaces, ended, author)
        self.grounds.setdefault((organisation_id, act.id), act.changed(own=True))

    def end_ground(self, organisation_id: str, ground_id: str, end: GroundEnd, author: str) -> None:
        del author
        known = {act.id: act for act in self.listed_grounds(organisation_id)}
        if ground_id not in known:
            raise NotFound(f"the organisation has no act {ground_id}")
        known[ground_id].check_can_end(end)
        self.grounds[organisation_id, ground_id] = known[ground_id].ended(end)

    def listed_grounds(self, organisation_id: str) -> tuple[Ground, ...]:
        own = {id_: act for (owner, id_), act in self.grounds.items() if owner == organisation_id}
        return tuple(({act.id: act for act in starting_acts().acts} | own).values())

    def keep_template(self, upload: TemplateUpload, content: bytes) -> TemplateVersion:
        with self._lock:
            if upload.id not in self.template_versions:
                place = (upload.organisation_id, upload.kind)
                known = [one for one in self.template_versions.values() if one[0] == place]
                version = TemplateVersion(
                    kind=upload.kind,
                    version=len(known) + 1,
                    sha256=sha256(content).hexdigest(),
                    active_from=upload.active_from,
                    uploaded_by=upload.uploaded_by,
                    at=upload.at,
                )
                self.template_versions[upload.id] = (place, version, content)
            return self.template_versions[upload.id][1]

    def keep_layout(self, upload: LayoutUpload) -> None:
        self.layouts.setdefault(upload.id, upload)

    def reserve_number(self, wish: NumberWish) -> Line:
        return self.books.reserve(wish)

    def letter_number(self, wish: NumberWish, after: str) -> Line:
        return self.books.letter(wish, after)

    def void_number(self, wish: NumberWish, number: str, year: int | None = None) -> Line:
        return self.books.void(wish, number, year)

    def file_incoming(self, paper: IncomingPaper, ground: Ground | None = None) -> Line:
        line = self.books.file_incoming(paper)
        if ground is not None:
            self.keep_ground(paper.organisation_id, ground, paper.by)
        return line

    def place_kinds(self, placed: KindsPlaced) -> None:
        self.books.place(placed)

    def give_mandate(self, wish: MandateWish) -> None:
        self.mandates.give(wish)

    def end_mandate(self, end: MandateEnd) -> None:
        self.mandates.end(end)

    def untold_mandates(
        self, now: datetime, organisation_id: str | None = None
    ) -> tuple[UntoldMandates, ...]:
        del now
        return self.mandates.untold(organisation_id)

    def mandates_told(self, told: UntoldMandates) -> None:
        self.mandates.told(told)

    def load_calendar(self, loaded: CalendarLoaded) -> None:
        self.sheets.load(loaded)

    def keep_destruction_list(
        self, wish: DestructionWish, kinds: Mapping[str, DocumentKind]
    ) -> None:
        del kinds
        self.retention.keep_list(wish)

    def choose_retention(self, choice: RetentionChoice) -> None:
        self.retention.choose(choice)

    def record_acquaintance(self, wish: AcquaintanceWish) -> None:
        self.sheets.record(wish)

    def set_body(self, wish: BodyWish, body_id: str, settings: BodySettings) -> None:
        self.sittings.set(wish, body_id, settings)

    def call_sitting(self, wish: BodyWish, sitting: Sitting) -> None:
        self.sittings.call(wish, sitting)

    def hold_sitting(self, wish: BodyWish, sitting_id: str, held: Holding, today: date) -> Sitting:
        return self.sittings.hold(wish, sitting_id, held, today)

    def cancel_sitting(self, wish: BodyWish, sitting_id: str, reason_id: str) -> None:
        self.sittings.cancel(wish, sitting_id, reason_id)

    def untold_sittings(self, sitting_id: str | None = None) -> tuple[SittingNews, ...]:
        return self.sittings.untold(sitting_id)

    def item_told(self, sitting_id: str, n: int, refused: str | None) -> None:
        self.sittings.told(sitting_id, n, refused)

    def minutes_asked(self, sitting_id: str, refused: str | None) -> None:
        self.sittings.asked(sitting_id, refused)

    def keep_launch(self, cycle_id: str, organisation_id: str, launch: Launch) -> None:
        for other, (owner, known) in self.launches.items():
            same = known.roadmap.roadmap == launch.roadmap.roadmap and _meet(known, launch)
            if other != cycle_id and owner == organisation_id and same:
                raise AlreadyLaunched(f"cycle {other} runs already")
        self.launches.setdefault(cycle_id, (organisation_id, launch))

    def make_key(self, key_id: str, organisation_id: str, document_id: str) -> None:
        self.keys.setdefault(key_id, secrets.token_bytes(32))

    def data_key(self, key_id: str) -> bytes:
        if key_id not in self.keys:
            raise NotFound(f"no key {key_id}")
        return self.keys[key_id]

    def begin_object(self, key: str, organisation_id: str) -> None:
        self.begun.begin(key)

    def record_object(self, record: ObjectRecord) -> None:
        self.begun.check_can_record(record.key)
        self.objects.setdefault(record.key, record)

    def begin_request(self, request: ApiRequest) -> ApiAnswer | None:
        if self.failure is not None:
            raise self.failure
        with self._lock:
            known = self.requests.setdefault(_name(request), (request, None))
            if known[0] is request:
                return None
        claimed, answer = known
        if claimed != request:
            raise KeyReused("the key came with another request")
        if answer is None:
            raise StillWorking("the same request is being answered")
        return answer

    def finish_request(self, request: ApiRequest, answer: ApiAnswer) -> None:
        self.requests[_name(request)] = (request, answer)

    def drop_request(self, request: ApiRequest) -> None:
        with self._lock:
            _, answer = self.requests.get(_name(request), (request, None))
            if answer is None:
                self.requests.pop(_name(request), None)

    def clock_offset(self) -> int:
        if self.failure is not None:
            raise self.failure
        return self.offset

    def set_clock_offset(self, seconds: int) -> None:
        self.offset = max(self.offset, seconds)


def _name(request: ApiRequest) -> tuple[str, str, str]:
    return request.organisation_id, request.user_id, request.key


def _meet(one: Launch, other: Launch) -> bool:
    """Whether they are of the same season, or of years that both run through."""
    ends = [period_from(launch.roadmap, launch.start, launch.turns).end for launch in (one, other)]
    first = [period_from(launch.roadmap, launch.start).end for launch in (one, other)]
    return ends[0] >= first[1] and first[0] <= ends[1]
