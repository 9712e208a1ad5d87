"""Transport of sealed files over a relay nobody needs to trust.

What leaves is ciphertext under opaque names; what counts is the length and SHA-256 in a signed
commit, and receipts that the receiver signed. A relay that answers 2xx has taken an offer, no more.
"""
