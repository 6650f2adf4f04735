"""NETWORK -> GRAPH: blocks and loops written out, every layer placed and its volume known."""
