"""The year that follows an upper cycle: who is invited anew, and what the branch had before."""

from datetime import date

from sqlalchemy import Engine

from domain import ids
from domain.branch_wishes import ReleaseBranch
from tests.adapters.nested import Municipality
from tests.adapters.test_branch_views import launched
from tests.adapters.world import NOW


def next_year(upper: Municipality) -> str:
    """The upper cycle of the next year, which has invited nobody yet."""
    new = ids.derived_id("next", upper.cycle)
    later = {"start": date(2027, 9, 1), "follows": upper.cycle}
    upper.desk.keep_launch(new, upper.organisation, upper.launch.changed(**later))
    return new


def test_those_who_did_not_leave_may_be_invited_anew(engine: Engine) -> None:
    upper = Municipality.make(engine).rise()
    first, second, third = upper.schools()
    state = upper.inviting(first, second, third)
    wish = ReleaseBranch(by=upper.curator, note_id=None, n=2)
    upper.save(state.branch_released(wish, NOW))
    new = next_year(upper)

    found = upper.views.branches_before(upper.organisation, new)

    assert [(one.organisation_id, one.invited) for one in found] == [(first, False), (third, False)]
    anew = upper.planned().changed(cycle_id=new)
    upper.save(anew.changed(branches=(state.branch(1),)))
    invited = upper.views.branches_before(upper.organisation, new)
    assert [one.invited for one in invited] == [True, False]
    assert upper.views.branches_before(upper.organisation, upper.cycle) == ()


def test_an_invitation_names_our_cycle_of_the_year_before_unless_we_left(engine: Engine) -> None:
    upper = Municipality.make(engine).rise()
    school, *_ = upper.schools()
    state = upper.inviting(school)
    own = launched(upper, school)
    new = next_year(upper)
    anew = upper.planned().changed(cycle_id=new)
    upper.save(anew.changed(branches=state.branches))

    assert upper.views.invitation(school, new, 1, NOW).before == own
    assert upper.views.invitation(school, upper.cycle, 1, NOW).before is None

    wish = ReleaseBranch(by=upper.curator, note_id=None, n=1)
    upper.save(state.branch_released(wish, NOW))
    assert upper.views.invitation(school, new, 1, NOW).before is None
