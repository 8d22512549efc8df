"""An organisation that leaves the cycle above, in its own log."""

from sqlalchemy import Engine

from adapters.postgres.log_views import LogAsked
from domain.messages import BranchLeft
from tests.adapters.nested import Municipality
from tests.adapters.test_branch_views import a_note, launched, lower_state
from tests.adapters.world import NOW


def test_the_log_of_the_one_below_says_why_it_left_in_the_words_of_the_one_above(
    engine: Engine,
) -> None:
    upper = Municipality.make(engine).rise()
    school, *_ = upper.schools()
    upper.inviting(school)
    launched(upper, school)
    note = a_note(upper, "Школа реорганизована.").changed(kind="reason")
    fact = BranchLeft(note_id=upper.desk.keep_text(note))
    state = lower_state(upper, school)
    upper.save(state.branch_left(fact, NOW))

    asked = LogAsked(actions=("left_upper",))
    (line,) = upper.views.log(school, asked).lines

    assert [one.words for one in line.basis] == ["причина: Школа реорганизована."]
