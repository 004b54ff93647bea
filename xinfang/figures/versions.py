"""The two versions of a report: for the department's leaders, and for everybody."""

from xinfang.procedure.words import Word


class ReportVersion(Word):
    """For whom a report is: the department's leaders see its real numbers, everybody else sees small ones covered."""

    INTERNAL = "internal", "内部使用"
    PUBLISHED = "published", "公开发布"
