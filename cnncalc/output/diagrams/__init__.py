"""REPORT -> DIAGRAM: what is drawn, where it stands on the page, and how SVG, Mermaid and DOT write it."""
