"""Makes every `<kind>/template.docx`: `python -m doc_templates.build`.

The committed templates are exactly what this makes; a test compares the bytes.
"""

from collections.abc import Callable
from pathlib import Path

from doc_templates import (
    administration,
    consents,
    contracts,
    events,
    form_regulations,
    inspections,
    labour_papers,
    minutes,
    office_papers,
    orders,
    other_consents,
    pair_papers,
    pair_records,
    pair_work,
    programme_papers,
    questionnaires,
    registers,
    regulations,
    reports,
    rewards,
    roadmap_papers,
    school_contracts,
    school_regulations,
    selection,
    sheets,
    summaries,
    training,
    voices,
)

BUILDERS: dict[str, Callable[[], bytes]] = {
    "acquaintance_sheet": sheets.acquaintance_sheet,
    "additional_agreement": labour_papers.additional_agreement,
    "agreement": pair_papers.agreement,
    "analytical_note": summaries.analytical_note,
    "approval_sheet": office_papers.approval_sheet,
    "attendance_list": sheets.attendance_list,
    "consent_adult": consents.consent_adult,
    "consent_parent": consents.consent_parent,
    "consent_publication_adult": other_consents.consent_publication_adult,
    "consent_publication_minor": other_consents.consent_publication_minor,
    "consent_pupil": consents.consent_pupil,
    "consent_transfer_adult": other_consents.consent_transfer_adult,
    "consent_transfer_minor": other_consents.consent_transfer_minor,
    "consent_withdrawal": other_consents.consent_withdrawal,
    "council_minutes": minutes.council_minutes,
    "curator_report": reports.curator_report,
    "decree": administration.decree,
    "destruction_act": office_papers.destruction_act,
    "diary": pair_records.diary,
    "diploma": rewards.diploma,
    "early_end_notice": labour_papers.early_end_notice,
    "event_programme": events.event_programme,
    "individual_plan": pair_papers.individual_plan,
    "individual_plan_group": pair_records.individual_plan_group,
    "inspection_checklist": inspections.inspection_checklist,
    "journal": registers.journal,
    "meeting_record": pair_work.meeting_record,
    "mentor_consent": pair_papers.mentor_consent,
    "mentor_report": pair_records.mentor_report,
    "monitoring_final": pair_work.monitoring_final,
    "monitoring_interim": pair_work.monitoring_interim,
    "municipal_summary": summaries.municipal_summary,
    "needs_assessment": pair_work.needs_assessment,
    "order_amendment": administration.order_amendment,
    "order_assignments": administration.order_assignments,
    "order_curator": orders.order_curator,
    "order_ending": administration.order_ending,
    "order_introduction": orders.order_introduction,
    "order_pairs": orders.order_pairs,
    "order_rewards": rewards.order_rewards,
    "order_team": administration.order_team,
    "organisation_monitoring": summaries.organisation_monitoring,
    "partnership_contract": contracts.partnership_contract,
    "petition": rewards.petition,
    "plan_correction": inspections.plan_correction,
    "planned_results": programme_papers.planned_results,
    "programme": programme_papers.programme,
    "questionnaire_mentee": questionnaires.questionnaire_mentee,
    "questionnaire_mentee_practice": questionnaires.questionnaire_mentee_practice,
    "questionnaire_mentee_pupil": questionnaires.questionnaire_mentee_pupil,
    "questionnaire_mentor": questionnaires.questionnaire_mentor,
    "questionnaire_preference": voices.questionnaire_preference,
    "questionnaire_satisfaction": voices.questionnaire_satisfaction,
    "recommendations": inspections.recommendations,
    "register_mentees": registers.register_mentees,
    "register_mentors": registers.register_mentors,
    "register_participants": registers.register_participants,
    "register_programmes": registers.register_programmes,
    "regulation": regulations.regulation,
    "regulation_forms": form_regulations.regulation_forms,
    "regulation_school": school_regulations.regulation_school,
    "report": reports.report,
    "resource_map": sheets.resource_map,
    "review": selection.review,
    "roadmap_municipality": roadmap_papers.roadmap_municipality,
    "roadmap_region": roadmap_papers.roadmap_region,
    "roadmap_school": roadmap_papers.roadmap_school,
    "school_minutes": minutes.school_minutes,
    "schools_contract": school_contracts.schools_contract,
    "selection_criteria": selection.selection_criteria,
    "selection_decision": selection.selection_decision,
    "thanks_letter": rewards.thanks_letter,
    "training_certificate": training.training_certificate,
    "training_programme": training.training_programme,
    "training_timetable": training.training_timetable,
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
