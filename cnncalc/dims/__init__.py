"""Sizes that are numbers, formulas, or numbers that remember how they came about."""
