"""Makes every `<kind>/template.docx`: `python -m doc_templates.build`.

The committed templates are exactly what this makes; a test compares the bytes.
"""

from collections.abc import Callable
from pathlib import Path

from doc_templates import (
    consents,
    minutes,
    orders,
    pair_papers,
    pair_work,
    programme_papers,
    questionnaires,
    registers,
    regulations,
    reports,
    rewards,
    training,
)

BUILDERS: dict[str, Callable[[], bytes]] = {
    "agreement": pair_papers.agreement,
    "consent_adult": consents.consent_adult,
    "consent_parent": consents.consent_parent,
    "council_minutes": minutes.council_minutes,
    "individual_plan": pair_papers.individual_plan,
    "meeting_record": pair_work.meeting_record,
    "mentor_consent": pair_papers.mentor_consent,
    "monitoring_final": pair_work.monitoring_final,
    "monitoring_interim": pair_work.monitoring_interim,
    "order_curator": orders.order_curator,
    "order_introduction": orders.order_introduction,
    "order_pairs": orders.order_pairs,
    "order_rewards": rewards.order_rewards,
    "planned_results": programme_papers.planned_results,
    "programme": programme_papers.programme,
    "questionnaire_mentee": questionnaires.questionnaire_mentee,
    "questionnaire_mentor": questionnaires.questionnaire_mentor,
    "register_mentees": registers.register_mentees,
    "register_mentors": registers.register_mentors,
    "regulation": regulations.regulation,
    "report": reports.report,
    "thanks_letter": rewards.thanks_letter,
    "training_programme": training.training_programme,
    "yearly_plan": programme_papers.yearly_plan,
}


def main() -> None:
    """Writes the templates beside this file."""
    for kind, build in BUILDERS.items():
        path = Path(__file__).parent / kind / "template.docx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(build())
        print(path.relative_to(Path(__file__).parent))


if __name__ == "__main__":
    main()
