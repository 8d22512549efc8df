"""Bodies and sittings in memory: what the desk's and the views' fakes share."""

from datetime import date, datetime

from activities.sitting_ports import BodyWish, SittingNews
from activities.tasks import NumberWish
from adapters.postgres.body_views import (
    BodyMember,
    BodyView,
    ItemView,
    Sat,
    SittingLine,
    SittingView,
)
from adapters.postgres.views import Named
from domain.bodies import BodySettings, period_of
from domain.errors import NotAMember, NotFound
from domain.people import AccessRole
from domain.sittings import Holding, Sitting, SittingState, Waiting
from tests.fakes.journals import MemoryJournals


class MemorySittings:
    """`names` and `members` of bodies, what waits for them, whom it was told or who refused."""

    def __init__(self, books: MemoryJournals) -> None:
        self.books = books
        self.names: dict[tuple[str, str], str] = {}  # by organisation and body
        self.members: dict[str, dict[str, tuple[date, date | None]]] = {}
        self.settings: dict[str, BodySettings] = {}
        self.waiting: dict[str, dict[str, tuple[int, str]]] = {}  # by body, then document
        self.known: dict[tuple[str, str], Sitting] = {}  # by organisation and sitting
        self.called: dict[str, BodyWish] = {}
        self.held: dict[str, BodyWish] = {}
        self.reasons: dict[str, str] = {}
        self.to_tell: dict[str, set[int]] = {}
        self.refusals: dict[tuple[str, int], str | None] = {}
        self.ask_minutes: set[str] = set()
        self.minutes_refused: dict[str, str | None] = {}

    def set(self, wish: BodyWish, body: str, settings: BodySettings) -> None:
        self._check_body(wish.organisation_id, body)
        today = self.books.day_of(wish.at)
        if settings.chair_id is not None and settings.chair_id not in self.on(body, today):
            raise NotAMember("the chair does not sit there")
        self.settings[body] = settings

    def on(self, body: str, day: date) -> frozenset[str]:
        known = self.members.get(body, {}).items()
        return frozenset(
            person
            for person, (since, until) in known
            if since <= day and (not until or until > day)
        )

    def call(self, wish: BodyWish, sitting: Sitting) -> None:
        self._check_body(wish.organisation_id, sitting.body_id)
        if (wish.organisation_id, sitting.sitting_id) in self.known:
            return
        members = self.on(sitting.body_id, sitting.day)
        sitting.check_can_call(members, self._waiting(sitting))
        self.known[wish.organisation_id, sitting.sitting_id] = sitting
        self.called[sitting.sitting_id] = wish

    def hold(self, wish: BodyWish, sitting_id: str, held: Holding, today: date) -> Sitting:
        sitting = self._sitting(wish.organisation_id, sitting_id)
        if sitting.request_id == held.request_id:
            return sitting
        day = held.day or sitting.day
        members = self.on(sitting.body_id, day)
        sitting.check_can_hold(held, members, self._waiting(sitting), today)
        number = held.number or self._next_number(wish, sitting, held.at)
        done = sitting.held(held, members, number)
        self.known[wish.organisation_id, sitting_id] = done
        self.held[sitting_id] = wish
        self.ask_minutes.add(sitting_id)
        self.to_tell[sitting_id] = {
            one.n
            for one in done.resolutions
            if done.agenda[one.n - 1].document_id is not None and not one.minutes_only
        }
        return done

    def cancel(self, wish: BodyWish, sitting_id: str, reason_id: str) -> None:
        sitting = self._sitting(wish.organisation_id, sitting_id)
        if self.reasons.get(sitting_id) != reason_id:
            self.known[wish.organisation_id, sitting_id] = sitting.cancelled()
            self.reasons[sitting_id] = reason_id

    def untold(self, sitting_id: str | None) -> tuple[SittingNews, ...]:
        return tuple(
            SittingNews(
                organisation_id=organisation,
                sitting=sitting,
                by=self.held[one].by,
                role=AccessRole.CURATOR,
                items=tuple(sorted(self.to_tell[one])),
                ask_minutes=one in self.ask_minutes,
            )
            for (organisation, one), sitting in self.known.items()
            if sitting_id in (None, one) and (self.to_tell.get(one) or one in self.ask_minutes)
        )

    def told(self, sitting_id: str, n: int, refused: str | None) -> None:
        self.to_tell[sitting_id].discard(n)
        self.refusals[sitting_id, n] = refused

    def asked(self, sitting_id: str, refused: str | None) -> None:
        self.ask_minutes.discard(sitting_id)
        self.minutes_refused[sitting_id] = refused

    # What readers see

    def body(self, organisation: str, body: str, code: str, on: date) -> BodyView:
        self._check_body(organisation, body)
        settings = self.settings.get(body, BodySettings())
        members = self.on(body, on)
        return BodyView(
            id=body,
            code=code,
            name=self.names[organisation, body],
            on=on,
            members=tuple(
                BodyMember(id=one, name=one, since=self.members[body][one][0])
                for one in sorted(members)
            ),
            chair=_named(settings.chair_id),
            secretary=_named(settings.secretary_id),
            settings=settings,
            quorum=settings.quorum.needed(len(members)),
            sat=self._sat(organisation, body, settings, on),
        )

    def lines(self, organisation: str, body: str | None) -> tuple[SittingLine, ...]:
        found = [
            self.view(organisation, sitting.sitting_id, {})
            for (owner, _), sitting in self.known.items()
            if owner == organisation and body in (None, sitting.body_id)
        ]
        shown = sorted(found, key=lambda one: one.day, reverse=True)
        fields = set(SittingLine.model_fields)
        return tuple(SittingLine.model_validate(one.model_dump(include=fields)) for one in shown)

    def view(self, organisation: str, sitting_id: str, reasons: dict[str, str]) -> SittingView:
        one = self._sitting(organisation, sitting_id)
        held = self.held.get(sitting_id)
        asked = one.state is SittingState.HELD and sitting_id not in self.ask_minutes
        refused = self.minutes_refused.get(sitting_id)
        same = ("sitting_id", "cycle_id", "day", "place", "state", "number", "minutes_kind")
        return SittingView.model_validate(
            {
                **{name: getattr(one, name) for name in (*same, "quorum", "members")},
                "body": Named(id=one.body_id, name=self.names[organisation, one.body_id]),
                "chair": _named(one.chair_id),
                "secretary": _named(one.secretary_id),
                "present": tuple(Named(id=id_, name=id_) for id_ in one.present),
                "agenda": tuple(self._item(one, n) for n in range(1, len(one.agenda) + 1)),
                "called_by": _named(self.called[sitting_id].by),
                "held_by": _named(held.by) if held else None,
                "held_at": held.at if held else None,
                "reason": reasons.get(self.reasons.get(sitting_id, "")),
                "minutes_id": one.minutes_id if asked and not refused else None,
                "minutes_stage": None,
                "minutes_refused": refused,
            }
        )

    def called_for(self, organisation: str) -> dict[str, str]:
        found = sorted(
            (one for (owner, _), one in self.known.items() if owner == organisation),
            key=lambda one: one.day,
            reverse=True,
        )
        return {
            item.document_id: one.sitting_id
            for one in found
            for item in one.agenda
            if one.state is SittingState.CALLED
            and item.document_id is not None
            and self._waiting(one).get(item.document_id) == (item.version, item.sha256)
        }

    def _item(self, sitting: Sitting, n: int) -> ItemView:
        said = sitting.resolutions[n - 1] if sitting.resolutions else None
        shown = ("outcome", "text", "votes", "who", "due")
        return ItemView.model_validate(
            {
                **dict(sitting.agenda[n - 1]),
                **{name: getattr(said, name, None) for name in shown},
                "n": n,
                "minutes_only": said.minutes_only if said else False,
                "untold": n in self.to_tell.get(sitting.sitting_id, ()),
                "refused": self.refusals.get((sitting.sitting_id, n)),
            }
        )

    def _sat(self, organisation: str, body: str, settings: BodySettings, on: date) -> Sat | None:
        if settings.at_least is None:
            return None
        period = period_of(settings.at_least.every, on)
        held = sum(
            owner == organisation
            and one.body_id == body
            and one.state is SittingState.HELD
            and period.start <= one.day <= period.end
            for (owner, _), one in self.known.items()
        )
        missing = max(0, settings.at_least.sittings - held)
        return Sat(period=period, held=held, missing=missing)

    def _next_number(self, wish: BodyWish, sitting: Sitting, at: datetime) -> str:
        number = NumberWish(
            id=sitting.line_id,
            organisation_id=wish.organisation_id,
            journal=sitting.minutes_kind,
            by=wish.by,
            at=at,
            reason_id=sitting.line_id,
        )
        return self.books.reserve(number).number

    def _waiting(self, sitting: Sitting) -> Waiting:
        return self.waiting.get(sitting.body_id, {})

    def _check_body(self, organisation: str, body: str) -> None:
        if (organisation, body) not in self.names:
            raise NotFound("no such body")

    def _sitting(self, organisation: str, sitting_id: str) -> Sitting:
        if (organisation, sitting_id) not in self.known:
            raise NotFound("no such sitting")
        return self.known[organisation, sitting_id]


def _named(id_: str | None) -> Named | None:
    return None if id_ is None else Named(id=id_, name=id_)
