"""Web archives: asking whether there is a copy, and opening it. Nothing is imported here, so that a report loads none of it."""
