"""Reading aloud without a window: what is said, with what, and why something is not said.

A recording of a person comes first, then a voice this computer has for the language, and otherwise
there is a reason that can be explained. Nothing here plays a sound: `Player` and `Voice` do.
"""

from __future__ import annotations

from intake_app.speech.plan import Part, Plan, Player, Step, Voice, Way, Why, plan, way_of
from intake_app.speech.reading import Reading
from intake_app.speech.recordings import (
    LARGEST,
    MOST_TOGETHER,
    RecordingRefused,
    Sound,
    check_recording,
    is_recording_name,
    sound_of,
)

__all__ = [
    "LARGEST",
    "MOST_TOGETHER",
    "Part",
    "Plan",
    "Player",
    "Reading",
    "RecordingRefused",
    "Sound",
    "Step",
    "Voice",
    "Way",
    "Why",
    "check_recording",
    "is_recording_name",
    "plan",
    "sound_of",
    "way_of",
]
