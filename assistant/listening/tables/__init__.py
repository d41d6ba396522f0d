"""Tables of posts, threads and analyses."""
