#!/usr/bin/env python3
"""Draws the pictures of the figural demo items (bank/umum-figural.csv).

    python3 make_figures.py            write bank/gambar/fig-*.svg
    python3 make_figures.py --check    compare the files with what would be written; exit code 1 if they differ

Only the standard library is used, nothing is random and nothing depends on the machine, so the files come out
the same byte for byte every time.

Every item is one function, `fig_001` ... `fig_028`. It returns the picture of the stem (or None, where the
question needs none) and the five choices in the order A to E. The rule of the item stands in its docstring,
together with the letter of the right choice; texts, `alt` texts and keys are in the table.

All drawing is done in a panel of 100 x 100 units, y pointing down. A drawing is a string of SVG elements;
strings are joined with `+`. The pictures hold simple shapes only, black on white: no script, no style sheet,
no reference to anything outside, so that they print well and stay readable in high contrast.
"""

import math
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parent / "bank" / "gambar"

SCALE = 0.9  # panel units to pixels; the same in stems and choices, so that sizes can be compared
PANEL = 90  # pixels


# --- elements ---------------------------------------------------------------------------------------------------

def num(value):
    """A number with at most two decimals, without trailing zeros and without a minus zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def points(vertices):
    return " ".join(f"{num(x)},{num(y)}" for x, y in vertices)


def line(x1, y1, x2, y2, width=3):
    return f'<line x1="{num(x1)}" y1="{num(y1)}" x2="{num(x2)}" y2="{num(y2)}" stroke-width="{num(width)}"/>'


def polygon(vertices, fill="white"):
    """A closed shape. `fill` is white, black, none or hatch (slanted lines; convex shapes only)."""
    if fill == "hatch":
        return polygon(vertices, "white") + hatch(vertices) + polygon(vertices, "none")
    return f'<polygon points="{points(vertices)}" fill="{fill}"/>'


def polyline(vertices, width=3):
    return f'<polyline points="{points(vertices)}" fill="none" stroke-width="{num(width)}"/>'


def circle(cx, cy, r, fill="white"):
    if fill == "hatch":
        return circle(cx, cy, r, "white") + hatch(regular(72, r, cx, cy)) + circle(cx, cy, r, "none")
    return f'<circle cx="{num(cx)}" cy="{num(cy)}" r="{num(r)}" fill="{fill}"/>'


def rect(x, y, width, height, fill="white"):
    if fill == "hatch":
        return polygon(rectangle(x, y, width, height), "hatch")
    return f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}" fill="{fill}"/>'


def path(d, fill="white"):
    return f'<path d="{d}" fill="{fill}"/>'


def text(x, y, content, size):
    return (f'<text x="{num(x)}" y="{num(y)}" font-family="sans-serif" font-size="{num(size)}" '
            f'text-anchor="middle" fill="black" stroke="none">{content}</text>')


def turned(drawing, degrees):
    """The drawing turned clockwise about the middle of the panel."""
    return f'<g transform="rotate({num(degrees)} 50 50)">{drawing}</g>' if degrees % 360 else drawing


def mirrored(drawing):
    """The drawing with left and right exchanged."""
    return f'<g transform="matrix(-1 0 0 1 100 0)">{drawing}</g>'


# --- shapes -----------------------------------------------------------------------------------------------------

def at(degrees, distance, cx=50, cy=50):
    """The point at an angle (clockwise from the top) and a distance from a centre."""
    angle = math.radians(degrees)
    return cx + distance * math.sin(angle), cy - distance * math.cos(angle)


def regular(sides, r, cx=50, cy=50, start=0):
    """The vertices of a regular polygon, the first one at the angle `start`."""
    return [at(start + 360 * i / sides, r, cx, cy) for i in range(sides)]


def rectangle(x, y, width, height):
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def hatch(vertices, gap=8):
    """Slanted lines (rising to the right) inside a convex polygon."""
    lines = ""
    sums = [x + y for x, y in vertices]
    level = math.ceil(min(sums) / gap) * gap
    while level < max(sums):
        hits = []
        for (x1, y1), (x2, y2) in zip(vertices, vertices[1:] + vertices[:1]):
            before, after = x1 + y1 - level, x2 + y2 - level
            if (before < 0) != (after < 0):
                share = before / (before - after)
                hits.append((x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
        if len(hits) == 2 and math.dist(*hits) > 3:
            (x1, y1), (x2, y2) = sorted(hits)
            lines += line(x1, y1, x2, y2, 2)
        level += gap
    return lines


def shape(kind, r, fill="white", cx=50, cy=50):
    """A named shape of about the radius `r`."""
    if kind == "circle":
        return circle(cx, cy, r * 0.94, fill)
    if kind == "square":
        return polygon(regular(4, r * 1.2, cx, cy, 45), fill)
    if kind == "triangle":
        return polygon(regular(3, r * 1.15, cx, cy + r * 0.2), fill)
    if kind == "plus":
        a, b = r, r * 0.42
        outline = [(-b, -a), (b, -a), (b, -b), (a, -b), (a, b), (b, b), (b, a), (-b, a), (-b, b), (-a, b),
                   (-a, -b), (-b, -b)]
        return polygon([(cx + x, cy + y) for x, y in outline], fill)
    sides = {"diamond": 4, "pentagon": 5, "hexagon": 6, "heptagon": 7, "octagon": 8}[kind]
    start = 22.5 if kind == "octagon" else 0
    return polygon(regular(sides, r, cx, cy, start), fill)


def rows(counts, draw, gap, cx=50, cy=50):
    """Small drawings in centred rows: `counts` holds how many stand in each row."""
    drawing = ""
    for i, count in enumerate(counts):
        for j in range(count):
            drawing += draw(cx + (j - (count - 1) / 2) * gap, cy + (i - (len(counts) - 1) / 2) * gap)
    return drawing


def dots(counts, gap=13, r=4, cx=50, cy=50):
    return rows(counts, lambda x, y: circle(x, y, r, "black"), gap, cx, cy)


# --- pictures ---------------------------------------------------------------------------------------------------

QUESTION = text(50, 67, "?", 50)


def svg(width, height, content):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}">\n'
            f'<rect x="0" y="0" width="{width}" height="{height}" fill="white"/>\n'
            f'<g stroke="black" stroke-width="3" stroke-linejoin="round" stroke-linecap="round" fill="none">\n'
            f'{content}</g>\n</svg>\n')


def panel(x, y, drawing):
    """A framed panel with its upper left corner at (x, y) pixels."""
    frame = '<rect x="0" y="0" width="100" height="100" fill="white" stroke-width="2"/>'
    return f'<g transform="translate({num(x)} {num(y)}) scale({SCALE})">{frame}{drawing}</g>\n'


def choice(drawing):
    return svg(96, 96, panel(3, 3, drawing))


def series(*drawings):
    """Panels in a row; the caller adds QUESTION where one is to be found."""
    width = len(drawings) * (PANEL + 6)
    return svg(width, 110, "".join(panel(3 + i * (PANEL + 6), 10, d) for i, d in enumerate(drawings)))


def analogy(first, second, third):
    """first : second = third : ?"""
    content = ""
    for i, drawing in enumerate((first, second, third, QUESTION)):
        x = 6 + i * 126
        content += panel(x, 10, drawing)
        if i < 3:
            content += text(x + PANEL + 18, 65, ":=:"[i], 30) + "\n"
    return svg(480, 110, content)


def matrix(*drawings):
    """Nine panels, three in a row."""
    content = "".join(panel(3 + i % 3 * 96, 3 + i // 3 * 96, d) for i, d in enumerate(drawings))
    return svg(288, 288, content)


def becomes(drawing):
    """One panel, an arrow and a panel with the question mark."""
    content = panel(6, 10, drawing)
    content += line(106, 55, 128, 55) + polygon([(140, 55), (126, 48), (126, 62)], "black") + "\n"
    return svg(246, 110, content + panel(150, 10, QUESTION))


def pictures(function):
    """The file names and contents of one item."""
    name = function.__name__.replace("_", "-")
    stem, choices = function()
    assert len(choices) == 5, name
    files = {} if stem is None else {f"{name}.svg": stem}
    for letter, drawing in zip("abcde", choices):
        files[f"{name}-{letter}.svg"] = choice(drawing)
    return files


# --- series -----------------------------------------------------------------------------------------------------

def fig_001():
    """An arrow turns 45 degrees clockwise at each step. Key C."""
    def arrow(degrees):
        return turned(line(50, 84, 50, 34, 5) + polygon([(50, 14), (37, 37), (63, 37)], "black"), degrees)

    return series(*map(arrow, (0, 45, 90, 135)), QUESTION), [arrow(d) for d in (225, 135, 180, 0, 90)]


def fig_002():
    """One side more, one dot less at each step. Key A."""
    def figure(sides, count):
        counts = {1: [1], 2: [2], 3: [1, 2], 4: [2, 2], 5: [2, 3]}[count]
        middle = {3: 58, 4: 50}.get(sides, 51)
        outline = regular(sides, 46 if sides == 3 else 43, cy=middle, start=45 if sides == 4 else 0)
        return polygon(outline) + dots(counts, 15, cy=61 if sides == 3 else middle)

    stem = series(figure(3, 5), figure(4, 4), figure(5, 3), figure(6, 2), QUESTION)
    return stem, [figure(7, 1), figure(6, 1), figure(7, 2), figure(8, 1), figure(7, 3)]


GRID = "".join(line(p, 0, p, 100, 2) + line(0, p, 100, p, 2) for p in (100 / 3, 200 / 3))


def cell(row, column):
    """The middle of a cell of the 3 x 3 grid."""
    return 100 * (2 * column + 1) / 6, 100 * (2 * row + 1) / 6


def fig_003():
    """A dot goes three cells clockwise along the edge of the grid and changes between black and white. Key E."""
    edge = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]

    def figure(place, fill):
        return GRID + circle(*cell(*edge[place]), 10, fill)

    stem = series(figure(0, "black"), figure(3, "white"), figure(6, "black"), figure(1, "white"), QUESTION)
    return stem, [figure(4, "white"), figure(1, "black"), figure(5, "black"), figure(3, "black"), figure(4, "black")]


def fig_004():
    """The number of dots grows by 1, 2, 3, 4: 1, 2, 4, 7, 11. Key B."""
    def figure(count):
        return "".join(circle(20 + i % 4 * 20, 25 + i // 4 * 25, 7, "black") for i in range(count))

    return series(*map(figure, (1, 2, 4, 7)), QUESTION), [figure(n) for n in (10, 11, 12, 9, 8)]


def fig_005():
    """A layer is added outside at each step, circle and square in turn. Key D."""
    def figure(layers, dot=True):
        drawing = ""
        for kind, size in reversed(layers):
            if kind == "c":
                drawing += circle(50, 50, size)
            else:
                drawing += rect(50 - size, 50 - size, 2 * size, 2 * size)
        return drawing + (circle(50, 50, 4.5, "black") if dot else "")

    full = [("c", 12), ("s", 17), ("c", 28), ("s", 35)]
    swapped = [("s", 11), ("c", 19), ("s", 25), ("c", 40)]
    stem = series(*(figure(full[:n]) for n in range(4)), QUESTION)
    return stem, [figure(full[:3] + [("c", 38)]), figure(full, dot=False), figure(swapped), figure(full),
                  figure(full[:3])]


def fig_006():
    """The long hand goes 90 degrees clockwise, the short one with a ball 45 degrees back. Key B."""
    def figure(long, short):
        end = at(short, 22)
        return (circle(50, 50, 44) + line(50, 50, *at(long, 40), 4) + line(50, 50, *end, 4) + circle(*end, 6, "black")
                + circle(50, 50, 2, "black"))

    stem = series(figure(0, 225), figure(90, 180), figure(180, 135), figure(270, 90), QUESTION)
    return stem, [figure(0, 90), figure(0, 45), figure(270, 45), figure(90, 45), figure(0, 135)]


def fig_007():
    """Six sectors: the black one goes one place clockwise, the dot two places back. Key A."""
    def figure(black, dot):
        (x1, y1), (x2, y2) = at(60 * black, 44), at(60 * black + 60, 44)
        drawing = circle(50, 50, 44)
        drawing += path(f"M 50 50 L {num(x1)} {num(y1)} A 44 44 0 0 1 {num(x2)} {num(y2)} Z", "black")
        drawing += "".join(line(50, 50, *at(60 * i, 44)) for i in range(6))
        return drawing + circle(*at(60 * dot + 30, 28), 6, "black")

    stem = series(figure(0, 5), figure(1, 3), figure(2, 1), figure(3, 5), QUESTION)
    return stem, [figure(4, 3), figure(5, 3), figure(4, 1), figure(4, 5), figure(2, 3)]


def fig_008():
    """Every row and column holds each shape once and each filling once. Key C."""
    def figure(kind, fill):
        return shape(kind, 34, fill)

    stem = matrix(figure("circle", "white"), figure("square", "hatch"), figure("triangle", "black"),
                  figure("square", "black"), figure("triangle", "white"), figure("circle", "hatch"),
                  figure("triangle", "hatch"), figure("circle", "black"), QUESTION)
    return stem, [figure("square", "hatch"), figure("circle", "white"), figure("square", "white"),
                  figure("triangle", "white"), figure("square", "black")]


def fig_009():
    """Third column: the first two laid over each other, what both hold vanishes. Key D."""
    parts = {"|": line(50, 6, 50, 94), "-": line(6, 50, 94, 50), "\\": line(6, 6, 94, 94), "/": line(94, 6, 6, 94),
             "o": circle(50, 50, 36, "none"), "s": rect(32, 32, 36, 36, "none")}

    def figure(names):
        return "".join(parts[name] for name in names)

    stem = matrix(figure("|o"), figure("-o"), figure("|-"),
                  figure("\\s"), figure("so"), figure("\\o"),
                  figure("\\-s"), figure("-/o"), QUESTION)
    return stem, [figure("\\/so-"), figure("-"), figure("\\/s"), figure("\\/so"), figure("\\/o")]


def fig_010():
    """Third column: the number in the first column less the number in the second. Key E."""
    def figure(kind, count):
        return "".join(shape(kind, 10, "white", 22 + i % 3 * 28, 22 + i // 3 * 28) for i in range(count))

    stem = matrix(figure("circle", 5), figure("circle", 2), figure("circle", 3),
                  figure("triangle", 6), figure("triangle", 4), figure("triangle", 2),
                  figure("square", 7), figure("square", 3), QUESTION)
    return stem, [figure("square", 3), figure("square", 5), figure("triangle", 4), figure("square", 6),
                  figure("square", 4)]


def fig_011():
    """Three bars: black grows by one, white shrinks by one, hatched changes between 2 and 4. Key C."""
    def figure(*heights):
        drawing = ""
        for i, (height, fill) in enumerate(zip(heights, ("black", "white", "hatch"))):
            drawing += rect(13 + i * 27, 90 - 13 * height, 20, 13 * height, fill)
        return drawing + line(6, 90, 94, 90)

    stem = series(figure(1, 5, 2), figure(2, 4, 4), figure(3, 3, 2), figure(4, 2, 4), QUESTION)
    return stem, [figure(5, 1, 4), figure(4, 1, 2), figure(5, 1, 2), figure(5, 2, 2), figure(6, 1, 2)]


def fig_012():
    """The inner shape becomes the outer one, in the round square, circle, triangle. Key B."""
    def figure(outer, inner):
        cy = 57 if outer == "triangle" else 50
        return shape(outer, 39, "white", 50, 50) + shape(inner, 11, "black", 50, cy)

    square, ring, triangle = "square", "circle", "triangle"
    stem = series(figure(square, ring), figure(ring, triangle), figure(triangle, square), figure(square, ring),
                  QUESTION)
    return stem, [figure(triangle, ring), figure(ring, triangle), figure(ring, square), figure(square, triangle),
                  figure(triangle, square)]


# --- analogies --------------------------------------------------------------------------------------------------

def fig_013():
    """Mirrored left to right. Key D."""
    flag = line(34, 14, 34, 86, 4) + polygon([(34, 16), (76, 30), (34, 46)], "black") + line(22, 86, 46, 86, 4)
    boot = (polygon([(30, 15), (46, 15), (46, 69), (76, 69), (76, 86), (30, 86)], "black")
            + circle(67, 27, 9))
    upside_down = turned(mirrored(boot), 180)
    return analogy(flag, mirrored(flag), boot), [turned(boot, 90), upside_down, boot, mirrored(boot),
                                                 turned(boot, 180)]


def fig_014():
    """The outer and the inner shape change places; outside stays white, inside black. Key A."""
    def figure(outer, inner, outside="white", inside="black"):
        return shape(outer, 42 if outer in ("plus", "hexagon") else 38, outside) + shape(inner, 13, inside)

    stem = analogy(figure("hexagon", "square"), figure("square", "hexagon"), figure("circle", "plus"))
    return stem, [figure("plus", "circle"), figure("plus", "circle", "white", "white"), figure("circle", "plus"),
                  figure("plus", "circle", "black", "white"), figure("plus", "square")]


def fig_015():
    """One shape more, and white becomes black. Key B."""
    def figure(kind, counts, fill):
        return rows(counts, lambda x, y: shape(kind, 13, fill, x, y), 32)

    stem = analogy(figure("diamond", [2], "white"), figure("diamond", [2, 1], "black"),
                   figure("hexagon", [2, 1], "white"))
    return stem, [figure("hexagon", [2, 2], "white"), figure("hexagon", [2, 2], "black"),
                  figure("hexagon", [2, 1], "black"), figure("hexagon", [2, 2, 1], "black"),
                  figure("diamond", [2, 2], "black")]


def fig_016():
    """Turned 90 degrees to the left, and the white ball becomes black. Key E."""
    def hook(fill):
        return (line(24, 20, 76, 20, 4) + line(24, 20, 24, 40, 4) + line(50, 20, 50, 70, 4)
                + circle(50, 78, 9, fill))

    def comb(fill):
        return (line(36, 18, 36, 70, 4) + line(36, 18, 74, 18, 4) + line(36, 42, 62, 42, 4)
                + circle(36, 78, 9, fill))

    return analogy(hook("white"), turned(hook("black"), -90), comb("white")), [
        turned(comb("black"), 90), turned(comb("white"), -90), comb("black"), turned(comb("black"), 180),
        turned(comb("black"), -90)]


def fig_017():
    """Only the upper half is left, and it is black. Key C."""
    top, right, bottom, left = (50, 12), (88, 50), (50, 88), (12, 50)
    stem = analogy(circle(50, 50, 36), path("M 14 50 A 36 36 0 0 1 86 50 Z", "black"),
                   polygon([top, right, bottom, left]))
    return stem, [polygon([left, right, bottom], "black"), polygon([left, top, bottom], "black"),
                  polygon([left, top, right], "black"), polygon([left, top, right]),
                  polygon([top, right, bottom, left], "black")]


def fig_018():
    """The number of dots and the number of bars change places. Key A."""
    def figure(ball_count, bar_count):
        return (dots([ball_count], 19, 6, cy=26)
                + rows([bar_count], lambda x, y: line(x, y - 18, x, y + 18, 5), 19, cy=66))

    return analogy(figure(2, 3), figure(3, 2), figure(4, 1)), [figure(1, 4), figure(4, 1), figure(1, 3), figure(2, 4),
                                                              figure(4, 4)]


def fig_019():
    """A stack of three is turned over; the black filling stays on top. Key D."""
    def figure(black, *kinds):
        return "".join(shape(kind, 12, "black" if i == black else "white", 50, 20 + 30 * i)
                       for i, kind in enumerate(kinds))

    stem = analogy(figure(0, "circle", "plus", "triangle"), figure(0, "triangle", "plus", "circle"),
                   figure(0, "diamond", "hexagon", "square"))
    return stem, [figure(2, "square", "hexagon", "diamond"), figure(0, "diamond", "hexagon", "square"),
                  figure(0, "hexagon", "square", "diamond"), figure(0, "square", "hexagon", "diamond"),
                  figure(0, "square", "diamond", "hexagon")]


# --- the odd one out --------------------------------------------------------------------------------------------

def fig_020():
    """Four are the same winding line turned, one is its mirror image. Key B."""
    winding = polyline([(28, 80), (28, 22), (74, 22), (74, 58), (50, 58)], 5) + circle(50, 58, 6, "black")
    return None, [turned(winding, 90), mirrored(winding), winding, turned(winding, 270), turned(winding, 180)]


def fig_021():
    """As many dots as sides; one figure has one dot too few. Key C."""
    def figure(vertices, counts, cx=50, cy=50, gap=13):
        return polygon(vertices) + dots(counts, gap, 4, cx, cy)

    stem = series(figure([(16, 84), (16, 14), (84, 84)], [1, 2], 32, 68, 15),
                  figure([(8, 26), (92, 26), (92, 74), (8, 74)], [4], gap=17),
                  figure(regular(8, 44, start=22.5), [3, 2, 3], gap=15))
    return stem, [figure(regular(3, 46, cy=58), [1, 2], cy=62, gap=16), figure(regular(6, 44), [3, 3], gap=16),
                  figure(regular(5, 44, cy=52), [2, 2], cy=53, gap=16), figure(rectangle(14, 14, 72, 72), [2, 2], gap=20),
                  figure(regular(7, 45, cy=51), [2, 3, 2], gap=15)]


def fig_022():
    """All have an upright axis of symmetry, the slanted figure has none. Key E."""
    arrow = polygon([(50, 10), (84, 48), (62, 48), (62, 90), (38, 90), (38, 48), (16, 48)])
    house = polygon([(50, 12), (86, 46), (86, 88), (14, 88), (14, 46)])
    tee = polygon([(14, 16), (86, 16), (86, 38), (61, 38), (61, 86), (39, 86), (39, 38), (14, 38)])
    trapezium = polygon([(32, 24), (68, 24), (90, 78), (10, 78)])
    kite = polygon([(50, 8), (80, 36), (50, 92), (20, 36)])
    crown = polygon([(12, 84), (12, 22), (31, 52), (50, 16), (69, 52), (88, 22), (88, 84)])
    chevron = polygon([(10, 20), (50, 52), (90, 20), (90, 52), (50, 84), (10, 52)])
    slanted = polygon([(36, 26), (94, 26), (64, 76), (6, 76)])
    return series(arrow, house, tee), [trapezium, kite, crown, chevron, slanted]


def fig_023():
    """Black is where two shapes overlap; in one figure it is a part outside the overlap. Key A."""
    squares = (rect(40, 34, 46, 46) + rect(14, 20, 46, 46, "none")
               + polygon([(14, 20), (60, 20), (60, 34), (40, 34), (40, 66), (14, 66)], "black"))
    circles = (circle(36, 50, 28) + circle(64, 50, 28, "none")
               + path("M 50 25.75 A 28 28 0 0 1 50 74.25 A 28 28 0 0 1 50 25.75 Z", "black"))
    mixed = (rect(10, 24, 52, 52) + circle(62, 50, 26, "white") + rect(10, 24, 52, 52, "none")
             + path("M 62 24 A 26 26 0 0 0 62 76 Z", "black"))
    diamonds = (polygon([(36, 20), (66, 50), (36, 80), (6, 50)]) + polygon([(64, 20), (94, 50), (64, 80), (34, 50)],
                "none") + polygon([(50, 34), (66, 50), (50, 66), (34, 50)], "black"))
    bars = rect(8, 34, 84, 32) + rect(34, 8, 32, 84, "none") + rect(34, 34, 32, 32, "black")
    return None, [squares, circles, mixed, diamonds, bars]


def fig_024():
    """The black inner shape has one side less than the outer one; one figure lacks two. Key D."""
    def figure(outer, inner, outer_start=0, inner_start=0):
        return (polygon(regular(outer, 45, start=outer_start))
                + polygon(regular(inner, 20, start=inner_start), "black"))

    stem = series(figure(8, 7, 22.5), figure(4, 3, 0, 180), figure(6, 5, 30, 180))
    return stem, [figure(4, 3, 45), figure(6, 5), figure(7, 6), figure(5, 3), figure(5, 4, 0, 45)]


# --- turning ----------------------------------------------------------------------------------------------------

def fig_025():
    """A pattern on a 3 x 3 grid is turned 90 degrees clockwise. Key B."""
    black, dot = [(0, 0), (0, 1), (2, 0)], (1, 2)

    def figure(move):
        drawing = ""
        for x, y in (cell(*move(place)) for place in black):
            drawing += rect(x - 15, y - 15, 30, 30, "black")
        return drawing + GRID + circle(*cell(*move(dot)), 9)

    def same(place): return place
    def clockwise(place): return place[1], 2 - place[0]
    def back(place): return 2 - place[1], place[0]
    def half(place): return 2 - place[0], 2 - place[1]
    def mirror(place): return place[0], 2 - place[1]
    def transpose(place): return place[1], place[0]

    return becomes(figure(same)), [figure(m) for m in (back, clockwise, half, mirror, transpose)]


def fig_026():
    """Only one choice is the same marked triangle, turned. Key C."""
    def figure(white, black):
        return (polygon([(28, 80), (28, 20), (68, 80)])
                + circle(*white, 8) + circle(*black, 8, "black"))

    tip, foot, corner = (28, 20), (68, 80), (28, 80)
    plain = figure(tip, foot)
    return becomes(plain), [mirrored(plain), turned(mirrored(plain), 90), turned(plain, 90),
                            turned(figure(foot, tip), 270), turned(figure(corner, foot), 180)]


def fig_027():
    """Marks on a circle are turned 135 degrees counterclockwise. Key E."""
    def figure(black, white, bar):
        return (circle(50, 50, 36) + circle(*at(black, 36), 7, "black") + circle(*at(white, 36), 7)
                + line(*at(bar, 22), *at(bar, 45), 5))

    return becomes(figure(0, 90, 225)), [figure(135, 225, 0), figure(270, 0, 135), figure(180, 270, 45),
                                         figure(225, 135, 0), figure(225, 315, 90)]


def fig_028():
    """The frame turns 90 degrees clockwise, the chevron in it 90 degrees counterclockwise. Key A."""
    def figure(frame, inner):
        outside = rect(8, 8, 84, 84) + polygon([(8, 8), (36, 8), (8, 36)], "black")
        inside = polygon([(50, 34), (68, 54), (68, 68), (50, 48), (32, 68), (32, 54)])
        return turned(outside, frame) + turned(inside, inner)

    return becomes(figure(0, 0)), [figure(90, 270), figure(90, 90), figure(270, 270), figure(90, 0), figure(270, 90)]


# ----------------------------------------------------------------------------------------------------------------

def main(arguments):
    files = {}
    for i in range(1, 29):
        files.update(pictures(globals()[f"fig_{i:03d}"]))
    if arguments == ["--check"]:
        different = [name for name, content in files.items()
                     if not (OUT / name).is_file() or (OUT / name).read_bytes() != content.encode("utf-8")]
        different += sorted(p.name for p in OUT.glob("fig-*.svg") if p.name not in files)
        print("\n".join(different) if different else f"{len(files)} pictures are up to date")
        return 1 if different else 0
    if arguments:
        print(__doc__)
        return 2
    OUT.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (OUT / name).write_bytes(content.encode("utf-8"))
    print(f"{len(files)} pictures written to {OUT}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
