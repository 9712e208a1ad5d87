"""An assistive client: fills a section of the interview through AT-SPI alone.

    client.py

Finds what it needs by role and name, reads the question in both languages, writes through
EditableText and chooses and presses through Action. Prints one JSON object per page. To be run by
the Python of the system, which has the bindings; it sees nothing of the program but the bus.
"""

from __future__ import annotations

import json
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

PATIENCE = 30
MOST_PAGES = 40
ROLE = Atspi.Role
CHOICES = {ROLE.RADIO_BUTTON, ROLE.CHECK_BOX}
WRITTEN = {ROLE.TEXT, ROLE.ENTRY}


class Missing(Exception):
    """What should be on the bus is not."""


def inside(node):
    """Yield what is shown below a node, the node itself first."""
    try:
        states = node.get_state_set()
        if not states.contains(Atspi.StateType.SHOWING) and node.get_role() != ROLE.APPLICATION:
            return
        yield node
        for number in range(node.get_child_count()):
            child = node.get_child_at_index(number)
            if child is not None:
                yield from inside(child)
    except gi.repository.GLib.Error:
        # it went while we looked
        return


def wait(find, what):
    """Return what `find` finds within the time there is; raises Missing."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = find()
        if found:
            return found
        time.sleep(0.1)
    raise Missing(what)


def program():
    """Return the program on the bus, or None while it is not there."""
    desktop = Atspi.get_desktop(0)
    for number in range(desktop.get_child_count()):
        found = desktop.get_child_at_index(number)
        if found is not None and found.get_name() == "Doorgaande Lijn":
            return found
    return None


def act(node):
    """Do the first action of a thing, as pressing does."""
    if not node.do_action(0):
        raise Missing(f"{node.get_name()} has no action")


def has(text, low, high):
    """Tell whether a text holds a letter in this range."""
    return any(low <= ord(letter) <= high for letter in text)


class Window:
    """What is looked for again and again, found once while it is shown."""

    def __init__(self, root):
        self.root = root
        self._kept = {}

    def part(self, what, fits):
        """Return the first thing that fits, or None; what was found before is asked first."""
        known = self._kept.get(what)
        if known is not None and shown(known) and fits(known):
            return known
        found = next((n for n in inside(self.root) if fits(n)), None)
        self._kept[what] = found
        return found

    def question(self):
        """Return the part of the window with the question, by its name."""
        fits = lambda n: n.get_role() == ROLE.FILLER and n.get_name() == "Vraag"  # noqa: E731
        return wait(lambda: self.part("question", fits), "there is no question")

    def onward(self):
        """Return the button that leads to the next page."""
        fits = lambda n: (  # noqa: E731
            n.get_role() == ROLE.PUSH_BUTTON and n.get_name().startswith("Volgende")
        )
        return wait(lambda: self.part("onward", fits), "there is no button Volgende")

    def where(self):
        """Return the section and the number, as the top line says it."""
        fits = lambda n: (  # noqa: E731
            n.get_role() == ROLE.LABEL and " · " in n.get_name() and " van " in n.get_name()
        )
        found = self.part("where", fits)
        return "" if found is None else found.get_name()

    def read(self):
        """Return what a question says, in each language, as a screen reader comes by it."""
        labels = [n for n in inside(self.question()) if n.get_role() == ROLE.LABEL]
        return [label.get_name() for label in labels if label.get_name().strip()]


def shown(node):
    """Tell whether a thing that was found before is still there to be seen."""
    try:
        return node.get_state_set().contains(Atspi.StateType.SHOWING)
    except gi.repository.GLib.Error:
        return False


def asked(node):
    """Return the question a choice belongs to: the name of the nearest named part round it."""
    around = node.get_parent()
    while around is not None and not around.get_name().strip():
        around = around.get_parent()
    return "" if around is None else around.get_name()


def page(window, number):
    """Answer what is on one page and go to the next; return what was done."""
    here = window.question()
    words = window.read()
    done = {"where": window.where(), "texts": words, "wrote": [], "chose": []}
    done["arabic"] = next((w for w in words if has(w, 0x600, 0x6FF)), "")
    done["dutch"] = next((w for w in words if has(w, 0x41, 0x7A)), "")
    fields = [
        n
        for n in inside(here)
        if n.get_role() in WRITTEN
        and n.get_state_set().contains(Atspi.StateType.EDITABLE)
        and n.get_state_set().contains(Atspi.StateType.ENABLED)
    ]
    for field in fields:
        text = f"Geschreven met hulp, bladzijde {number}"
        if not field.set_text_contents(text):
            raise Missing(f"{field.get_name()} took no text")
        done["wrote"].append([field.get_name(), text])
    choices = [n for n in inside(here) if n.get_role() in CHOICES and n.get_name().strip()]
    answered = set()
    for choice in choices:
        if choice.get_state_set().contains(Atspi.StateType.CHECKED):
            answered.add(asked(choice))
    for choice in choices:
        if asked(choice) not in answered:
            answered.add(asked(choice))
            act(choice)
            done["chose"].append([asked(choice), choice.get_name()])
    return done


def main():
    """Fill the section and print what was read and done on each page."""
    Atspi.init()
    window = Window(wait(program, "the program is not on the bus"))
    window.onward()
    begun = wait(window.where, "the top line does not say where we are")
    section = begun.split(" · ")[0]
    for number in range(1, MOST_PAGES):
        before = window.where()
        if not before.startswith(section):
            print(json.dumps({"end": before}, ensure_ascii=False), flush=True)
            return 0
        print(json.dumps(page(window, number), ensure_ascii=False), flush=True)
        act(window.onward())
        wait(lambda seen=before: window.where() != seen, f"page {number} did not turn")
    raise Missing("the section has no end")


if __name__ == "__main__":
    sys.exit(main())
