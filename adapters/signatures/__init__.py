"""Detached electronic signatures: CMS SignedData over a file."""
