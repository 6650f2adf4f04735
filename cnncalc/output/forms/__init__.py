"""How a sheet is written: terminal, Markdown, LaTeX, HTML, CSV, JSON, SVG."""
