"""Text and pictures of reports."""
