"""What widely used exporters tell, and how it is read: one readable file for each exporter.

An exporter tells hundreds of numbers, and none of them alone says how full, how slow or how failing its subject is.
Sources: the documentation of each exporter for the names; Brendan Gregg, "The USE Method", for what is asked of them.
"""
