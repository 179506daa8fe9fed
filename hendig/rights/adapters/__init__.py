"""What a letter is outside the screen: made as PDF."""
