"""From a network to its graph: blocks and loops expanded, every volume known."""
