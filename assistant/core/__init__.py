"""The base of every department: settings, database, schema, audit, roles, prompts, YAML files."""
