"""Websites: all pages below an address."""
