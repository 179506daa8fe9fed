"""Looks into what somebody uploads."""
