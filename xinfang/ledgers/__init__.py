"""旧台账导入: an office's own ledger from before this system, brought in as history, compared with, and taken back.

Any workbook or text file: sheets are chosen, columns matched, every row is taken, refused with its reason, or left out
and named. It asks nobody for anything: what comes in is over. Messages of a public board are one such ledger.
"""
