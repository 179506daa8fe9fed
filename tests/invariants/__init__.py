"""What holds for everything of a kind. The things are found, never listed: a new one is held to it too."""
