#!/usr/bin/env python3
"""Print what an S3 bucket needs to be the relay of one organisation: a blind drop.

    python3 s3_policy.py --bucket dl-gm7k2abcd --box gm7k2abcd \\
        --owner arn:aws:iam:::user/gm7k2abcd --laptop arn:aws:iam:::user/gm7k2abcd-laptop \\
        --sender arn:aws:iam:::user/azc3x9pq --folder uit-te-voeren

Writes policy.json (rights) and lifecycle.json (thirty days) in the folder, and prints the commands
that put them on the bucket. Senders are the accounts of every organisation that may send here;
anonymous access (`*`) is refused. The bucket must have no versions and no object lock: engines
then ignore "create only when absent", and a receiver could not remove what it took.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

_BOX = re.compile(r"[a-z0-9]{4,64}\Z")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")
_ARN = re.compile(r"arn:aws[a-z-]*:iam::[^:\s*]*:(?:user|role)/[\w+=,.@/-]+\Z")
DAYS = 30


def policy(
    bucket: str, box: str, owner: str, laptops: list[str], senders: list[str]
) -> dict[str, object]:
    """Return the bucket policy.

    Who may not list gets 403 instead of 404 for a name that is not there; the program knows that.
    S3 has no right to look (HEAD) without the right to fetch, so a sender may fetch by exact name
    here. A name has 128 random bits and holds only ciphertext for somebody else.
    """
    inbox = f"arn:aws:s3:::{bucket}/v1/in/{box}/*"
    outbox = f"arn:aws:s3:::{bucket}/v1/uit/{box}/*"
    everybody = sorted({owner, *laptops, *senders})
    organisation = sorted({owner, *laptops})

    def allow(who: list[str], actions: list[str], *resources: str) -> dict[str, object]:
        return {
            "Effect": "Allow",
            "Principal": {"AWS": who},
            "Action": [f"s3:{action}" for action in actions],
            "Resource": list(resources),
        }

    listing = allow([owner], ["ListBucket"], f"arn:aws:s3:::{bucket}")
    listing["Condition"] = {
        "StringLike": {"s3:prefix": [f"v1/in/{box}/*", f"v1/uit/{box}/*"]},
    }
    return {
        "Version": "2012-10-17",
        "Statement": [
            allow(everybody, ["PutObject", "GetObject"], inbox),
            allow(everybody, ["PutObject"], outbox),
            allow(organisation, ["GetObject", "DeleteObject"], outbox),
            allow([owner], ["DeleteObject"], inbox),
            allow(everybody, ["DeleteObject"], f"{inbox}.t"),  # the probe of a connection test
            listing,
        ],
    }


def lifecycle() -> dict[str, object]:
    """Return the rule that removes everything after thirty days, half uploads after one."""
    return {
        "Rules": [
            {
                "ID": "doorgaande-lijn-opruimen",
                "Status": "Enabled",
                "Filter": {"Prefix": "v1/"},
                "Expiration": {"Days": DAYS},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
            }
        ]
    }


def main(arguments: list[str] | None = None) -> int:
    """Write both files; 2 for arguments that make no safe policy."""
    parser = argparse.ArgumentParser(description="Rechten en opruimen van een bus op S3")
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--box", required=True)
    parser.add_argument("--owner", required=True, help="ARN van het account dat de bus leegt")
    parser.add_argument("--laptop", action="append", default=[], help="ARN, zo vaak als nodig")
    parser.add_argument("--sender", action="append", default=[], help="ARN, zo vaak als nodig")
    parser.add_argument("--folder", type=Path, default=Path())
    asked = parser.parse_args(arguments)
    if not _BOX.match(asked.box) or not _BUCKET.match(asked.bucket):
        parser.error("de naam van de bus of de bucket klopt niet")
    for who in (asked.owner, *asked.laptop, *asked.sender):
        if not _ARN.match(who):
            parser.error(f"dit is geen account: {who}")
    asked.folder.mkdir(parents=True, exist_ok=True)
    made = {
        "policy.json": policy(asked.bucket, asked.box, asked.owner, asked.laptop, asked.sender),
        "lifecycle.json": lifecycle(),
    }
    for name, content in made.items():
        text = json.dumps(content, indent=2) + "\n"
        (asked.folder / name).write_text(text, encoding="utf-8")
    size = len(json.dumps(made["policy.json"]))
    if size > 20_480:
        print(
            f"Let op: {size} tekens is voor sommige diensten te lang (20 kB). "
            "Geef afzenders een gezamenlijk account per organisatie.",
            file=sys.stderr,
        )
    print("Zet de regels zo op de bucket (met uw eigen --endpoint-url):")
    for name in made:
        kind = "policy" if name == "policy.json" else "lifecycle-configuration"
        print(
            f"  aws s3api put-bucket-{kind} --bucket {asked.bucket} "
            f"--{kind} file://{asked.folder / name}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
