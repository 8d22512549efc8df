"""Rows to read, as the views would show them to forms and lists."""

from datetime import UTC, date, datetime

from adapters.postgres.cycle_views import (
    CycleLine,
    CycleRows,
    DocumentPage,
    PairPage,
)
from adapters.postgres.form_views import (
    Amendable,
    Choice,
    MeetingKind,
    MonitoringAsked,
    PairForms,
    ResultAsked,
)
from adapters.postgres.shown import Named
from domain.errors import NotFound
from domain.events import EventKind

DUE = datetime(2026, 9, 30, 9, tzinfo=UTC)


class FakeFormViews:
    """What may be recorded in any pair, and a result that is proved as a test says."""

    def __init__(self) -> None:
        self.processes: set[tuple[str, str]] = set()
        self.is_open = True
        self.kinds: tuple[EventKind, ...] = ()
        self.proof = ""  # an event in a cycle, a link in a pair, unless a test says so

    def pair_forms(self, organisation_id: str, pair_id: str) -> PairForms:
        self._check(organisation_id, f"pair/{pair_id}")
        return PairForms(
            meetings=(MeetingKind(id="regular", title="рабочая", held=1, need=3),),
            monitoring=MonitoringAsked(
                title="Мониторинг",
                voices=(Choice(id="mentor", title="наставник"),),
                parts=(Choice(id="process", title="ход работы"),),
            ),
        )

    def result_asked(
        self, organisation_id: str, workflow_id: str, item_id: str, result_id: str
    ) -> ResultAsked:
        self._check(organisation_id, workflow_id)
        return ResultAsked(
            title="Итог подведён",
            row="Подведение итогов",
            actions=(),
            proof=self.proof or ("event" if workflow_id.startswith("cycle/") else "link"),
            at_least=2,
            unit="чел.",
            file=True,
            due=DUE,
            open=self.is_open,
            kinds=self.kinds,
            pair_id=None,
            lead=Named(id="1" * 16, name="Соколова Н. П."),
        )

    def amendable(self, organisation_id: str, document_id: str) -> Amendable:
        return Amendable(facts={}, inputs={})

    def cycle_lines(self, organisation_id: str, now: datetime) -> tuple[CycleLine, ...]:
        ours = sorted(id_ for owner, id_ in self.processes if owner == organisation_id)
        return tuple(_line(id_.removeprefix("cycle/")) for id_ in ours if id_.startswith("cycle/"))

    def cycle_line(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleLine:
        self._check(organisation_id, f"cycle/{cycle_id}")
        return _line(cycle_id)

    def cycle_rows(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleRows:
        self._check(organisation_id, f"cycle/{cycle_id}")
        return CycleRows(cycle=_line(cycle_id), rows=())

    def cycle_pairs(
        self, organisation_id: str, cycle_id: str, now: datetime, page: int
    ) -> PairPage:
        self._check(organisation_id, f"cycle/{cycle_id}")
        return PairPage(cycle=_line(cycle_id), lines=())

    def cycle_documents(
        self, organisation_id: str, cycle_id: str, now: datetime, page: int
    ) -> DocumentPage:
        self._check(organisation_id, f"cycle/{cycle_id}")
        return DocumentPage(cycle=_line(cycle_id), lines=())

    def _check(self, organisation_id: str, workflow_id: str) -> None:
        if (organisation_id, workflow_id) not in self.processes:
            raise NotFound("no such thing")


def _line(cycle_id: str) -> CycleLine:
    return CycleLine(
        cycle_id=cycle_id,
        title="Программа",
        start=date(2026, 9, 1),
        ends=date(2027, 9, 30),
        stage="running",
        trouble=None,
        rows=0,
        rows_done=0,
        rows_late=0,
        pairs=0,
        pairs_open=0,
        documents=0,
        tasks_late=0,
    )
