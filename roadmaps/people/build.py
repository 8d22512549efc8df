"""Writes lists of invented people for rehearsals and tests: a college, two schools, and the offices
above schools.

Surnames are hard on purpose (undeclined, double, foreign, one form for both sexes), patronymics
are missing in places, those who learn stand on both sides of 14 and 18, teachers of 35.

    python -m roadmaps.people.build
"""

import re
import zipfile
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

PEOPLE_HEADINGS = (
    *("Код", "Фамилия", "Имя", "Отчество", "Пол", "Дата рождения", "Должность или группа"),
    *("Роли", "Код представителя", "Кем приходится", "Стаж, лет", "Почта"),
)
BODIES_HEADINGS = ("Код", "Название", "Коды участников")

# Code, name, sex, birth date, post, years of experience. The code is the role in the programme.
STAFF = """
director     | Бонч-Бруевич Артемий Глебович | м | 14.03.1968 | директор | 31
deputy_uvr   | Непомнящая Лариса Фёдоровна   | ж | 02.11.1974 | заместитель директора по УВР | 27
deputy_upr   | Черных Савелий Игнатьевич     | м | 19.07.1971 | заместитель директора по УПР | 25
methodist    | Шевченко Нонна Юрьевна        | ж | 30.05.1979 | методист | 20
pck_chair    | Гремитских Евдокия Павловна   | ж | 08.01.1970 | председатель ПЦК | 29
psychologist | Ким Ия Викторовна             | ж | 25.12.1986 | педагог-психолог | 14
curator      | Коваль Ульяна Семёновна       | ж | 17.09.1983 | педагог-организатор | 18
"""

TEACHERS = """
t01 | Коваль Матвей Лукич                | м | 11.02.1975 | преподаватель электротехники | 24
t02 | Шевченко Остап Кириллович          | м | 06.06.1969 | мастер производственного обучения | 30
t03 | Заяц Клавдия Петровна              | ж | 21.10.1972 | преподаватель математики | 28
t04 | Дюма Эраст Леонидович              | м | 03.04.1980 | преподаватель истории | 19
t05 | Асадчий Тихон Андреевич            | м | 15.08.1966 | преподаватель физики | 34
t06 | Черных Агния Романовна             | ж | 28.02.1982 | преподаватель химии | 17
t07 | Саакян Тигран Ашотович             | м | 09.12.1977 | преподаватель материаловедения | 22
t08 | Галиева Гузель Ринатовна           | ж | 13.05.1984 | преподаватель информатики | 16
t09 | Семёнов-Горский Пётр Ильич         | м | 24.01.1973 | мастер производственного обучения | 26
t10 | Ли Вера                            | ж | 31.07.1981 | преподаватель английского языка | 18
t11 | Живаго Прасковья Никитична         | ж | 18.03.1967 | преподаватель литературы | 33
t12 | Алиев Рашид Мамед оглы             | м | 05.11.1978 | преподаватель инженерной графики | 21
t13 | Белошапка Мирон Фомич              | м | 22.09.1976 | преподаватель экономики | 23
"""

YOUNG_SPECIALISTS = """
y01 | Заяц Ждан Олегович                 | м | 12.04.2001 | преподаватель физики | 1
y02 | Непомнящий Лев Аркадьевич          | м | 27.08.2000 | мастер производственного обучения | 2
y03 | Дюма Инесса Марковна               | ж | 16.01.2002 | преподаватель истории | 0
y04 | Кузьмёнок Любовь Ильинична         | ж | 09.10.1999 | преподаватель математики | 3
y05 | Цой Аделина                        | ж | 01.12.2001 | преподаватель информатики | 1
y06 | Сорока Фока Демьянович             | м | 20.06.2000 | преподаватель химии | 2
y07 | Белых Есения Яковлевна             | ж | 29.02.2000 | преподаватель английского языка | 0
"""

