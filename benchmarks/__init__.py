"""How fast Earshot is on this machine; run by `make bench`."""
