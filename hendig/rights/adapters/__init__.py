"""What leaves the screen in a form of its own: the archive that is taken along."""
