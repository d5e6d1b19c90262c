"""Measured side by side: what the product does, a peer, and the least that can be."""
