"""`nastavnik organisations`: a municipality, its schools one by one and by a list."""

from pathlib import Path

from runtime.ports import free_port
from tests.adapters.test_organisation_files import SCHOOL, a_list
from tests.e2e.program import beside, run
from tests.e2e.test_pages import ORGANISATION

NEW = ("--code", "g-1", *ORGANISATION, "--kind", "school", "--tag", "500+")


def test_a_municipality_gets_schools_one_by_one_and_by_a_list(tmp_path: Path) -> None:
    home, port, file = tmp_path / "home", free_port(), tmp_path / "list.xlsx"
    outside = ("d-2", "Детский сад № 2", *SCHOOL[2:6], "нет", "детский сад", None, None)
    file.write_bytes(a_list(SCHOOL, outside))
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(a_list(SCHOOL, SCHOOL))
    at = ("--home", home, "--json")
    with beside(home, "up", "--port", port) as service:
        service.await_line("Служба: готова")
        upper = run("add", "organisation", *ORGANISATION, *at).json["organisation"]
        placed = run("organisations", "place", upper, "--level", "municipality", *at)
        added = run("organisations", "add", upper, *NEW, *at)
        refused = run("organisations", "import", upper, wrong, *at)
        imported = run("organisations", "import", upper, file, *at)
        listed = run("organisations", "list", upper, "--tag", "500+", *at)
        circle = run("organisations", "place", upper, "--level", "region", "--below", upper, *at)
    assert (placed.code, added.code) == (0, 0)
    assert added.json["login"].startswith("admin-")
    assert added.json["password"].count("-") == 3
    assert (refused.code, refused.json["error"]) == (1, "BadSpreadsheet")
    assert "ячейка A3" in refused.json["detail"]
    school, kindergarten = imported.json["organisations"]
    assert school["password"]
    assert (kindergarten["login"], kindergarten["password"]) == (None, None)
    names = [one["short_name"] for one in listed.json["organisations"]]
    assert sorted(names) == ["СОШ 1", "СОШ № 1"]
    assert circle.code == 2
