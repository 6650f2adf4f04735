"""What formulas imply: legal sizes, growth, values substituted."""
