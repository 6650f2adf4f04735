"""Expands a network into its graph: no blocks or loops, and the shape of every volume."""
