"""Texts and their places: what every other room speaks of. It knows no other room."""
