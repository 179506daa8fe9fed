"""What other systems speak, each in a module of its own: banks."""
