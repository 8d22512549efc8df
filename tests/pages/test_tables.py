"""A report's figures as a table, on pages."""

import io

from openpyxl import load_workbook
from sqlalchemy import Engine

from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor


async def test_a_register_has_its_table_among_the_files_and_an_order_has_none(
    engine: Engine,
) -> None:
    school = School(engine)
    register = school.paper("register_mentors")
    order = school.paper("order_introduction")
    visitor = await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)

    await visitor.go(f"/documents/{register}")
    assert "Таблица (XLSX)" in visitor.text
    await visitor.go(f"/documents/{register}/table.xlsx?version=1")
    assert visitor.shown is not None
    made = load_workbook(io.BytesIO(visitor.shown.content))
    assert made.sheetnames == ["Наставники", "Документ"]
    assert made["Наставники"]["A1"].value == "Фамилия, имя, отчество"

    await visitor.go(f"/documents/{order}")
    assert "Таблица (XLSX)" not in visitor.text
    await visitor.go(f"/documents/{order}/table.xlsx")
    assert visitor.status == 404
