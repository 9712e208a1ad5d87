"""Cryptographic formats: age v1, SSHSIG, the key file of a vault, fingerprints, strict JSON.

Everything here works on bytes and standard formats; nothing knows what a dossier is. All
randomness is injected as `Callable[[int], bytes]` (in the program: `secrets.token_bytes`).
"""
