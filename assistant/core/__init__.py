"""What every department stands on: settings, database, schema, audit, roles, prompts, YAML files."""
