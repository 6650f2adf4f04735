"""How a number of a report is derived."""
