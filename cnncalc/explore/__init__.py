"""REPORTS -> COMPARISONS: networks side by side, settings within a budget."""
