discard all;
