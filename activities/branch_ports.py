"""What is kept of the reports that cycles below send up."""

from typing import Protocol

from domain.base import Message
from domain.upper import Filing


class FileReport(Message):
    """Count what a yearly turn of a lower cycle came to, and keep that for the upper one."""

    organisation_id: str  # whose cycle it is that reports
    cycle_id: str
    upper_cycle_id: str
    n: int  # which branch of it
    filing: Filing


class ReportFiled(Message):
    """Under which version the figures are kept."""

    version: int


class BranchReports(Protocol):
    """Figures that go up. Each version is written once; a correction is the next one."""

    def file_report(self, task: FileReport) -> ReportFiled:
        """Keep what rows give for the turn, with the indicators that were entered in it.

        What was kept since the version that was returned, `Filing.above`, is the same report.
        Raises `NotFound` if there is no such branch or cycle.
        """
        ...
