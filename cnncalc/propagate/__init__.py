"""From a graph to a report: what the layers cost."""
