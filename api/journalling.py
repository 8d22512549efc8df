"""What the API does with journals. Nothing here waits for a workflow; all runs in a thread."""

from datetime import date

from activities.tasks import IncomingPaper, KeptText, KindsPlaced, NumberWish
from api.act import Act
from api.journal_schemas import Filed, Incoming, Journals, KindsCounted
from api.routes.reading import JournalBook, JournalLineView, User
from api.services import Services
from domain import ids
from domain.errors import NotFound, WrongState
from domain.grounds import Ground
from domain.journals import INCOMING, Journal, Line


def listed(services: Services, user: User) -> Journals:
    """All journals, as they stand today."""
    organisation = user.organisation_id
    today = services.today(organisation)
    return Journals(journals=services.views.journals(organisation, today))


def this_year(services: Services, user: User, year: int | None) -> int:
    """The year that was named, or the organisation's own."""
    return year or services.today(user.organisation_id).year


def wish(act: Act, journal: str, reason: str) -> NumberWish:
    """Keep the reason; the wish that names it."""
    organisation = act.user.organisation_id
    text = KeptText(
        id=ids.derived_id(act.request_id, "reason"),
        organisation_id=organisation,
        kind="reason",
        subject=ids.journal_subject(organisation, journal),
        author=act.user.id,
        body={"text": reason},
    )
    return NumberWish(
        id=ids.derived_id(act.request_id, "line"),
        organisation_id=organisation,
        journal=journal,
        by=act.user.id,
        at=act.now,
        reason_id=act.services.desk.keep_text(text),
    )


def shown(act: Act, line: Line) -> JournalLineView:
    """A line as readers see it."""
    return act.services.views.journal_line(act.user.organisation_id, line.line_id)


def file_incoming(act: Act, said: Incoming) -> Filed:
    """File a paper. Raises `IncomingKnown` or `BadDate`."""
    organisation = act.user.organisation_id
    paper = IncomingPaper(
        id=ids.derived_id(act.request_id, "incoming"),
        organisation_id=organisation,
        by=act.user.id,
        at=act.now,
        **said.model_dump(exclude={"ground"}),
    )
    ground = _ground(paper, said)
    line = act.services.desk.file_incoming(paper, ground)
    today = act.services.today(organisation)
    acts = act.services.views.grounds(organisation, today) if ground else ()
    return Filed(
        line=shown(act, line), ground=next((one for one in acts if one.id == paper.id), None)
    )


def place(act: Act, said: KindsCounted) -> Journals:
    """Count kinds in a journal from a day on.

    Raises as `Desk.place_kinds`, and `NotFound` for a kind that nothing counts.
    """
    if said.journal == INCOMING:
        raise WrongState("this journal is for papers from outside")
    for kind in said.kinds:
        known = act.services.kinds.get(kind)
        if known is None or known.journal is None:
            raise NotFound(f"there is no kind {kind} that a journal counts")
    placed = KindsPlaced(
        organisation_id=act.user.organisation_id,
        journal=Journal(name=said.journal, title=said.title, mask=said.mask),
        kinds=said.kinds,
        since=said.since,
        by=act.user.id,
        at=act.now,
    )
    act.services.desk.place_kinds(placed)
    return listed(act.services, act.user)


def check_number(act: Act, document_id: str, number: str) -> None:
    """Refuses at once what the journal would refuse; see `JournalViews.check_number`.

    A document that has the number already may ask for it again.
    """
    services, organisation = act.services, act.user.organisation_id
    document = services.views.document(organisation, document_id)
    if document.number is None:
        today: date = services.today(organisation)
        about = (organisation, document.kind, number, today, document_id)
        services.views.check_number(*about)


def file_name(book: JournalBook, ending: str) -> str:
    return f"{book.title}, {book.year}.{ending}"


def _ground(paper: IncomingPaper, said: Incoming) -> Ground | None:
    if said.ground is None:
        return None
    same = paper.model_dump(include={"id", "number", "day", "title"})
    return Ground.model_validate({**dict(said.ground), **same})
