"""What a draw leaves behind: the files of its record, written, read and proved from."""
