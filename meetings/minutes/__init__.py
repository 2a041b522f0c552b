"""The record of a meeting and its minutes: what was noted, decided and agreed."""