# Code, name, sex, birth date, group, role, code of the representative and the kinship.
STUDENTS = """
s01 | Рыжих Елисей Маркович          | м | 30.08.2006 | группа ЭМ-31 | наставник    |     |
s02 | Коваленко Злата Тарасовна       | ж | 14.05.2006 | группа СВ-31 | наставник    |     |
s03 | Мицкевич Кузьма Янович          | м | 25.07.2007 | группа ИС-31 | наставник    |     |
s04 | Пак Виктория                    | ж | 23.03.2008 | группа ЭМ-21 | наставник    | p01 | мать
s05 | Щёголев Фёдор Саввич            | м | 17.11.2007 | группа ИС-21 | наставник    | p02 | отец
s06 | Гончар Серафима Львовна         | ж | 05.02.2009 | группа СВ-11 | наставляемый | p03 | мать
s07 | Гончар Макар Львович            | м | 05.02.2009 | группа ЭМ-11 | наставляемый | p03 | мать
s08 | Сулейманов Айдар Маратович      | м | 19.06.2009 | группа ИС-11 | наставляемый | p04 | дед
s09 | Черных Ефросинья Глебовна       | ж | 02.09.2007 | группа СВ-21 | наставляемый | p05 | мать
s10 | Дубровин Добрыня Захарович      | м | 26.04.2007 | группа ЭМ-21 | наставляемый |     |
s11 | Тхор Мирослава Богдановна       | ж | 08.07.2005 | группа ИС-31 | наставляемый |     |
s12 | Алиева Лейла Рашид кызы         | ж | 12.12.2008 | группа ЭК-11 | наставляемый | t12 | отец
"""

REPRESENTATIVES = """
p01 | Пак Ольга Денисовна         | ж | 11.10.1985
p02 | Щёголев Савва Фёдорович     | м | 03.03.1979
p03 | Гончар Алевтина Юрьевна     | ж | 28.07.1983
p04 | Сулейманов Ильгиз           | м | 15.01.1956
p05 | Рябоконь Таисия Матвеевна   | ж | 06.05.1981
"""

# A school. Nobody here is anybody of the college.
SCHOOL_STAFF = """
director     | Мицкевич Аделаида Францевна   | ж | 19.05.1967 | директор | 33
deputy       | Седых Роман Валерьянович      | м | 23.10.1978 | заместитель директора по УВР | 22
psychologist | Нго Тхи Лан                   | ж | 07.04.1988 | педагог-психолог | 12
curator      | Полторацкая Вера Игоревна     | ж | 30.08.1985 | учитель начальных классов | 16
secretary    | Бабич Инга Робертовна         | ж | 12.12.1990 | секретарь | 8
"""

SCHOOL_TEACHERS = """
t01 | Дубяго Назар Остапович             | м | 04.02.1971 | учитель математики | 29
t02 | Римских-Корсак Ольга Мироновна     | ж | 15.06.1976 | учитель русского языка и литературы | 25
t03 | Гёте Иосиф Карлович                | м | 21.09.1983 | учитель немецкого языка | 17
t04 | Мамедова Севда Вагиф кызы          | ж | 11.11.1979 | учитель биологии | 21
t05 | Пустовойт Денис Юлианович          | м | 02.03.1993 | учитель физической культуры | 9
t06 | Хрущ Зоя Ефремовна                 | ж | 28.07.1990 | учитель географии | 11
"""

SCHOOL_NOVICES = """
y01 | Лошак Таисия Глебовна              | ж | 17.01.2000 | учитель физики | 1
y02 | Тё Артур                           | м | 05.05.2001 | учитель информатики | 0
y03 | Красных Илья Вячеславович          | м | 24.12.1999 | учитель истории и обществознания | 2
"""

# In the year of the ages: under 14, from 14 to 17, and of age.
SCHOOL_PUPILS = """
s01 | Шкода Марьяна Вадимовна         | ж | 09.09.2012 | 6 «А» класс  | наставляемый | p01 | мать
s02 | Сааведра Хулио Мигелевич        | м | 13.03.2009 | 9 «Б» класс  | наставляемый | p02 | отец
s03 | Долгих Ульяна Ярославна         | ж | 20.10.2013 | 5 «А» класс  | наставляемый | p03 | бабушка
s04 | Бей Эмин Тимурович              | м | 01.06.2010 | 8 «В» класс  | наставляемый | p04 | опекун
s05 | Чумак Лука Саввич               | м | 29.08.2006 | 11 «А» класс | наставник    |     |
s06 | Вовк Полина Дмитриевна          | ж | 08.08.2008 | 10 «А» класс | наставник    | p05 | мать
s07 | Жук Ева Артёмовна               | ж | 27.04.2009 | 9 «А» класс  | наставник    | p06 | отец
"""

