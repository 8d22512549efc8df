"""A page as an answer: the template, and headers that let nothing foreign in."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages import words
from api.pages.cookies import form_token
from api.problems import BY_CODE, PROBLEMS

_FOLDER: Final = Path(__file__).parent
_STYLE: Final = (_FOLDER / "static" / "style.css").read_bytes()
_ICON: Final = (_FOLDER / "static" / "icon.svg").read_bytes()
STYLE_PATH: Final = f"/static/style.{sha256(_STYLE).hexdigest()[:12]}.css"
ICON_PATH: Final = "/static/icon.svg"
FILES: Final[Mapping[str, tuple[bytes, str]]] = {
    STYLE_PATH: (_STYLE, "text/css"),
    ICON_PATH: (_ICON, "image/svg+xml"),
}

_CSP: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; object-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_HSTS: Final = {"Strict-Transport-Security": "max-age=31536000"}

_ADVICE: Final[Mapping[int, str]] = {
    401: "Войдите и повторите.",
    403: "Это может сделать другой человек: кто — сказано на странице документа или пары.",
    404: "Возможно, адрес набран с ошибкой, или это документ другой организации.",
    409: "Вернитесь и обновите страницу: с тех пор что-то изменилось.",
    410: "Содержание уничтожено по акту; запись о нём осталась.",
    413: "Выберите файл поменьше: до 20 МБ.",
    422: "Вернитесь и исправьте.",
    429: "Подождите несколько минут и попробуйте снова.",
    500: "Мы записали, что случилось. Если повторится, скажите администратору код ниже.",
    503: "Повторите через минуту: ничего не пропало, и дважды ничего не сделается.",
}


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        style_path=STYLE_PATH,
        icon_path=ICON_PATH,
        plural=words.plural,
        set_for=words.set_for,
    )
    made.filters.update(stopped=words.stopped, long_day=words.long_day)
    return made


def page(request: Request, template: str, status: int = 200, **shown: Any) -> Response:  # noqa: ANN401 - what templates show is of many kinds
    """The page of this template; `who` is signed in to it, or nobody is."""
    who = getattr(request.state, "signed_in", None)
    said = {"who": who, "form_token": form_token(request), "path": request.url.path, **shown}
    html = _environment().get_template(template).render(said)
    return HTMLResponse(html, status, headers(request))


def headers(request: Request) -> dict[str, str]:
    """What every page says to the browser."""
    return _HEADERS | (_HSTS if request.url.scheme == "https" else {})


def refusal(request: Request, response: Response) -> Response:
    """The answer to a refused request, as a page: what happened, what to do, a code to quote."""
    code = str(getattr(request.state, "code", "") or "Internal")
    kind = BY_CODE.get(code)
    shown = page(
        request,
        "refusal.html",
        response.status_code,
        title=PROBLEMS[kind].title if kind else "Внутренняя ошибка",
        advice=_ADVICE.get(response.status_code, _ADVICE[422]),
        code=code,
    )
    if "Retry-After" in response.headers:
        shown.headers["Retry-After"] = response.headers["Retry-After"]
    return shown
