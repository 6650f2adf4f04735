"""NETWORKS -> QUESTIONS: what a worksheet can ask, a module for each level, and the words that layers have on paper."""
