"""The canonical 台账 tables: schema, reading what offices have, validation, writing. Pure; meets the platform here."""
