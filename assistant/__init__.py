"""Earshot: listens to customers, answers staff with evidence, and sends only what a person approved."""
