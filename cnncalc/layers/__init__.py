"""THE KINDS: what a layer does to a volume and what that costs; one class a kind."""
