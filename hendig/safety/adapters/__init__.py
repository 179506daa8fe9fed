"""Words for other worlds: documents on paper."""
