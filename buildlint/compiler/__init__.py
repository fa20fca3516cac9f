"""Template and request to what is sent, in each format; and a template to its even layout."""
