"""What looks into a file: the virus scanner, and a box in which a file is opened and made anew."""
