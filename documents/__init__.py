"""What is looked at or printed: PDF notices, the dossier, charts. Empty so far."""
