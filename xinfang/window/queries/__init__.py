"""What the window reads: a case as its petitioner may know it, and what everybody may."""
