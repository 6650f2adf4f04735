"""Worksheets as text and pages, and as files of learning platforms."""
