"""Problem details (RFC 9457): one table from the class of a refusal to status and title.

The class name is the code. A detail names ids and rules, never a person.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException

from domain import errors
from domain.errors import Refused

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = "2"


class Unauthorized(Refused):
    """No token, or one that is unknown, expired or ended."""


class Forbidden(Refused):
    """The account's access role may not do this."""


class RequestInvalid(Refused):
    """The request's form is wrong; `errors` of the answer names the fields."""


class TooLarge(Refused):
    """The request's body is larger than this route takes."""


class MethodNotAllowed(Refused):
    """The address exists, but not for this method."""


class IdempotencyKeyMissing(Refused):
    """A POST came without an `Idempotency-Key` of 1 to 255 printable characters."""


class Unavailable(Refused):
    """The outcome is unknown or nothing was done; the same request with the same key is safe."""


class Internal(Refused):
    """A mistake of ours. What happened stands in the log, without the data it happened to."""


class Problem(NamedTuple):
    """How a refusal is answered.

    `kept` refusals are stored under the idempotency key, for the rules decided upon them; the
    rest were made before anything began, or may turn out otherwise if asked again.
    """

    status: int
    title: str
    kept: bool = False


PROBLEMS: Final[Mapping[type[Refused], Problem]] = {
    Refused: Problem(409, "Правила этого не допускают", kept=True),
    errors.WrongState: Problem(409, "Сейчас это действие недоступно", kept=True),
    errors.NotPlanned: Problem(409, "Программа только что запущена и ещё готовится"),
    errors.NotYours: Problem(403, "Это действие за другим человеком", kept=True),
    errors.RightEnded: Problem(403, "Право решать здесь прекращено или у другого", kept=True),
    errors.OwnDraft: Problem(403, "Свой проект решает другой человек", kept=True),
    errors.NotFound: Problem(404, "Не найдено"),
    errors.StaleVersion: Problem(409, "Есть более новая версия", kept=True),
    errors.RemarkMissing: Problem(422, "Нужно замечание или причина", kept=True),
    errors.NotAMember: Problem(
        422, "Заседают члены органа, ведёт присутствующий председатель", kept=True
    ),
    errors.NoQuorum: Problem(422, "Нет кворума", kept=True),
    errors.TooManyVotes: Problem(422, "Голосов больше, чем присутствовало", kept=True),
    errors.NoMajority: Problem(
        422, "Для одобрения нужно больше половины присутствующих", kept=True
    ),
    errors.ItemsUndecided: Problem(422, "Решение нужно по каждому вопросу повестки", kept=True),
    errors.ConsentMissing: Problem(409, "Нет действующего согласия", kept=True),
    errors.ProofMissing: Problem(422, "Результат не подтверждён", kept=True),
    errors.BadDate: Problem(422, "Такой даты быть не может", kept=True),
    errors.RoleUnmapped: Problem(422, "Роли назначены не так, как просит дорожная карта"),
    errors.PairExists: Problem(409, "Такая пара уже есть или невозможна", kept=True),
    errors.AlreadyLaunched: Problem(409, "Цикл этого периода уже запущен", kept=True),
    errors.WrongLevel: Problem(422, "Организация может стоять только ниже более высокого уровня"),
    errors.RowAtWork: Problem(409, "Документ строки в работе: сначала отзовите его", kept=True),
    errors.PairsNeedRow: Problem(409, "Приказа этой строки ждут пары", kept=True),
    errors.NotAdaptable: Problem(
        403, "Дорожная карта дана сверху: это в ней менять нельзя", kept=True
    ),
    errors.RowDoesNotFit: Problem(422, "Строка не подходит к дорожной карте", kept=False),
    errors.RoadmapConflict: Problem(
        409, "Новая версия дорожной карты расходится со сделанным", kept=True
    ),
    errors.NotInForce: Problem(409, "Документ ещё не вступил в силу", kept=True),
    errors.NotNamed: Problem(422, "Документ не называет этого человека", kept=True),
    errors.AcquaintedAlready: Problem(409, "Ознакомление записано другим днём", kept=True),
    errors.CancelledAlready: Problem(409, "Документ уже отменён или заменён", kept=True),
    errors.ForeignDocument: Problem(409, "Это не документ этого цикла", kept=True),
    errors.ChangesItself: Problem(409, "Документ не может изменить сам себя", kept=True),
    errors.MaskNotUnique: Problem(422, "С такой маской номера могут повториться", kept=True),
    errors.NumberTaken: Problem(409, "Этот номер уже занят или аннулирован", kept=True),
    errors.ForeignNumber: Problem(422, "Такие номера даёт другой журнал", kept=True),
    errors.NumberTooFar: Problem(422, "Номер слишком далёк от последнего", kept=True),
    errors.IncomingKnown: Problem(409, "Этот входящий документ уже зарегистрирован", kept=True),
    errors.ActsForHimself: Problem(422, "Нельзя действовать вместо самого себя", kept=True),
    errors.RightTaken: Problem(409, "На эти дни такое право уже дано", kept=True),
    errors.SubstitutionCircle: Problem(409, "Замещения идут по кругу", kept=True),
    errors.RightOver: Problem(409, "Это право уже прекращено", kept=True),
    errors.NotAbove: Problem(422, "Такой организации уровнем выше нет"),
    errors.TransferFixed: Problem(422, "Что и зачем видит организация уровнем выше, менять нельзя"),
    errors.FactMissing: Problem(422, "Для документа не хватает сведений"),
    errors.TemplateFault: Problem(500, "Шаблон документа неисправен"),
    errors.BadTemplate: Problem(422, "В шаблоне ошибки, он не принят"),
    errors.BadRoadmap: Problem(500, "Дорожная карта неисправна"),
    errors.NoRoadmapTable: Problem(422, "В документе нет такой таблицы"),
    errors.NoActivityColumn: Problem(422, "В таблице не найден столбец мероприятий"),
    errors.SeveralRoadmapTables: Problem(422, "Дорожной картой могут быть несколько таблиц"),
    errors.BadRules: Problem(500, "Правила описаны неверно"),
    errors.BadSpreadsheet: Problem(422, "В таблице ошибки, ничего не принято"),
    errors.BadFigures: Problem(422, "В показателях ошибки, ничего не принято"),
    errors.BadUpload: Problem(422, "Файл не подходит"),
    errors.ForeignPages: Problem(422, "Это скан другого документа или другой версии"),
    errors.InfectedFile: Problem(422, "В файле найден вирус, он не принят"),
    errors.ChecksBusy: Problem(503, "Сейчас проверяется слишком много файлов, повторите"),
    errors.BadSignatureFile: Problem(422, "Файл подписи не читается"),
    errors.SignatureRefused: Problem(422, "Подпись не принята"),
    errors.NotTheSigner: Problem(422, "Подписал не тот, чья подпись нужна"),
    errors.OnPaperOnly: Problem(409, "Этот документ подписывают от руки"),
    errors.BadAuthorities: Problem(500, "Список удостоверяющих центров неисправен"),
    errors.CopyUnavailable: Problem(503, "Копию в PDF сейчас сделать нельзя"),
    errors.EventNotHeld: Problem(422, "Мероприятие ещё не проведено", kept=True),
    errors.EventWithdrawn: Problem(409, "Эти сведения отозваны", kept=True),
    errors.ProvesRow: Problem(409, "Этим подтверждена строка, отозвать нельзя", kept=True),
    errors.BeingNamed: Problem(409, "Этим как раз подтверждают строку, отозвать пока нельзя"),
    errors.TooFewAttended: Problem(422, "Пришло меньше людей, чем нужно строке", kept=True),
    errors.WrongEventKind: Problem(422, "Строке нужно мероприятие другого вида", kept=True),
    errors.ListTooLong: Problem(422, "В списке больше людей, чем пришло", kept=True),
    errors.NotAnAddress: Problem(422, "Это не адрес страницы http или https", kept=True),
    errors.ForeignEvidence: Problem(
        422, "Это мероприятие или публикация другой программы или другого года", kept=True
    ),
    errors.AlreadyCounted: Problem(409, "Это здесь уже засчитано", kept=True),
    errors.EnoughEvidence: Problem(409, "Подтверждений уже достаточно", kept=True),
    errors.IndicatorComputed: Problem(409, "Этот показатель считает программа", kept=True),
    errors.IndicatorUnknown: Problem(422, "Такого показателя, года или периода нет", kept=True),
    errors.FuturePeriod: Problem(422, "Этот период ещё не начался"),
    errors.NotWhole: Problem(422, "Людей и предметы считают целыми числами", kept=True),
    errors.BytesChanged: Problem(500, "Хранимый файл изменён"),
    errors.KeyDestroyed: Problem(410, "Содержание уничтожено по акту"),
    errors.StillKept: Problem(409, "Документ ещё нужно хранить", kept=True),
    errors.ExpertiseMissing: Problem(422, "Нужен протокол экспертной комиссии", kept=True),
    errors.WrongKey: Problem(500, "Ключ хранилища не подходит"),
    errors.ForgedCheckpoint: Problem(422, "Отметка журнала подделана или не читается"),
    errors.LogForked: Problem(409, "Журнал переписан или укорочен после прежней отметки"),
    errors.StaleProof: Problem(409, "Доказательство начинается не с хранимой отметки"),
    errors.LogKeyMissing: Problem(422, "Ключ этого журнала ещё не известен"),
    errors.KeyReused: Problem(422, "Ключ повтора уже занят другим запросом"),
    errors.StillWorking: Problem(409, "Такой же запрос ещё выполняется"),
    errors.WrongPassword: Problem(401, "Логин или пароль не подходят"),
    errors.WeakPassword: Problem(422, "Такой пароль не годится"),
    errors.LoginTaken: Problem(409, "Такой логин уже есть"),
    errors.TooOften: Problem(429, "Слишком много попыток, подождите"),
    Unauthorized: Problem(401, "Нужно войти"),
    Forbidden: Problem(403, "Нет прав на это действие"),
    RequestInvalid: Problem(422, "Запрос заполнен неверно"),
    TooLarge: Problem(413, "Слишком большой запрос"),
    MethodNotAllowed: Problem(405, "Этот адрес так не работает"),
    IdempotencyKeyMissing: Problem(400, "Нужен заголовок Idempotency-Key"),
    Unavailable: Problem(503, "Служба временно недоступна, повторите запрос"),
    Internal: Problem(500, "Внутренняя ошибка"),
}

