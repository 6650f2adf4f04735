"""The phases of a layout, in order: one graph, the frames of a drawing, a page of drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.drawing.frames import DrawingLayout, FrameGraph, FrameLayout
from cnncalc.drawing.levels import GraphLayout
from cnncalc.drawing.page import PlacedDrawing, place_drawing
from cnncalc.drawing.page_columns import break_into_columns
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
    tree: BoxTree, sizes: Mapping[NestedBox, Point], titles: Mapping[NestedBox, float], *, spans: int = 0
) -> tuple[DrawingLayout, int]:
    """Lay out the frames of a drawing, innermost first. `spans` counts ranks spanned by other lines of the page."""
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
            known[graph.key] = FrameLayout(lay_out_graph(items, graph.nets, rank_of), graph)
        drawing.frames[frame] = known[graph.key]
    return drawing, spans


def lay_out_page(
    trees: Sequence[BoxTree], sizes: Mapping[NestedBox, Point], titles: Mapping[NestedBox, float]
) -> tuple[list[PlacedDrawing], Point]:
    """Lay out drawings on a page, and return its size: the first one as a U or in columns, the others beside it."""
    drawings: list[DrawingLayout] = []
    spans = 0
    for tree in trees:
        drawing, spans = lay_out_frames(tree, sizes, titles, spans=spans)
        drawings.append(drawing)
    roots = [each.frames[each.tree.root] for each in drawings]
    main, beside = roots[0].layout, [(root.width, root.height) for root in roots[1:]]
    plan = u_shape(main, lay_out_graph) or break_into_columns(main, lambda size: shelves(beside, size)[1])
    corners, (width, height) = shelves(beside, (plan.width, plan.height))
    placed = [place_drawing(drawings[0], (0.0, 0.0), plan)]
    placed += [place_drawing(each, (plan.width + x, y)) for each, (x, y) in zip(drawings[1:], corners, strict=True)]
    return placed, (plan.width + width, max(plan.height, height))
