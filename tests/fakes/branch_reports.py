"""Reports of branches in memory."""

from collections.abc import Sequence
from threading import RLock

from activities.branch_ports import FileReport, ReportFiled


class MemoryBranchReports:
    """Remembers which reports were filed; figures are not its matter."""

    def __init__(self) -> None:
        self.filed: dict[tuple[str, int, str], list[FileReport]] = {}
        self._lock = RLock()

    def file_report(self, task: FileReport) -> ReportFiled:
        with self._lock:
            known = self.filed.setdefault((task.upper_cycle_id, task.n, task.filing.where), [])
            if len(known) <= task.filing.above:
                known.append(task)
        return ReportFiled(version=task.filing.above + 1)

    def of(self, upper_cycle_id: str) -> Sequence[int]:
        """The branches that have filed something, once for each version."""
        kept = self.filed.items()
        return sorted(n for (id_, n, _), all_ in kept if id_ == upper_cycle_id for _ in all_)
