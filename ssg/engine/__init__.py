"""The engine that remembers: pure steps, recorded reads, atomic publishing. It knows nothing of pages."""
