"""A drawing library independent of networks: layered graphs, axes, labels and SVG."""
