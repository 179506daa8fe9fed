"""What speaks to other systems: tokens, problems by RFC 9457, and the description by OpenAPI."""
