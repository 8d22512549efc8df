"""What is wrong with the level below in a roadmap: its demands, and who answers them."""

from collections.abc import Iterable, Mapping

from domain.kinds import KnownKind
from domain.roadmap import DocumentProof, Proof, ReportProof, ReportsProof, Roadmap, Step
from domain.route_checks import At, Complaint
from domain.track_checks import row_papers

_OWN = ("cycle", "organisations")


def below_complaints(roadmap: Roadmap) -> Iterable[Complaint]:
    """What one roadmap says of the level below and of the one above, by itself."""
    asked: set[str] = set()
    sent: set[str] = set()
    for at, step, by in _reports(roadmap):
        if step.scope not in _OWN:
            text = f"отчёты подтверждают строку программы, здесь scope: {step.scope}"
            yield Complaint(at=at, text=text)
        if isinstance(by, ReportProof):
            if by.demand in sent:
                text = f"отчёт «{by.demand}» отправляет уже другая строка: оставьте одну"
                yield Complaint(at=(*at, "demand"), text=text)
            sent.add(by.demand)
            continue
        asked.add(by.demand)
        if by.demand not in roadmap.demands:
            known = ", ".join(roadmap.demands) or "ни одного"
            text = f"неизвестный запрос отчёта «{by.demand}»; есть: {known}"
            yield Complaint(at=(*at, "demand"), text=text)
    if roadmap.demands and roadmap.below is None:
        text = "отчёты ждут от уровня ниже, а он не указан: впишите below"
        yield Complaint(at=("demands",), text=text)
    for name in roadmap.demands:
        if name not in asked:
            text = f"отчёта «{name}» не ждёт ни одна строка (proof: reports)"
            yield Complaint(at=("demands", name), text=text)
    yield from _unproved(roadmap)


def _unproved(roadmap: Roadmap) -> Iterable[Complaint]:
    for number, step in enumerate(roadmap.steps):
        for index, result in enumerate(step.results):
            if step.scope == "organisations" and not _proves_of_all(result.by):
                yield Complaint(
                    at=("steps", number, "results", index, "by"),
                    text="строку организаций подтверждают их отчёты или документы о каждой: "
                    "впишите proof: reports либо for_each: organisation",
                )


def _proves_of_all(by: Proof) -> bool:
    return isinstance(by, ReportsProof) or (isinstance(by, DocumentProof) and bool(by.for_each))


def about_each_complaints(roadmap: Roadmap, kinds: Mapping[str, KnownKind]) -> Iterable[Complaint]:
    """What is wrong with the documents about each organisation below."""
    seen: set[str] = set()
    for at, step, by in row_papers(roadmap):
        if by.for_each is None:
            continue
        found: list[str] = []
        if roadmap.below is None:
            found.append("уровня ниже нет, документов об организациях не будет: впишите below")
        if step.scope not in _OWN:
            found.append(
                f"документы об организациях готовит строка программы, здесь scope: {step.scope}"
            )
        if by.pairs_at is not None:
            found.append("приказ о парах один, он не об организациях: уберите pairs_at")
        if by.kind in kinds and not kinds[by.kind].of_organisation:
            fit = ", ".join(sorted(name for name, one in kinds.items() if one.of_organisation))
            found.append(
                f"«{by.kind}» не бывает об одной организации; бывают: {fit or 'ни одного вида'}"
            )
        if by.kind in seen:
            found.append(f"«{by.kind}» о каждой организации готовит уже другая строка")
        seen.add(by.kind)
        for text in found:
            yield Complaint(at=(*at, "for_each"), text=text)


def fit_complaints(upper: Roadmap, lower: Roadmap | None) -> Iterable[Complaint]:
    """Whether those below send what is waited for; `lower` is none if there is no such roadmap."""
    if upper.below is None:
        return
    at: At = ("below", "roadmap")
    if lower is None:
        text = f"дорожной карты «{upper.below.roadmap}» рядом с этой нет"
        yield Complaint(at=at, text=text)
        return
    sent = {by.demand for _, _, by in _reports(lower) if isinstance(by, ReportProof)}
    for name in upper.demands:
        if name not in sent:
            text = f"отчёта «{name}» в «{lower.roadmap}» никто не отправит (proof: report)"
            yield Complaint(at=("demands", name), text=text)
    for name in sorted(sent - upper.demands.keys()):
        text = f"«{lower.roadmap}» отправляет отчёт «{name}», которого здесь не ждут"
        yield Complaint(at=at, text=text)


def _reports(roadmap: Roadmap) -> Iterable[tuple[At, Step, ReportsProof | ReportProof]]:
    for number, step in enumerate(roadmap.steps):
        for index, result in enumerate(step.results):
            if isinstance(result.by, ReportsProof | ReportProof):
                yield ("steps", number, "results", index, "by"), step, result.by
