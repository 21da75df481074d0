"""Stored pages, read again by today's readers: what they read otherwise takes the place of what stood there. No network.

stories with kept pages -> page of the archive -> reading.py -> chain.py (pure) -> found anew -> store/rereading.py
"""
