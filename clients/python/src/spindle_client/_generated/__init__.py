"""Generated from api-specs/openapi.json by generator/generate.py. Changes are lost."""