BY_CODE: Final[Mapping[str, type[Refused]]] = {kind.__name__: kind for kind in PROBLEMS}

_SOON: Final = (
    Unavailable,
    errors.NotPlanned,
    errors.BeingNamed,
    errors.StillWorking,
    errors.ChecksBusy,
    errors.CopyUnavailable,
)
"""What may be asked for again in a moment."""

_REASONS: Final[Mapping[str, str]] = {
    "missing": "обязательное поле",
    "extra_forbidden": "неизвестное поле",
    "json_invalid": "это не JSON",
    "string_type": "ждём текст",
    "string_too_short": "слишком короткий текст",
    "string_too_long": "слишком длинный текст",
    "string_pattern_mismatch": "недопустимые знаки",
    "string_unicode": "недопустимые знаки",
    "int_type": "ждём целое число",
    "int_parsing": "ждём целое число",
    "bool_type": "ждём true или false",
    "bool_parsing": "ждём true или false",
    "date_from_datetime_parsing": "ждём дату ГГГГ-ММ-ДД",
    "date_parsing": "ждём дату ГГГГ-ММ-ДД",
    "date_type": "ждём дату ГГГГ-ММ-ДД",
    "enum": "такого значения нет в списке",
    "literal_error": "такого значения нет в списке",
    "union_tag_invalid": "такого значения нет в списке",
    "union_tag_not_found": "не сказано, чем это подтверждается",
    "greater_than_equal": "число слишком мало",
    "less_than_equal": "число слишком велико",
    "too_short": "слишком короткий список",
    "too_long": "слишком длинный список",
    "mandate_own_in_place": "своё право не бывает вместо другого",
    "mandate_place_missing": "не сказано, вместо кого",
    "mandate_two_places": "сказано и «вместо», и «сменяет»",
    "mandate_follows_in_part": "сменяют руководитель или исполняющий обязанности, целиком",
    "mandate_last_day_missing": "замещению нужен последний день",
    "mandate_post_missing": "исполняющему обязанности нужна должность",
    "mandate_ground_unfit": "основание не того вида",
    "model_attributes_type": "ждём объект JSON",
    "dict_type": "ждём объект JSON",
    "tuple_type": "ждём список JSON",
    "list_type": "ждём список JSON",
}

