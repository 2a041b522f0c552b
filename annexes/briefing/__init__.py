"""The briefing pack of one side for its principal."""
