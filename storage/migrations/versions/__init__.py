"""Each revision as it was when it was written: none of them looks at today's tables."""
