"""`hendig prove`: what anybody can check for themselves. Each proof ends with a line of JSON."""
