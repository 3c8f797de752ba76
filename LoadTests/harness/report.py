"""What was measured: figures with goals, one table, raw numbers as JSON."""

import math


def percentile(values, share):
    """The nearest-rank percentile; nothing of nothing."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def milliseconds(seconds):
    return "–" if math.isnan(seconds) else f"{seconds * 1000:.2f} ms"


def spread(seconds):
    """Latencies as figures for the raw numbers, in milliseconds."""
    return {
        "count": len(seconds),
        "p50_ms": round(percentile(seconds, 0.5) * 1000, 3) if seconds else None,
        "p99_ms": round(percentile(seconds, 0.99) * 1000, 3) if seconds else None,
        "max_ms": round(max(seconds) * 1000, 3) if seconds else None,
    }


class Report:
    """Rows in the order they were measured, and the raw figures behind them."""

    def __init__(self):
        self.rows = []
        self.raw = {}

    def add(self, part, what, value, goal="", met=None):
        """Adds a row; `met` says whether the goal was reached, nothing where there is none."""
        verdict = "" if met is None else "ok" if met else "MISSED"
        self.rows.append((part, what, str(value), goal, verdict))

    def keep(self, part, name, value):
        self.raw.setdefault(part, {})[name] = value

    @property
    def missed(self):
        return [row for row in self.rows if row[4] == "MISSED"]

    def text(self):
        """The table."""
        rows = [("PART", "MEASURE", "VALUE", "GOAL", ""), *self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )
