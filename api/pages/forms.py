"""A form at work: what it asks is done once, or the page says why not and keeps all that was typed.

Each form holds three fields that nobody types: `form_token`, `key` and `form` (its name on the
page); see `form_start` of `parts.html`.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Final

from fastapi import Request, Response
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.concurrency import run_in_threadpool

from api.act import Act
from api.deps import act_by
from api.pages.guard import field, is_ours, signed_in, to, typed
from api.problems import Forbidden, TooLarge, Unavailable, problem_of, reason_of
from api.services import Services
from api.uploads import files_of
from domain import ids
from domain.base import Value
from domain.errors import (
    BadSignatureFile,
    BadUpload,
    ForeignPages,
    InfectedFile,
    NotTheSigner,
    NotYours,
    OnPaperOnly,
    Refused,
    SignatureRefused,
    StaleVersion,
    WrongState,
)

_AGAIN: Final = "Ничего не сохранено: выберите файлы снова."
_DETAILED: Final = (
    *(BadUpload, ForeignPages, InfectedFile),
    *(BadSignatureFile, SignatureRefused, NotTheSigner, OnPaperOnly),
)
"""Refusals whose own words are for people, in Russian."""
_WORDS: Final[Mapping[type[Refused], str]] = {
    NotYours: "Это действие за другим человеком. Ничего не записано.",
    Forbidden: "Вы вошли заново с тех пор, как открыли страницу. Ничего не записано: повторите.",
    TooLarge: f"Файл больше 20 МБ. {_AGAIN}",
    Unavailable: "Ответа пока нет: служба занята. Нажмите ещё раз — дважды ничего не запишется.",
}


class Unsent(Value):
    """A form that did nothing: which, why, and what was typed into it. The key is there if the very
    same form may be sent again.
    """

    form: str = ""
    typed: Mapping[str, str] = {}
    problem: str = ""
    status: int = 200
    key: str = ""

    def said(self, form: str, name: str, otherwise: object = "") -> object:
        """What stands in a field of a form: what was typed, or what it begins with."""
        return self.typed.get(name, otherwise) if form == self.form else otherwise

    def key_of(self, form: str) -> str:
        """The key of a form: what is sent with the same key and words is done once."""
        return self.key if self.key and form == self.form else secrets.token_hex(16)


NOTHING_UNSENT: Final = Unsent()

Words = Callable[[Refused], str | None]
"""What a refusal means here, if that is more than its title says."""


def no_words(refusal: Refused) -> None:
    """Titles say it all."""
    del refusal


async def attempt(
    request: Request,
    services: Services,
    do: Callable[[Act, tuple[bytes, ...]], Awaitable[object]],
    labels: Mapping[str, str],
    words: Words = no_words,
) -> Unsent | None:
    """Do what the form asks, with its files; None once it is done, else what its page must say.

    `labels` are the names of the fields, as people see them. Raises what is no refusal.
    """
    try:
        if not is_ours(request):
            raise Forbidden("the form is of an ended session")
        files = await files_of(request.state.form)
        act = act_by(services, signed_in(request).user, _request_id(request, files))
        await do(act, files)
    except ValidationError as error:
        return _unsent(request, _wrong_fields(error.errors(), labels), 422)
    except Refused as refusal:
        said = await run_in_threadpool(_said, refusal, words)
        key = field(request, "key") if isinstance(refusal, Unavailable) else ""
        return _unsent(request, said, problem_of(refusal).status, key)
    return None


async def sent(
    request: Request,
    services: Services,
    do: Callable[[Act, tuple[bytes, ...]], Awaitable[object]],
    labels: Mapping[str, str],
    words: Words = no_words,
    *,
    then: str | Callable[[], str],
    again: Callable[[Unsent], Response],
) -> Response:
    """Do what the form asks and go on to `then`, which is asked for once it is done; or show its
    page `again`. As `attempt`.
    """
    unsent = await attempt(request, services, do, labels, words)
    if unsent is None:
        return to(then if isinstance(then, str) else then())
    return await run_in_threadpool(again, unsent)


def _unsent(request: Request, problem: str, status: int, key: str = "") -> Unsent:
    name = field(request, "form")
    return Unsent(form=name, typed=typed(request), problem=problem, status=status, key=key)


def _request_id(request: Request, files: tuple[bytes, ...]) -> str:
    """What was sent is in the id: the same form with other words or files is another wish."""
    user = signed_in(request).user
    words = [part for pair in sorted(typed(request).items()) for part in pair]
    hashes = [sha256(content).hexdigest() for content in files]
    key = field(request, "key")
    return ids.derived_id(
        user.organisation_id, user.id, request.url.path, key, repr(words), *hashes
    )


def _said(refusal: Refused, words: Words) -> str:
    said = words(refusal) or _WORDS.get(type(refusal))
    if said:
        return said
    title = problem_of(refusal).title
    if isinstance(refusal, _DETAILED):
        return f"{title}: {'; '.join(str(refusal).splitlines())}. {_AGAIN}"
    if isinstance(refusal, StaleVersion | WrongState):
        return f"{title}. Ничего не записано, перед вами нынешнее состояние."
    return f"{title}. Ничего не записано."


def _wrong_fields(errors: list[ErrorDetails], labels: Mapping[str, str]) -> str:
    said = []
    for one in errors:
        known = [labels[str(part)] for part in one["loc"] if str(part) in labels]
        name = ": ".join(known) or "Форма"
        reason = "нужно заполнить" if one["input"] in ("", None, []) else reason_of(one)
        said.append(f"{name}: {reason}.")
    return " ".join(dict.fromkeys(said))
