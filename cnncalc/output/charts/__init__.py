"""Charts of reports, in a terminal and as SVG."""
