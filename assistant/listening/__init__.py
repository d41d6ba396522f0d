"""What customers say in public: networks, collection, analysis, insights."""
