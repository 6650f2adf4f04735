"""Reads models of other programs as networks."""
