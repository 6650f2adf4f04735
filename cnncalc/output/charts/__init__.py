"""REPORTS -> CHARTS: what is drawn, on which scale, and how it looks in a terminal and as SVG."""
