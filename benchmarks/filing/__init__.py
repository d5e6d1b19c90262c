"""A filing, from the first word to the card in the unit's group: who pushes, who answers."""
