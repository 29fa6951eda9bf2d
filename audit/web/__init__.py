"""The cited web: guard, names, one walk, pace of hosts, the ladder of a check. I/O (aiohttp)."""
