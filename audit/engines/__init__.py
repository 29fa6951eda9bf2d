"""Where checks are done: an engine takes host batches and gives outcomes. Plug point."""
