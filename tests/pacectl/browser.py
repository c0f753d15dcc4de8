# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The paced authors
"""A page in a real browser, and in the eyes of axe-core, which knows what keeps people from reading one."""
import html.parser
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

# What is drawn, and how wide the page is.
DRAWN = """<script>document.body.dataset.drawn = JSON.stringify([...document.querySelectorAll('svg')].map(svg => ({
  length: Math.max(0, ...[...svg.querySelectorAll('path')].map(path => path.getTotalLength())),
  bars: [...svg.querySelectorAll('rect.bar')].filter(bar => bar.getBBox().height > 20).length,
  points: [...svg.querySelectorAll('circle')].filter(point => point.getBBox().height > 2).length,
  outside: [...svg.querySelectorAll('text')].filter(text => text.getBoundingClientRect().right > svg.getBoundingClientRect().right + 1).length,
  texts: svg.querySelectorAll('text').length, wide: svg.getBoundingClientRect().width})));
  document.body.dataset.wide = document.documentElement.scrollWidth</script>"""


def lacking(axe):
    """The program that is not here; None: all are."""
    return next((one for one in ("chromium", axe / "axe.min.js") if shutil.which(one) is None and not pathlib.Path(one).exists()), None)


def browse(page, width=760, height=3400, dark=False, script="", kept=None):
    """The page's DOM and what the console said; what scripts do is the test's doing."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "page.html"
        file.write_text(page.replace("</main>", "</main>" + script, 1) if script else page)
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
                   f"--window-size={width},{height}", "--enable-logging=stderr", "--virtual-time-budget=30000"]
        command += ["--blink-settings=preferredColorScheme=0"] if dark else []
        command += [f"--screenshot={kept}"] if kept else ["--dump-dom"]
        run = subprocess.run([*command, file.as_uri()], capture_output=True, timeout=200, check=False,
                             env=dict(os.environ, HOME=folder), text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout, [line for line in run.stderr.splitlines() if "CONSOLE" in line]


class Tags(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def check_drawn(page, width):
    """What each plot of it has, once the browser said nothing and nothing is wider than the screen."""
    dom, said = browse(page, width=width, script=DRAWN)
    assert said == [], said
    body, = Tags(dom).of("body")
    # The browser has a least width of its own for a window.
    assert int(body["data-wide"]) <= max(width, 500), "nothing but a table is wider than the screen"
    drawn = json.loads(body["data-drawn"])
    assert not any(one["outside"] for one in drawn), ("a label that leaves its plot", drawn)
    return drawn


def check_readable(page, axe, dark):
    script = f"<script>{(axe / 'axe.min.js').read_text()}</script><script>axe.run().then(found => document.body.dataset.axe = JSON.stringify({{" \
             "passes: found.passes.length, violations: found.violations.map(one => [one.id, one.impact, one.nodes.map(node => " \
             "node.html.slice(0, 200))])}))</script>"
    dom, said = browse(page, dark=dark, script=script)
    assert said == [], said
    body, = Tags(dom).of("body")
    found = json.loads(body["data-axe"])
    assert found["passes"] > 15
    assert [one for one in found["violations"] if one[1] in ("serious", "critical")] == [], found["violations"]
