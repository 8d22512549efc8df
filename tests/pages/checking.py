"""A bundle's `check.html` in a browser: what is chosen there, and what it says of it."""

from pathlib import Path

from playwright.sync_api import Page

from runtime.check_page.build import PAGE

WHOLE = "Все файлы целы"
DIFFERENT = "Есть расхождения: файлы не те, что были выгружены"
STRANGERS = "Файлы из списка целы, но есть посторонние"
NOTHING = "Среди выбранного нет ни одного файла из списка"
INTACT, CHANGED, MISSING = "✓ цел", "▲ изменён", "▲ нет в папке"
FOREIGN, UNCHECKED = "▲ посторонний, в списке его нет", "не проверен"


class Checking:
    """The page in a browser without a network, and what it says of what is chosen."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder
        self.asked: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.faults.append(said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.goto((folder / PAGE).as_uri())

    def choose(self, folder: Path | None = None) -> str:
        self.page.get_by_label("Выбрать папку").set_input_files(folder or self.folder)
        return self.verdict()

    def choose_files(self, *names: str) -> str:
        files = [self.folder / name for name in names]
        self.page.get_by_label("Выбрать файлы").set_input_files(files)
        return self.verdict()

    def drop(self, *paths: Path) -> str:
        """What is dropped from a file manager: paths, not files of the page's own making."""
        browser = self.page.context.new_cdp_session(self.page)
        carried = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for step in ("dragEnter", "dragOver", "drop"):
            told = {"type": step, "x": 100, "y": 100, "data": carried}
            browser.send("Input.dispatchDragEvent", told)
        return self.verdict()

    def verdict(self) -> str:
        return self.page.get_by_role("status").get_by_role("heading").inner_text()

    def words(self) -> str:
        return self.page.get_by_role("status").locator("p").inner_text()

    def states(self) -> dict[str, str]:
        rows = self.page.get_by_role("row").filter(has=self.page.get_by_role("cell"))
        told = [row.split("\n")[0].split("\t") for row in rows.all_inner_texts()]
        return {name.strip(): state.strip() for name, state in told}

    def wrong(self) -> dict[str, str]:
        return {name: state for name, state in self.states().items() if state != INTACT}
