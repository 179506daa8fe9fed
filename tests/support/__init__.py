"""What the tests stand on: a database of their own, a browser, a server."""
