"""The top room of the house: everything that starts, stops, migrates and measures it."""