SCHOOL_REPRESENTATIVES = """
p01 | Шкода Любовь Прохоровна     | ж | 03.02.1986
p02 | Сааведра Мигель             | м | 14.07.1981
p03 | Долгих Нелли Архиповна      | ж | 25.11.1959
p04 | Юсуфзаде Алим Керимович     | м | 06.06.1974
p05 | Вовк Христина Олеговна      | ж | 18.01.1984
p06 | Жук Артём Натанович         | м | 22.02.1980
"""

# A firm that takes part: neither staff nor learners.
SCHOOL_PARTNERS = """
e01 | Грицай Платон Никодимович   | м | 16.10.1982 | инженер-технолог
"""

# A school with groups of a kindergarten has these besides.
PRESCHOOL_TEACHERS = """
t07 | Квятковская-Ли Эмма Андреевна      | ж | 19.03.1982 | воспитатель | 18
"""

PRESCHOOL_CHILDREN = """
k01 | Пушкарь Савва Никитич | м | 15.02.2020 | старшая группа | наставляемый | p07 | мать
"""

PRESCHOOL_REPRESENTATIVES = """
p07 | Пушкарь Дарина Ильдаровна   | ж | 30.09.1994
"""

# Those above organisations: a district with its methodical centre, a city, a district's school of
# mentors, a region, its municipalities. Their own mentors and novices come to a club and a council.
VANINO_STAFF = """
director  | Вернидуб Эдуард Савельевич   | м | 08.02.1969 | начальник управления образования | 30
imc_head  | Седых Милослава Геннадьевна  | ж | 17.10.1975 | директор ИМЦРО | 25
curator   | Гулак Раиса Альбертовна      | ж | 04.06.1982 | методист ИМЦРО | 18
secretary | Линник Юлиан Всеволодович    | м | 29.03.1991 | секретарь районного методического совета | 8
"""  # noqa: E501 - a line is a person

VANINO_MENTORS = """
m01 | Белоус Капитолина Евсеевна     | ж | 12.12.1966 | учитель химии, член клуба учителей | 34
m02 | Жилин-Кох Макар Робертович     | м | 23.08.1978 | учитель истории, член клуба учителей | 22
"""

VANINO_NOVICES = """
n01 | Ковтун Нелли Святославовна     | ж | 06.05.2000 | учитель химии | 1
"""

CHELNY_STAFF = """
director  | Муртазин Ильшат Наилевич     | м | 21.01.1970 | начальник управления образования | 29
imc_head  | Зозуля Маргарита Олеговна    | ж | 11.05.1976 | директор информационно-методического центра | 24
curator   | Хасанова Айсылу Рифовна      | ж | 02.09.1984 | методист информационно-методического центра | 16
secretary | Дудка Платон Викторович      | м | 14.07.1992 | секретарь муниципального Совета наставников | 7
reviewer  | Штерн Инесса Леопольдовна    | ж | 30.11.1964 | доцент кафедры педагогики, внешний рецензент | 36
"""  # noqa: E501 - a line is a person

CHELNY_MENTORS = """
m01 | Ахтямов Радик                  | м | 19.04.1973 | учитель физики, член Совета наставников | 26
m02 | Коваленко-Рау Дина Юрьевна     | ж | 25.12.1981 | учитель английского языка, член Совета наставников | 18
"""  # noqa: E501 - a line is a person

CHELNY_NOVICES = """
n01 | Гиль Варвара Антоновна         | ж | 15.03.2001 | учитель физики | 1
"""

