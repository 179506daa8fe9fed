"""What others speak for us: passkeys, codes of an app, providers by OpenID Connect; and PDF/UA."""
