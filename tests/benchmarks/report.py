"""What every benchmark prints: a small table, and as its last line one JSON object."""

import json
from collections.abc import Iterable, Mapping, Sequence


def report(
    name: str,
    *,
    ratio: float,
    details: Mapping[str, object],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """Print a result; `ratio` is how many times better Klimop is than what it is measured against."""
    print(_table([columns, *rows]))
    print(json.dumps({"name": name, "ratio": round(ratio, 3), "details": dict(details)}))


def _table(rows: Sequence[Sequence[object]]) -> str:
    texts = [[_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in texts
    )


def _text(cell: object) -> str:
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
