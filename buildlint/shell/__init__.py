"""What a RUN says: commands with words and places, what is set for them, what they fetch."""
