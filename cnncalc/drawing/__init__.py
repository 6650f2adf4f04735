"""A library for drawing: layered graphs, axes, labels and SVG. It knows nothing of networks."""
