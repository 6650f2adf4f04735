"""The phases of a layout, in order: one graph, the frames of a drawing, a page of drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.drawing.frames import DrawingLayout, FrameGraph, FrameLayout
from cnncalc.drawing.levels import GraphLayout
from cnncalc.drawing.page import PlacedDrawing, place_drawing
from cnncalc.drawing.page_columns import TALLEST, PageColumns, break_into_columns
from cnncalc.drawing.positions import set_positions
from cnncalc.drawing.ranks import RankedGraph, assign_ranks, count_spans, mark_weak, order_as_written, reduce_crossings
from cnncalc.drawing.routes import Channel
from cnncalc.drawing.shelves import shelves
from cnncalc.drawing.turn import u_shape
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.drawing.frames import BoxTree, NestedBox
    from cnncalc.drawing.levels import Point
    from cnncalc.drawing.ranks import Item, Net
    from cnncalc.drawing.turn import UShape


class LargeError(Exception):
    """A drawing is too large; the message says how large it may be."""


def lay_out_graph(items: Sequence[Item], nets: Sequence[Net], rank_of: Sequence[int]) -> GraphLayout:
    """Lay out items and the lines between them, from top to bottom."""
    graph = RankedGraph(items, nets, rank_of)  # a node for every item, and for every rank that a line crosses
    order_as_written(graph)
    reduce_crossings(graph)
    mark_weak(graph)  # segments that do not have to be straight
    width = set_positions(graph)  # x of every node
    channels = [Channel(rank) for rank in graph.ranks]  # the tracks of lines between ranks
    return GraphLayout(graph, width, channels)  # y of every rank


def lay_out_frames(
    tree: BoxTree, sizes: Mapping[NestedBox, Point], titles: Mapping[NestedBox, float], *, spans: int = 0, broken: NestedBox | None = None
) -> tuple[DrawingLayout, int]:
    """Lay out the frames of a drawing, innermost first. `spans` counts ranks spanned by other lines of the page.

    One frame may be `broken` into columns.
    """
    drawing = DrawingLayout(tree, sizes, titles)
    known: dict[Any, FrameLayout] = {}
    for frame in (*reversed(tree.frames), tree.root):
        graph = FrameGraph(drawing, frame)
        if graph.key not in known:
            items = graph.items()
            rank_of = assign_ranks(items, graph.nets)
            spans += count_spans(graph.nets, rank_of)
            if spans > LIMITS.passed_boxes:
                raise LargeError(f"its lines pass more than {LIMITS.passed_boxes:,} boxes in total")
            layout = lay_out_graph(items, graph.nets, rank_of)
            plan = break_into_columns(layout, lambda size: (0.0, 0.0)) if frame is broken else PageColumns(layout)
            known[graph.key] = FrameLayout(layout, graph, plan)
        drawing.frames[frame] = known[graph.key]
    return drawing, spans


def lay_out_page(
    trees: Sequence[BoxTree], sizes: Mapping[NestedBox, Point], titles: Mapping[NestedBox, float]
) -> tuple[list[PlacedDrawing], Point]:
    """Lay out drawings on a page, and return its size: the first one as a U or in columns, the others beside it.

    If the page is too tall, those that are too tall alone are broken into columns.
    """
    drawings: list[DrawingLayout] = []
    spans = 0
    for tree in trees:
        drawing, spans = lay_out_frames(tree, sizes, titles, spans=spans)
        drawings.append(drawing)
    plan, corners, (width, height) = _arranged(drawings)
    if height > TALLEST * width:
        for at, drawing in enumerate(drawings[1:], 1):
            if drawing.frames[drawing.tree.root].height > TALLEST * width:
                drawings[at], _ = lay_out_frames(drawing.tree, sizes, titles, broken=_longest(drawing))
        plan, corners, (width, height) = _arranged(drawings)
    placed = [place_drawing(drawings[0], (0.0, 0.0), plan)]
    placed += [place_drawing(each, corner) for each, corner in zip(drawings[1:], corners, strict=True)]
    return placed, (width, height)


def _longest(drawing: DrawingLayout) -> NestedBox:
    """Return the frame that makes a drawing tall: the innermost one that takes more than half of the height of the one around it."""
    layouts, frame = drawing.frames, drawing.tree.root
    while inner := [each for each in frame.children if each in layouts and 2 * layouts[each].height > layouts[frame].height]:
        frame = inner[0]
    return frame


def _arranged(drawings: Sequence[DrawingLayout]) -> tuple[PageColumns | UShape, list[Point], Point]:
    """Return the arrangement of the main drawing, the corners of the others, and the size of the page."""
    main, *roots = [each.frames[each.tree.root] for each in drawings]
    beside = [(root.width, root.height) for root in roots]
    plan = u_shape(main.layout, lay_out_graph) or break_into_columns(main.layout, lambda size: shelves(beside, size)[1])
    corners, (width, height) = shelves(beside, (plan.width, plan.height))
    return plan, [(plan.width + x, y) for x, y in corners], (plan.width + width, max(plan.height, height))
