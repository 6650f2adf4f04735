"""What formulas say: legal sizes, growth, values substituted."""
