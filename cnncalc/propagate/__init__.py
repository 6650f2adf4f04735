"""GRAPH -> REPORT: what the layers cost."""