_REASONS_OF_DAY: Final[Mapping[str, str]] = {
    "greater_than_equal": "слишком ранний день",
    "less_than_equal": "слишком поздний день",
}

_EXAMPLE: Final = {
    "type": "urn:nastavnik:problem:StaleVersion",
    "title": PROBLEMS[errors.StaleVersion].title,
    "status": PROBLEMS[errors.StaleVersion].status,
    "detail": "version 1 is named, version 2 is in force",
    "instance": "/api/v1/documents/41b0c2d7e8f90123/decision",
    "code": "StaleVersion",
}
IN_OPENAPI: Final[dict[int | str, dict[str, Any]]] = {
    code: {
        "description": "Отказ (RFC 9457)",
        "content": {MEDIA_TYPE: {"schema": {"type": "object"}, "example": _EXAMPLE}},
    }
    for code in ("422", "default")
}
"""What OpenAPI says of refusals, in place of the framework's own words."""


def reason_of(error: ErrorDetails) -> str:
    """What is wrong with a field, by the type that pydantic gives the error."""
    bounds = error.get("ctx", {}).values()
    is_day = any(isinstance(one, str) for one in bounds)  # bounds of numbers are numbers
    known = {**_REASONS, **_REASONS_OF_DAY} if is_day else _REASONS
    return known.get(error["type"], "неверное значение")


