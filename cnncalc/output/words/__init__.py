"""Sentences about a report."""
