"""Questions about what customers say: read, counted by SQL, told with posts as samples."""
