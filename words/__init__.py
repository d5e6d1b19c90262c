"""Every sentence of the product, in catalogues by language."""

from words.speech import SOURCE, Words, load_words

__all__ = ["SOURCE", "Words", "load_words"]
