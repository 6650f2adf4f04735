"""Output formats of a sheet: terminal, Markdown, LaTeX, HTML, CSV, JSON, SVG."""
