"""Speed of Earshot on this machine; run by `make bench`."""