KIROVSKY_STAFF = """
director       | Подопригора Нестор Ильич      | м | 05.05.1965 | глава администрации района | 35
education_head | Мальченко Агата Виленовна     | ж | 27.02.1973 | начальник отдела образования | 26
curator        | Шульга Клим Борисович         | м | 18.11.1980 | руководитель Школы наставничества | 20
methodist      | Тарасюк Оксана Демидовна      | ж | 09.08.1986 | методист отдела информационно-методической поддержки | 14
secretary      | Пак Ева Сергеевна             | ж | 01.04.1993 | секретарь Школы наставничества | 6
"""  # noqa: E501 - a line is a person

KIROVSKY_MENTORS = """
m01 | Заречный Фрол Кузьмич          | м | 13.06.1971 | учитель математики, наставник Школы | 28
m02 | Ганич Устинья Павловна         | ж | 22.10.1977 | воспитатель, наставник Школы | 21
"""

KIROVSKY_NOVICES = """
n01 | Журба Роман Тимофеевич         | м | 03.03.2000 | учитель математики | 2
"""

OMSK_STAFF = """
director  | Бухгольц Аркадий Францевич   | м | 26.09.1966 | министр образования | 33
deputy    | Неделько Лиана Робертовна    | ж | 07.07.1974 | заместитель министра | 25
curator   | Качур Степан Эдуардович      | м | 16.01.1979 | руководитель регионального наставнического центра | 21
analyst   | Абишева Динара Кайратовна    | ж | 20.05.1988 | аналитик регионального наставнического центра | 11
secretary | Стельмах Нина Аркадьевна     | ж | 10.12.1990 | секретарь координационного совета | 9
"""  # noqa: E501 - a line is a person

OMSK_MENTORS = """
m01 | Рудь Авдотья Захаровна         | ж | 04.04.1970 | мастер наставничества регионального центра | 30
"""  # noqa: E501 - a line is a person

OMSK_NOVICES = """
n01 | Фоменко Глеб Рустамович        | м | 28.06.2001 | методист регионального центра | 0
"""

MUNICIPALITY_STAFF = """
director  | Кныш Варфоломей Егорович     | м | 31.10.1972 | начальник управления образования | 26
curator   | Шевчук Лада Максимовна       | ж | 24.03.1985 | муниципальный координатор наставничества | 15
"""  # noqa: E501 - a line is a person

Row = tuple[str | date | int | None, ...]


@dataclass(frozen=True)
class Listed:
    """One list of people, in blocks of lines."""

    file: str
    staff: str
    teachers: str
    novices: str
    learners: str
    representatives: str
    partners: str = ""
    bodies: tuple[tuple[str, str], ...] = (("council", "Педагогический совет"),)

    @property
    def path(self) -> Path:
        """Where its workbook stands."""
        return Path(__file__).with_name(self.file)


COLLEGE = Listed("polytech.xlsx", STAFF, TEACHERS, YOUNG_SPECIALISTS, STUDENTS, REPRESENTATIVES)
SCHOOL = Listed(
    "school.xlsx",
    SCHOOL_STAFF,
    SCHOOL_TEACHERS,
    SCHOOL_NOVICES,
    SCHOOL_PUPILS,
    SCHOOL_REPRESENTATIVES,
    SCHOOL_PARTNERS,
)
SCHOOL_WITH_PRESCHOOL = Listed(
    "school_with_preschool.xlsx",
    SCHOOL_STAFF,
    SCHOOL_TEACHERS + PRESCHOOL_TEACHERS,
    SCHOOL_NOVICES,
    PRESCHOOL_CHILDREN + SCHOOL_PUPILS,
    PRESCHOOL_REPRESENTATIVES + SCHOOL_REPRESENTATIVES,
)
VANINO = Listed(
    *("vanino.xlsx", VANINO_STAFF, VANINO_MENTORS, VANINO_NOVICES, "", ""),
    bodies=(("council", "Районный экспертно-методический совет"), ("club", "Клуб учителей")),
)
CHELNY = Listed(
    *("chelny.xlsx", CHELNY_STAFF, CHELNY_MENTORS, CHELNY_NOVICES, "", ""),
    bodies=(("council", "Муниципальный Совет наставников"),),
)
KIROVSKY = Listed(
    *("kirovsky.xlsx", KIROVSKY_STAFF, KIROVSKY_MENTORS, KIROVSKY_NOVICES, "", ""),
    bodies=(("school", "Муниципальная Школа наставничества"),),
)
OMSK = Listed(
    *("omsk.xlsx", OMSK_STAFF, OMSK_MENTORS, OMSK_NOVICES, "", ""),
    bodies=(("council", "Координационный совет"),),
)
MUNICIPALITY = Listed("omsk_municipality.xlsx", MUNICIPALITY_STAFF, "", "", "", "", bodies=())
LISTS = (
    *(COLLEGE, SCHOOL, SCHOOL_WITH_PRESCHOOL),
    *(VANINO, CHELNY, KIROVSKY, OMSK, MUNICIPALITY),
)
FILE = COLLEGE.path


