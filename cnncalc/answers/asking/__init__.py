"""Questions for worksheets, one module per level."""
