"""Questions about one network, answered from its report."""
