"""One stage, one file, one verb.

Story -> check 100 -> revise 200 -> mention 300 -> save 400
Listing, Unchanged, Gone, Fault ----------------> save 400
"""