def people_rows(listed: Listed = COLLEGE) -> list[Row]:
    """The rows of «Люди» in the order of its headings."""
    rows: list[Row] = []
    for block, roles in (
        (listed.staff, "сотрудник"),
        (listed.teachers, "сотрудник; наставник"),
        (listed.novices, "сотрудник; наставляемый"),
    ):
        for code, name, sex, birth, post, years in _lines(block):
            rows.append(
                (code, *_name(name), sex, _date(birth), post, roles, None, None, int(years))
            )
    for code, name, sex, birth, group, role, parent, kinship in _lines(listed.learners):
        person = (code, *_name(name), sex, _date(birth), group, role)
        rows.append((*person, parent or None, kinship or None, None))
    for code, name, sex, birth, post in _lines(listed.partners):
        rows.append((code, *_name(name), sex, _date(birth), post, "наставник", None, None, None))
    for code, name, sex, birth in _lines(listed.representatives):
        rows.append(
            (code, *_name(name), sex, _date(birth), None, "представитель", None, None, None)
        )
    return [(*row, f"{row[0]}@example.org") for row in rows]


def body_rows(listed: Listed = COLLEGE) -> list[Row]:
    """The rows of «Органы»."""
    members = [line[0] for block in (listed.staff, listed.teachers) for line in _lines(block)]
    return [(code, name, "; ".join(members)) for code, name in listed.bodies]


def built(listed: Listed = COLLEGE) -> bytes:
    """The workbook. The same rows give the same bytes."""
    workbook = Workbook()
    people = workbook.worksheets[0]
    people.title = "Люди"
    _fill(people, PEOPLE_HEADINGS, people_rows(listed))
    _fill(workbook.create_sheet("Органы"), BODIES_HEADINGS, body_rows(listed))
    saved = BytesIO()
    workbook.save(saved)
    return _without_times(saved)


def _lines(block: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split("|")] for line in block.strip().splitlines() if line
    ]


def _name(name: str) -> tuple[str, str, str | None]:
    last, first, *patronymic = name.split(" ", 2)
    return last, first, patronymic[0] if patronymic else None


def _date(text: str) -> date:
    day, month, year = map(int, text.split("."))
    return date(year, month, day)


def _fill(sheet: Worksheet, headings: tuple[str, ...], rows: list[Row]) -> None:
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    for column, heading in enumerate(headings, start=1):
        sheet.cell(1, column).font = Font(bold=True)
        longest = max((len(str(row[column - 1] or "")) for row in rows), default=0)
        width = min(max(longest, len(heading)) + 2, 40)
        sheet.column_dimensions[get_column_letter(column)].width = width
        if heading == "Дата рождения":
            for number in range(2, len(rows) + 2):
                sheet.cell(number, column).number_format = "DD.MM.YYYY"
    sheet.freeze_panes = "A2"


def _without_times(saved: BytesIO) -> bytes:
    """The library writes the moment of saving into the properties and into every entry."""
    rewritten = BytesIO()
    with (
        zipfile.ZipFile(saved) as before,
        zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in sorted(before.namelist()):
            part = before.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT[0-9:]+Z", b"2025-08-25T00:00:00Z", part)
            after.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return rewritten.getvalue()


if __name__ == "__main__":
    for one in LISTS:
        one.path.write_bytes(built(one))
        print(f"{one.file}: людей {len(people_rows(one))}, органов {len(body_rows(one))}")