def problem_of(refusal: Refused) -> Problem:
    """The line of the table for this refusal."""
    return PROBLEMS[type(refusal)]


def body_of(
    refusal: Refused, path: str, fields: Sequence[Mapping[str, str]] = ()
) -> dict[str, object]:
    """Problem details of a refusal that was met at `path`; further lines of it go into `errors`."""
    status, title, _ = problem_of(refusal)
    code = type(refusal).__name__
    detail, *more = (str(refusal) or code).splitlines()
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        detail, more = "see the server's log", []
    listed = [*fields, *({"reason": line} for line in more)]
    body: dict[str, object] = {
        "type": f"urn:nastavnik:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": path,
        "code": code,
    }
    return {**body, "errors": listed} if listed else body


def answer(
    request: Request, refusal: Refused, fields: Sequence[Mapping[str, str]] = ()
) -> JSONResponse:
    """The response to a refused request.

    For the log, the code is left in the request's state, and what readers are not told.
    """
    status = problem_of(refusal).status
    headers = {"Cache-Control": "no-store"}
    if isinstance(refusal, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, _SOON):
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    request.state.code = type(refusal).__name__
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        request.state.detail = str(refusal)
    body = body_of(refusal, request.url.path, fields)
    return JSONResponse(body, status, headers, MEDIA_TYPE)


async def refused(request: Request, error: Refused) -> JSONResponse:
    """Exception handler for every refusal."""
    return answer(request, error)


async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Exception handler for a request of the wrong form: fields and reasons, never values."""
    fields = [{"field": _field(one["loc"]), "reason": reason_of(one)} for one in _details(error)]
    return answer(request, RequestInvalid("fields are wrong"), fields)


async def unrouted(request: Request, error: HTTPException) -> JSONResponse:
    """Exception handler for what the framework refuses before a route is reached."""
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return answer(request, errors.NotFound("there is no such address"))
        case HTTPStatus.METHOD_NOT_ALLOWED:
            response = answer(request, MethodNotAllowed("another method is needed"))
            response.headers.update(error.headers or {})
            return response
        case _:
            return answer(request, RequestInvalid("the request cannot be read"))


async def cut_off(request: Request, error: Exception) -> JSONResponse:
    """Exception handler for a client that left before its request had come whole."""
    del error
    return answer(request, RequestInvalid("the request did not come whole"))


async def database_away(request: Request, error: Exception) -> JSONResponse:
    """Exception handler for a lost database: the error's own words stay out of the answer."""
    del error
    return answer(request, Unavailable("the database does not answer"))


async def store_away(request: Request, error: Exception) -> JSONResponse:
    """Exception handler for a store that does not answer or has no room: try again later."""
    response = answer(request, Unavailable("the file store does not answer or has no room"))
    request.state.detail = f"{type(error).__name__} {getattr(error, 'errno', None)}"
    return response


def _details(error: RequestValidationError) -> Sequence[ErrorDetails]:
    found: Sequence[ErrorDetails] = error.errors()
    return found


def _field(place: tuple[int | str, ...]) -> str:
    """Names of unknown fields are the client's own words: they may be no proper text."""
    return ".".join(str(part) for part in place).encode(errors="replace").decode()


def problem_title(code: str | None) -> str:
    """What the code of a refusal means, in the middle of a sentence; empty without one."""
    if code is None:
        return ""
    kind = BY_CODE.get(code)
    title = PROBLEMS[kind].title if kind else f"причина «{code}»"
    return title[:1].lower() + title[1:]
