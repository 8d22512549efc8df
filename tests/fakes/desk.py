"""The desk in memory."""

import secrets
from threading import Lock

from activities.tasks import ApiAnswer, ApiRequest, Enrolled, KeptText, Launch, ObjectRecord
from domain.enrolment import Enrolment
from domain.errors import AlreadyLaunched, KeyReused, NotFound, StillWorking
from domain.names import NameCorrection, NameForms


class FakeDesk:
    """`Desk` over dictionaries; whatever was kept can be looked at."""

    def __init__(self) -> None:
        self.texts: dict[str, KeptText] = {}
        self.enrolled: list[tuple[str, Enrolment]] = []
        self.launches: dict[str, tuple[str, Launch]] = {}
        self.keys: dict[str, bytes] = {}
        self.objects: dict[str, ObjectRecord] = {}
        self.requests: dict[tuple[str, str, str], tuple[ApiRequest, ApiAnswer | None]] = {}
        self.names: dict[tuple[str, str], NameForms] = {}
        self.offset = 0
        self.failure: Exception | None = None
        self._lock = Lock()

    def keep_text(self, text: KeptText) -> str:
        return self.texts.setdefault(text.id, text).id

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

    def keep_launch(self, cycle_id: str, organisation_id: str, launch: Launch) -> None:
        for other, (owner, known) in self.launches.items():
            same = known.roadmap.roadmap == launch.roadmap.roadmap
            if other != cycle_id and owner == organisation_id and same:
                raise AlreadyLaunched(f"cycle {other} runs already")
        self.launches.setdefault(cycle_id, (organisation_id, launch))

    def make_key(self, key_id: str, organisation_id: str, document_id: str) -> None:
        self.keys.setdefault(key_id, secrets.token_bytes(32))

    def data_key(self, key_id: str) -> bytes:
        if key_id not in self.keys:
            raise NotFound(f"no key {key_id}")
        return self.keys[key_id]

    def record_object(self, record: ObjectRecord) -> None:
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
