"""Computes a report from a graph: the cost of every layer."""
