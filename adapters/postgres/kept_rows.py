"""Which tables are sealed, which follow from saved states, and which need neither."""

from typing import Final

from sqlmodel import SQLModel

from adapters.postgres.acquaintance_tables import AcquaintanceRow
from adapters.postgres.approval_tables import VerdictRow
from adapters.postgres.assignment_tables import AssignmentRow
from adapters.postgres.authority_tables import AuthorityRow
from adapters.postgres.branch_tables import BranchReportRow, BranchRow
from adapters.postgres.calendar_tables import CalendarRow
from adapters.postgres.event_tables import EventRow, PublicationRow
from adapters.postgres.indicator_tables import IndicatorValueRow
from adapters.postgres.log_tables import CheckpointRow, CosignatureRow
from adapters.postgres.retention_tables import (
    DestructionActRow,
    DestructionRow,
    RetentionChoiceRow,
)
from adapters.postgres.roadmap_tables import CycleRoadmapRow
from adapters.postgres.seal_tables import RowSumRow
from adapters.postgres.seals import Counted, Sealed
from adapters.postgres.sitting_tables import BodySettingsRow, SittingItemRow, SittingRow
from adapters.postgres.tables import (
    BodyMemberRow,
    BodyRow,
    FactsRow,
    GroundEndRow,
    GroundRow,
    KeptTextRow,
    LaunchRow,
    LayoutSettingsRow,
    ObjectKeyRow,
    ObjectRow,
    OrganisationRow,
    PersonRow,
    TemplateFileRow,
    TemplateVersionRow,
    UserRow,
)
from adapters.postgres.work_tables import (
    DocumentLinkRow,
    DocumentRow,
    IncomingRow,
    ItemRow,
    JournalKindRow,
    JournalLineRow,
    NoticeRow,
    OwnJournalRow,
    PairRow,
    ProcessRow,
    TaskRow,
)
from adapters.postgres.yearly_tables import YearlyLaunchRow

COUNTED: Final[tuple[type[Counted], ...]] = (
    AcquaintanceRow,
    AuthorityRow,
    BodyMemberRow,
    BodyRow,
    BodySettingsRow,
    CalendarRow,
    CheckpointRow,
    CosignatureRow,
    CycleRoadmapRow,
    DestructionActRow,
    DestructionRow,
    EventRow,
    GroundEndRow,
    GroundRow,
    IncomingRow,
    IndicatorValueRow,
    JournalKindRow,
    LaunchRow,
    LayoutSettingsRow,
    OrganisationRow,
    OwnJournalRow,
    PersonRow,
    PublicationRow,
    RetentionChoiceRow,
    SittingItemRow,
    SittingRow,
    TemplateVersionRow,
    UserRow,
    YearlyLaunchRow,
)
"""Sealed and counted: one that was deleted, or put back as it was before, is missed in the sum."""

NAMED: Final[tuple[type[Sealed], ...]] = (
    AssignmentRow,
    BranchReportRow,
    FactsRow,
    JournalLineRow,
    KeptTextRow,
    NoticeRow,
    ObjectKeyRow,
    ObjectRow,
    ProcessRow,
    RowSumRow,
    TemplateFileRow,
)
"""Sealed; one that was deleted is missed by what names it: the log, a state, another row."""

REMADE: Final[tuple[type[SQLModel], ...]] = (
    BranchRow,
    DocumentLinkRow,
    DocumentRow,
    ItemRow,
    PairRow,
    TaskRow,
    VerdictRow,
)
"""Made anew from the saved states, and compared."""

FREE: Final = {
    "api_requests": "ответы на повторы запросов: живут недолго, на них никто не ссылается",
    "audit_entries": "журнал событий: его целость доказывает дерево Меркла (I5)",
    "audit_heads": "то же",
    "begun_objects": "файлы, которые ещё только пишутся; что записано, стоит в objects",
    "clock": "часы репетиции: у настоящих организаций не сдвинуты",
    "incidents": "каждое названо в журнале событий: что найдено и чем кончилось",
    "journals": "счётчик следует из строк журнала (I1)",
    "proof_claims": "то, чем как раз подтверждают строку: живёт, пока идёт запрос",
    "reads": "число и хеш чтений каждого дня стоят в журнале событий",
    "sessions": "входы на страницы: живут полдня, прав не дают сверх учётной записи",
    "tries": "счёт неудачных входов: живёт сутки",
    "verification_runs": "ход проверки файлов: следующая начинает с начала",
    "witnessed": "подписаны владельцем чужого журнала и названы в журнале событий",
}
"""Tables with neither, and why."""
