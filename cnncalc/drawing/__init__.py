"""Boxes, lines, frames, axes and labels laid out and written as SVG."""
