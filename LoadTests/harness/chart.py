"""Charts as SVG: panels with lines over named points, the values written beside them."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 440, 270
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 58, 46
COLUMNS = 2
TITLE = 44
# Told apart by people who do not see red or green as well.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
STYLE = (
    "text{font-family:Helvetica,Arial,sans-serif;font-size:11px;fill:#333}"
    ".title{font-size:17px;font-weight:bold}.name{font-size:13px;font-weight:bold}"
    ".value{font-size:10px;fill:#555}.axis{stroke:#333}.grid{stroke:#ddd}"
)


class Line:
    """One figure over all points: the medians, and the least and the most where they are known."""

    def __init__(self, name, values, least=None, most=None):
        self.name = name
        self.values = values
        self.least = least or values
        self.most = most or values


class Panel:
    """Lines that share an axis which begins at nothing."""

    def __init__(self, title, unit, lines):
        self.title = f"{title}, {unit}" if unit else title
        self.lines = lines

    @property
    def top(self):
        """The end of the axis, and the way between two ticks."""
        most = max((value for line in self.lines for value in line.most if _is_known(value)), default=0) or 1
        step = 10 ** math.floor(math.log10(most))
        step = next(step * share for share in (0.2, 0.5, 1, 2, 5) if most / (step * share) <= 6)
        return math.ceil(most / step - 1e-9) * step, step


def chart(title, axis, points, panels):
    """The text of an SVG file; `points` are the names along each panel's axis."""
    rows = math.ceil(len(panels) / COLUMNS)
    width, height = COLUMNS * WIDTH, TITLE + rows * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        _text(16, 28, title, "title"),
    ]
    for number, panel in enumerate(panels):
        row, column = divmod(number, COLUMNS)
        parts.append(f'<g transform="translate({column * WIDTH},{TITLE + row * HEIGHT})">')
        parts += _panel(panel, axis, points)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel, axis, points):
    top, step = panel.top
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT

    def across(number):
        return LEFT + (right - LEFT) * (number + 0.5) / len(points)

    def up(value):
        return bottom - (bottom - TOP) * value / top

    parts = [_text(LEFT, 16, panel.title, "name")]
    for number in range(round(top / step) + 1):
        height = up(number * step)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{height:.1f}" y2="{height:.1f}"/>')
        parts.append(_text(LEFT - 6, height + 4, written(number * step), anchor="end"))
    parts.append(f'<path class="axis" fill="none" d="M{LEFT},{TOP}V{bottom}H{right}"/>')
    for number, name in enumerate(points):
        place = across(number)
        parts.append(f'<line class="axis" x1="{place:.1f}" x2="{place:.1f}" y1="{bottom}" y2="{bottom + 4}"/>')
        parts.append(_text(place, bottom + 17, name, anchor="middle"))
    parts.append(_text((LEFT + right) / 2, HEIGHT - 10, axis, anchor="middle"))
    for number, line in enumerate(panel.lines):
        parts += _line(line, COLORS[number % len(COLORS)], across, up, len(panel.lines) <= 2)
    return parts + _legend(panel.lines)


def _line(line, color, across, up, has_values):
    places = [(across(n), value, n) for n, value in enumerate(line.values) if _is_known(value)]
    path = " ".join(f"{place:.1f},{up(value):.1f}" for place, value, _ in places)
    parts = [f'<polyline fill="none" stroke="{color}" stroke-width="2" points="{path}"/>']
    for place, value, number in places:
        low, high = up(line.least[number]), up(line.most[number])
        parts.append(f'<line stroke="{color}" x1="{place:.1f}" x2="{place:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>')
        parts.append(f'<circle cx="{place:.1f}" cy="{up(value):.1f}" r="3" fill="{color}"/>')
        if has_values:
            parts.append(_text(place + 5, up(value) - 5, written(value), "value"))
    return parts


def _legend(lines):
    """The names of several lines, above them in two rows; one line alone is named by the title."""
    if len(lines) < 2:
        return []
    parts, place, row = [], LEFT, 0
    for number, line in enumerate(lines):
        width = 26 + 6 * len(line.name)
        if place + width > WIDTH - 4 and row == 0:
            place, row = LEFT, 1
        height = 32 + 14 * row
        color = COLORS[number % len(COLORS)]
        parts.append(f'<rect x="{place}" y="{height - 8}" width="10" height="8" fill="{color}"/>')
        parts.append(_text(place + 14, height, line.name))
        place += width
    return parts


def written(value):
    """A number as short as it can be read: 0.25, 12, 3.4 k, 10 M."""
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _text(across, down, text, name="", anchor="start"):
    name = f' class="{name}"' if name else ""
    anchor = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{across:.1f}" y="{down:.1f}"{name}{anchor}>{escape(text)}</text>'


def _is_known(value):
    return value is not None and not math.isnan(value)
