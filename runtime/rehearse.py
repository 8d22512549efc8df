"""Sets a rehearsal up, has it played, and looks at what is left of it."""

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from adapters.docx.renderer import DocxRenderer
from runtime.addresses import external_addresses
from runtime.clock import RehearsalClock
from runtime.embedded import Progress
from runtime.home import Home
from runtime.places import NotARehearsal, make_places
from runtime.ports import free_port
from runtime.rehearsal import Driver
from runtime.rehearsal_script import Size, read_script
from runtime.rehearsal_setup import RECORD, Preparation, key_ring
from runtime.rehearsal_summary import Summary, summary_of
from runtime.rehearsed import Office
from runtime.service import Service
from runtime.settings import HomeSettings, MetricsSettings, Settings, WebSettings
from runtime.settings_parts import SigningSettings
from runtime.shipped import TEMPLATES
from runtime.times import Times
from runtime.wiring import Parts, assemble, library


def rehearse(settings: Settings, name: str, size: Size, home: Path, say: Progress) -> Summary:
    """Play a whole cycle of the roadmap, and those of the organisations below, in `home`; where the
    settings name servers, in places of its own on those. Raises `WrongCall` or `ServerFailed`.
    """
    began = time.monotonic()
    times = Times()
    folder = settings.home.roadmaps
    papers = DocxRenderer(TEMPLATES)
    known = papers.known_kinds()
    read = partial(read_script, library(papers, folder), known, folder, name)
    read(size)  # refused before anything is made
    if settings.names_servers():
        external_addresses(settings)  # all or none, before anything is made
    own = replace(
        settings,
        home=HomeSettings(home=home, rehearsal=True, roadmaps=settings.home.roadmaps),
        web=WebSettings(host="127.0.0.1", port=free_port()),
        metrics=MetricsSettings(port=None),  # that port is for the real service
    )
    with Home(home, own.secret) as held:
        with times.on("servers"):
            _make_a_rehearsal(held, own, name, say)
            ring = key_ring(held)
            ring.prepare()
            own = replace(own, signing=SigningSettings(authorities=ring.trusted))
        with Service(own, held) as service:
            with times.on("servers"):
                serving = service.start(say)
                parts = assemble(serving.settings)
            with RehearsalClock(serving.settings, parts) as clock:
                prepared = Preparation(held, serving.url, parts, clock, read, size)
                offices = _play(service, parts, clock, prepared, times, say)
            say("Всё закрыто. Собираю свидетельства и проверяю…")
            found = summary_of(serving.settings, parts, offices, held, times)
            prepared.finish()
            with times.on("stop"):
                service.stop()
    say(times.table())
    return found.changed(times=times.rounded(), seconds=round(time.monotonic() - began, 1))


def _make_a_rehearsal(home: Home, settings: Settings, roadmap: str, say: Progress) -> None:
    """Before the first byte of data, so that a start that was cut short is known as ours too."""
    # A service over external servers leaves no data here, but its logs.
    used = home.has_data or any(home.log.iterdir())
    if used and not home.is_rehearsal:
        raise NotARehearsal(
            f"В каталоге {home.path} настоящие документы; репетиции нужен свой: --home КАТАЛОГ."
        )
    home.mark_as_rehearsal()
    if settings.names_servers():
        begun = (home.path / RECORD).exists()
        make_places(settings, home, roadmap, say, begun=begun)


def _play(
    service: Service,
    parts: Parts,
    clock: RehearsalClock,
    prepared: Preparation,
    times: Times,
    say: Progress,
) -> Sequence[Office]:
    with times.on("people"):
        record, offices = prepared.ready(say)
    Driver(
        service=service,
        offices=offices,
        clock=clock,
        watch=parts.watch,
        record=record,
        progress=say,
        remember=prepared.remember,
        times=times,
    ).play()
    return offices
