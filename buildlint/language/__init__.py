"""The language: grammars run on text, and the tree that they give, for any input."""
