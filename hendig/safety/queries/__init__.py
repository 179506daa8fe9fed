"""What pages about safety show, each to whom it was named for."""
