"""One file for each kind of fault; each turns a snapshot into candidates and knows no name of any system."""
