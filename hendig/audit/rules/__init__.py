"""How the log is sealed, as pure functions: leaves, trees, the chain of seals, and their words."""
