"""Options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Один объект JSON на стандартном выводе.")]
HomeDir = Annotated[Path | None, typer.Option("--home", help="Каталог данных.", show_default="var")]
Out = Annotated[Path, typer.Option("-o", "--out", help="Куда записать.")]
