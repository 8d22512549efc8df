"""Events and publications in Chromium: at two widths, for everybody's hands and eyes."""

from datetime import date

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from activities.event_ports import EventWish, PublicationCheck, PublicationWish
from domain import ids
from domain.events import EventDetails, PublicationDetails
from domain.people import AccessRole
from tests.pages.eyes import WIDTHS, Seen, a_page, check_looks, keep, sign_in
from tests.pages.furnished import Furnished
from tests.pages.school import School, served

SEMINAR = EventDetails(
    kind="seminar",
    title="Семинар для наставников: как составить индивидуальный план",
    day=date(2026, 9, 14),
    place="Актовый зал",
    organisers="Методический совет",
    programme="10:00–10:30 Открытие — директор\n10:30–11:30 Разбор планов — методист",
    invited=30,
    attendance=24,
    outcome="Планы составлены в двенадцати парах.",
)
FORUM = EventDetails(kind="forum", title="Форум наставников города", day=date(2027, 4, 20))
RULES = PublicationDetails(
    what="Положение о наставничестве",
    site="Сайт колледжа, раздел «Наставничество»",
    address="https://college.example/sveden/nastavnichestvo/polozhenie-o-nastavnichestve-2026.pdf",
    day=date(2026, 9, 14),
)


def furnish(school: School) -> tuple[str, str, str]:
    """A seminar with two people, a forum that is ahead, a publication that is gone; their ids."""
    seminar, forum, rules = (ids.new_id() for _ in range(3))
    known = {
        "organisation_id": school.world.organisation,
        "cycle_id": school.cycle.cycle_id,
        "turn": 1,
        "author": school.users["curator"].user_id,
        "at": school.now,
    }
    people = (school.world.person("mentor"), school.world.person("young"))
    for id_, details in ((seminar, SEMINAR.changed(people=people)), (forum, FORUM)):
        given = {**known, "wish_id": id_, "event_id": id_, "details": details}
        school.world.desk.add_event(EventWish.model_validate(given))
    given = {**known, "wish_id": rules, "publication_id": rules, "details": RULES}
    school.world.desk.add_publication(PublicationWish.model_validate(given))
    school.world.desk.check_publication(
        PublicationCheck(
            wish_id=ids.new_id(),
            organisation_id=school.world.organisation,
            publication_id=rules,
            present=False,
            author=school.users["curator"].user_id,
            at=school.now,
        )
    )
    return seminar, forum, rules


@pytest.mark.parametrize("width", WIDTHS)
def test_events_and_publications_fit_read_and_pass_axe(
    browser: Browser, engine: Engine, width: int
) -> None:
    school = School(engine)
    seminar, forum, rules = furnish(school)
    with served(school) as url:
        page = a_page(browser, width, script=True)
        seen = Seen()
        seen.watch(page)
        sign_in(page, Furnished(school, url, *[""] * 6), AccessRole.CURATOR)
        for name, path in (
            ("events", f"/cycles/{school.cycle.cycle_id}/events"),
            ("event", f"/events/{seminar}"),
            ("planned-event", f"/events/{forum}"),
            ("publication", f"/publications/{rules}"),
        ):
            page.goto(url + path)
            check_looks(page)
            keep(page, name, width)
        page.goto(f"{url}/cycles/{school.cycle.cycle_id}/events")
        page.get_by_text("Внести мероприятие…").click()
        page.get_by_text("Внести публикацию…").click()
        check_looks(page)
        keep(page, "telling", width)
        page.goto(f"{url}/events/{forum}")
        page.get_by_text("Внесено по ошибке…").click()
        page.get_by_label("Почему").fill("Форум перенесён на следующий год.")
        page.get_by_role("button", name="Отозвать").click()
        page.get_by_text("Причина: «Форум перенесён на следующий год.»").wait_for()
        check_looks(page)
        keep(page, "withdrawn-event", width)
        assert seen.faults == []
        page.context.close()
