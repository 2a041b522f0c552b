"""The MOU register: how every MOU stands, for staff."""
