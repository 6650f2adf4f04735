"""The commands, one file each: options in, a sheet or a document out."""
