"""Reports from a cycle to the one above."""

from dataclasses import dataclass

from temporalio import activity

from activities.branch_ports import BranchReports, FileReport, ReportFiled


@dataclass(frozen=True)
class BranchActivities:
    reports: BranchReports

    @activity.defn
    def file_report(self, task: FileReport) -> ReportFiled:
        """Count what is to be reported and keep it, once for each return. Raises `NotFound`."""
        return self.reports.file_report(task)
