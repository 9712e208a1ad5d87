"""The engines that ours is measured beside: JavaRosa and ODK Web Forms, each in its own process."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
NODE_PACKAGES = ("@getodk/xforms-engine@0.22.0", "jsdom@26.1.0", "esbuild@0.25.12")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@dataclass
class Figures:
    """One pass of one engine: times in microseconds, memory in KiB."""

    load: float
    answer: list[float] = field(default_factory=list)
    show: list[float] = field(default_factory=list)
    add: list[float] = field(default_factory=list)
    cascade: list[float] = field(default_factory=list)
    peak: int = 0
    extra: dict[str, float] = field(default_factory=dict)


def java_tools(folder: Path) -> list[str] | None:
    """The command to run the driver with, or None (and a line why) when there is no Java."""
    java, javac = shutil.which("java"), shutil.which("javac")
    found = importlib.util.find_spec("pyxform")
    if java is None or javac is None or found is None or found.origin is None:
        print("skipped: JavaRosa (no java and javac on this machine)")
        return None
    jar = Path(found.origin).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    if not jar.is_file():
        print("skipped: JavaRosa (pyxform came without its validator)")
        return None
    classes = folder / "classes"
    classes.mkdir(exist_ok=True)
    subprocess.run(
        [javac, "-nowarn", "-cp", str(jar), "-d", str(classes), str(HERE / "FormBench.java")],
        check=True,
    )
    return [java, "-cp", f"{jar}{os.pathsep}{classes}", "FormBench"]


def _figures(text: str) -> list[Figures]:
    passes: list[Figures] = []
    for line in text.splitlines():
        name, *numbers = line.split()
        if name == "load":
            passes.append(Figures(float(numbers[0])))
        elif name in ("answer", "show", "add", "cascade"):
            setattr(passes[-1], name, [float(n) for n in numbers])
    return passes


def run_child(command: list[str], *, folder: Path | None = None) -> tuple[str, int]:
    """What a command prints, and its peak of memory in KiB."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{command[0]} ended with {process.returncode}")
        out.seek(0)
        return out.read().decode(), usage.ru_maxrss


def javarosa(command: list[str], form: Path, ops: Path, out: Path, passes: int) -> Figures:
    """The last of `passes` passes in a fresh virtual machine."""
    text, peak = run_child([*command, str(form), str(ops), str(passes), str(out)])
    figures = _figures(text)[-1]
    figures.peak = peak
    return figures


@dataclass(frozen=True)
class WebForms:
    """The command that fills a form with ODK Web Forms, and where that runs."""

    command: list[str]
    runs_in: str
    folder: Path

    @property
    def name(self) -> str:
        """What the report calls it."""
        return f"Web Forms ({self.runs_in})"


def web_forms(folder: Path, *, browser: bool) -> WebForms | None:
    """ODK Web Forms in Chromium where that is installed, else under Node; None without Node.

    Prints which, and why not. What npm installs is kept in `folder`.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print("skipped: ODK Web Forms (no node and npm on this machine)")
        return None
    place = folder / "webforms"
    if not all((place / "node_modules" / name).is_dir() for name in ("jsdom", "esbuild")):
        place.mkdir(exist_ok=True)
        (place / "package.json").write_text('{"private": true, "type": "module"}')
        done = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *NODE_PACKAGES],
            cwd=place,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            print(f"skipped: ODK Web Forms (npm: {done.stderr.strip().splitlines()[-1:]})")
            return None
    for script in HERE.glob("webforms*.mjs"):
        shutil.copy(script, place)
    chromium = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if chromium is not None and browser:
        driver = str(place / "webforms_chromium.mjs")
        return WebForms([node, driver, chromium], _version(chromium), place)
    print("ODK Web Forms: without Chromium, so under Node with jsdom")
    driver = str(place / "webforms.mjs")
    return WebForms([node, "--conditions=browser", driver], "Node, jsdom", place)


def _version(chromium: str) -> str:
    said = subprocess.run(
        [chromium, "--version"], capture_output=True, text=True, timeout=60, check=False
    )
    return " ".join(said.stdout.split(".")[0].split()[:2]) or "Chromium"


def webforms(engine: WebForms, form: Path, ops: Path, out: Path) -> Figures | None:
    """One round of ODK Web Forms; None (and a line why) when it did not get to the end."""
    try:
        command = [*engine.command, str(form), str(ops), str(out)]
        text, peak = run_child(command, folder=engine.folder)
    except SystemExit as error:
        print(f"skipped: ODK Web Forms on {form.stem} ({error})")
        return None
    figures = _figures(text)[-1]
    # A browser is more processes than the one that was asked.
    figures.peak = peak if engine.runs_in.startswith("Node") else 0
    return figures
