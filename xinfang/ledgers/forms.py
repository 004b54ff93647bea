"""The form with which a ledger is brought."""

from xinfang.ledgers.actions.ledgers import MAX_BYTES
from xinfang.web.forms import Form, Workbook


class LedgerFile(Workbook):
    """A ledger of many years."""

    MAX_BYTES = MAX_BYTES


class LedgerForm(Form):
    """A file of the office's own."""

    file = LedgerFile(
        "台账文件",
        accept=".xlsx,.xls,.csv,.txt,.ods",
        too_big="请按年份分成几个文件。",
        help_text="Excel 工作簿（.xlsx、.xls、.ods）或者文本（.csv、.txt），原样选择，不用先整理",
    )
