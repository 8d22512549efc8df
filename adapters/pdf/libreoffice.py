"""DOCX to PDF by LibreOffice: a process of its own for each run, limited and always ended."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from domain.errors import CopyUnavailable

_AT_ONCE: Final = 20
"""Documents of one run: starting takes a second, a document a tenth of one."""
_VERSION_SECONDS: Final = 10
_WORK: Final = "nastavnik-pdf-"
_STRAY_SECONDS: Final = 3600
_MEMORY_DISK: Final = Path("/dev/shm")  # noqa: S108 - the folder made there is ours alone
# Only Word's own format: anything else that bears the name would be read as what it is.
_IMPORT: Final = "--infilter=MS Word 2007 XML"
# The shell sets limits and turns itself into the program, so no Python runs between fork and exec.
# `timeout` ends the whole group at the limit even if we have died by then.
_LIMITED: Final = (
    'ulimit -v "$1" 2>/dev/null; ulimit -t "$2"; ulimit -c 0; limit=$2; shift 2; '
    'if command -v timeout >/dev/null; then exec timeout -s KILL "$limit" "$@"; fi; exec "$@"'
)
# No macros, no links to be followed, no picture fetched from elsewhere.
_SAFE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">\
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>\
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>\
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">\
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_ZIP: Final = b"PK\x03\x04"  # an empty file would become an empty page
_BAD: Final = "LibreOffice не прочитал файл: это не документ DOCX, или он повреждён"


class LibreOffice:
    """Turns DOCX into PDF, as its fonts here allow. Safe to use in many threads at once.

    Each run has a profile that is thrown away (keeping one saves a tenth of the second that a start
    takes), limits of time, processor and address space, and is killed with all it has started. What
    it reads and writes lies in memory where the system has a disk there, and is always removed.
    """

    def __init__(self, program: Path | None, seconds: int, memory_mib: int) -> None:
        """`program` is found on the PATH if None. `seconds` limit each run."""
        self._program = program
        self._seconds = seconds
        self._memory_kib = memory_mib * 1024

    def version(self) -> str:
        """«LibreOffice 7.4.7.2». Raises `CopyUnavailable` if it is not there."""
        program = self._found()
        try:
            answer = subprocess.run(
                [program, "--version"],
                capture_output=True,
                text=True,
                check=True,
                timeout=_VERSION_SECONDS,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise CopyUnavailable(f"{program} не отвечает") from error
        return " ".join(answer.stdout.split()[:2])

    def converted(self, document: bytes) -> bytes:
        """The PDF of one document. Raises `CopyUnavailable`."""
        [found] = self.convert([document])
        if isinstance(found, CopyUnavailable):
            raise found
        return found

    def convert(self, documents: Sequence[bytes]) -> list[bytes | CopyUnavailable]:
        """The PDF of each document, or why there is none; no document spoils another.

        They go many in a run. What a run did not make is tried once more, alone. Raises
        `CopyUnavailable` if LibreOffice is not there.
        """
        program = self._found()
        found: list[bytes | CopyUnavailable] = [CopyUnavailable(_BAD) for _ in documents]
        likely = [place for place, one in enumerate(documents) if one.startswith(_ZIP)]
        for start in range(0, len(likely), _AT_ONCE):
            places = likely[start : start + _AT_ONCE]
            made = self._run(program, [documents[place] for place in places])
            for place, one in zip(places, made, strict=True):
                again = isinstance(one, CopyUnavailable) and len(places) > 1
                found[place] = self._run(program, [documents[place]])[0] if again else one
        return found

    def _found(self) -> str:
        program = shutil.which(self._program or "soffice")
        if program is None:
            raise CopyUnavailable(f"LibreOffice нет: не найдено {self._program or 'soffice'}")
        return program

    def _run(self, program: str, documents: Sequence[bytes]) -> list[bytes | CopyUnavailable]:
        with _work_folder() as folder:
            for number, document in enumerate(documents):
                (folder / f"{number}.docx").write_bytes(document)
            why = self._convert_in(program, folder, len(documents))
            return [
                _whole(folder / f"{number}.pdf") or CopyUnavailable(why)
                for number in range(len(documents))
            ]

    def _convert_in(self, program: str, folder: Path, count: int) -> str:
        """Make what can be made; why the rest is not."""
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SAFE, "utf-8")
        limits = ["sh", "-c", _LIMITED, "sh", str(self._memory_kib), str(self._seconds)]
        convert = [
            *(program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"),
            *("--nolockcheck", _IMPORT, "--convert-to", "pdf:writer_pdf_Export"),
            *("--outdir", str(folder), *(str(folder / f"{n}.docx") for n in range(count))),
        ]
        process = subprocess.Popen(
            [*limits, *convert],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # it names files and their faults, in no fixed form
            stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": str(folder), "TMPDIR": str(folder)},
            start_new_session=True,
        )
        began = time.monotonic()
        try:
            code = process.wait(self._seconds + 1)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        finally:
            _end_group(process)
        if time.monotonic() - began >= self._seconds:
            return f"LibreOffice не уложился в {self._seconds} с"
        return _BAD if code == 0 else f"LibreOffice завершился с ошибкой (код {code})"


def stand_in(font: str) -> str | None:
    """The installed font that is used for this one; None if the system does not say."""
    try:
        asked = ["fc-match", "--format=%{family[0]}", font]
        answer = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout


@contextlib.contextmanager
def _work_folder() -> Iterator[Path]:
    """A folder that only we can read, in memory if possible; those of crashed runs are removed."""
    above = _MEMORY_DISK if os.access(_MEMORY_DISK, os.W_OK) else Path(tempfile.gettempdir())
    for stray in above.glob(f"{_WORK}*"):
        with contextlib.suppress(OSError):  # another user's, or just removed
            if time.time() - stray.stat().st_mtime > _STRAY_SECONDS:
                shutil.rmtree(stray)
    with tempfile.TemporaryDirectory(prefix=_WORK, dir=above, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _whole(file: Path) -> bytes | None:
    """The PDF, unless it is missing or a killed process has left a part of it."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    is_whole = content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    return content if is_whole else None


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it has started; harmless if all have ended."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says so of an ended one
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
