"""The five calls for other agents and programs, over MCP and HTTP."""
