"""The database: tables for machines, views for people; SQLAlchemy Core on SQLite and PostgreSQL. I/O."""
