"""The commands: one file each, options in, text out; no arithmetic."""
