"""Listening to customers in public: networks, collection, analysis, insights."""
