"""Bundles of evidence: stories about an actor with every revision and the pages they were read from, with digests of all of it.

store/evidence -> bundle.write_parts -> a folder -> packing (renamed, or packed as a zip and renamed) ; verifying reads it back
"""
