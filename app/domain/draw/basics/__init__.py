"""What DR1 is written in: text, canonical JSON, hashes, lines, packed columns and Merkle trees."""
