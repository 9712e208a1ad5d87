"""The sealed file from one organisation to another, its receipts, and who may send and receive.

Everything that comes from outside is refused with a reason from a closed list, and nothing is
returned or written before everything is verified.
"""
