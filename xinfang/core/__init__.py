"""What every feature may use and that knows none of them.

Database helpers, isolated processes, pagination, number series, full disks, logs, the environment.
"""
