"""What allauth speaks for us: passkeys, codes of an app, and providers by OpenID Connect."""
