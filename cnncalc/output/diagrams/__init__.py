"""Diagrams of networks as SVG, Mermaid and DOT."""
