"""Reports between the rehearsed organisations: those from below are answered, ours corrected."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from urllib.parse import quote, urlencode

from openpyxl import load_workbook

from adapters.report_files import SHEET
from domain.report_forms import asked_of
from runtime.rehearsal_script import Script
from runtime.rehearsed_person import ActRefused, Answer, Person

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIGURE: Final = 3
"""What an organisation outside the system says of everything: so no part is more than its whole."""
_SOURCE: Final = "Письмо организации, выдумано для репетиции"


@dataclass(frozen=True)
class Reports:
    """What the curator of a cycle does about the cycles below it, and about the one above."""

    person: Person
    cycle_id: str
    script: Script

    def pages(self) -> Iterator[Answer]:
        """How the reports on each demand stand, with their sums."""
        path = f"/cycles/{self.cycle_id}/branches"
        for one in self.person.get(path)["demands"]:
            asked = urlencode({"demand": one["demand"], "turn": one["turn"]})
            yield self.person.get(f"{path}?{asked}")

    def answer(self, task: Answer) -> None:
        """Enter what organisations outside the system said; accept what has come, but return the
        first one once, if the plot says so.
        """
        refs = task["refs"]
        of = {"demand": refs["demand"], "turn": int(refs["turn"])}
        path = f"/cycles/{self.cycle_id}/branches"
        page = self.person.get(f"{path}?{urlencode(of)}")
        for line in page["lines"]:
            if line["outside"] and line["state"] == "missing":
                self._enter(line["n"], of)
        if of["demand"] == self.script.cast.plot.summed:
            self._check_named(page["lines"])
        sent = {line["n"]: line["version"] for line in page["lines"] if line["state"] == "sent"}
        back = self.script.cast.plot.returned_report
        if back and of == {"demand": back.demand, "turn": 1}:
            first = min(one["n"] for one in page["lines"] if not one["outside"])
            if sent.get(first) == 1:
                sent.pop(first)
                key = f"{self.cycle_id}/{first}/{back.demand}/return"
                self.person.post(f"{path}/{first}/return", key, {**of, "remark": back.remark})
        if sent:
            said = hashlib.sha256(f"{of} {sent}".encode()).hexdigest()
            key = f"{self.cycle_id}/accept/{said}"
            self.person.post(f"{path}/accept", key, {**of, "branches": list(sent)})

    def _check_named(self, lines: Sequence[Answer]) -> None:
        """Who consented to be named is, while all below are at work. Raises `ActRefused`."""
        wanted = sum(one.names_somebody_above for one in self.script.below)
        if any(one["stage"] != "joined" for one in lines if not one["outside"]):
            return
        found = self.person.get(f"/cycles/{self.cycle_id}/branches/people")["branches"]
        named = sum(one["people"] - one["unnamed"] for one in found)
        if named != wanted:
            raise ActRefused(f"по имени названо {named}, согласий на это {wanted}")

    def correct(self, task: Answer) -> None:
        """Send a returned report again."""
        refs = task["refs"]
        item = quote(refs["item"], safe="")
        path = f"/cycles/{self.cycle_id}/items/{item}/results/{refs['result']}/send"
        said = {"note": "Сведения сверены с реестром пар."}
        self.person.post(path, task["task_id"], said)

    def _enter(self, n: int, of: Mapping[str, Any]) -> None:
        """The first report that the roadmap asks for by the filled form, the others typed in."""
        path = f"/cycles/{self.cycle_id}/branches/{n}"
        key = f"{self.cycle_id}/{n}/{of['demand']}/{of['turn']}"
        if of["demand"] == next(iter(self.script.roadmap.demands)):
            form = self.person.read(f"{path}/form.xlsx?{urlencode(of)}")
            asked = urlencode({**of, "source": _SOURCE})
            self.person.upload(f"{path}/reports/file?{asked}", key, _filled(form), XLSX)
        else:
            said = {**of, "figures": self._said(), "source": _SOURCE}
            self.person.post(f"{path}/reports", key, said)

    def _said(self) -> dict[str, str]:
        asked = asked_of(self.script.roadmap, self.script.below_roadmap)
        return {one.name: str(FIGURE) for one in asked}


def _filled(form: bytes) -> bytes:
    """The form with a value in each row."""
    book = load_workbook(BytesIO(form))
    sheet = book[SHEET]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 3).value = FIGURE
    out = BytesIO()
    book.save(out)
    return out.getvalue()
