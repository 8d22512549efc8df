"""The rules of mentorship programmes as pure code: no clock, no I/O, no framework."""
