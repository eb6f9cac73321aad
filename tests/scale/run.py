"""A million definitions through lint.py, on one core and on two: no line is lost, and invalid lines stop nothing.

    python run.py STREAMLINT [COUNT]
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
COMMAND = Path(sys.argv[1]).resolve()
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000

# The format of every Nth line, and the rules with findings in it. `%d` is the number of the line.
GOOD = '{"name": "orders-%d", "type": "Https", "url": "https://api.example.com/%d"}'
KINDS = {
    1000: ('{"name": "orders-%d", "type": ', {"syntax-error"}),
    999: ("\u00e9\ufffd no JSON %d", {"syntax-error"}),
    100: ('{"name": "orders-%d", "type": "https", "url": "https://api.example.com/%d"}', {"unknown-type"}),
    10: ('{"name": "orders-%d", "type": "Https"}', {"missing-field"}),
    7: (
        '{"name": "orders-%d", "type": "Kafka", "bootstrapServers": "b.example.com:9092", "authentication": '
        '{"mechanism": "PLAIN", "username": "u", "password": "${P}"}, "security": {"protocol": "SASL_SSL"}}',
        set(),
    ),
}


def line(number):
    form, rules = next((kind for every, kind in KINDS.items() if number % every == 0), (GOOD, set()))
    return form.replace("%d", str(number)), rules


def only(cores):
    """Limits this process and its children to some cores, if the system supports it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def lint(folder, cores):
    report = folder / f"report-{cores}"
    environment = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    options = {"spark.ui.enabled": "false", "spark.log.level": "ERROR", "spark.driver.bindAddress": "127.0.0.1"}
    submit = Path(sys.executable).with_name("spark-submit")
    arguments = [submit, "--master", f"local[{cores}]"]
    for name, value in options.items():
        arguments += ["--conf", f"{name}={value}"]
    arguments += [HERE / "lint.py", folder / "definitions.ndjson", report, "--streamlint", COMMAND]
    began = time.monotonic()
    # Spark uses more threads than its tasks, and each command is a process, so all of them are limited.
    subprocess.run(arguments, env=environment, check=True, preexec_fn=lambda: only(cores))
    return report, time.monotonic() - began


def compare(parts):
    """Checks that each input line has a report in the same order, with exactly the expected findings."""
    number, found = 0, Counter()
    for part in parts:
        for text in part.open(encoding="utf-8"):
            report = json.loads(text)
            _, rules = line(number)
            reported = {it["rule"] for it in report["diagnostics"] if it["severity"] == "error"}
            # After a syntax error, other rules may report findings, too.
            assert rules <= reported and (bool(rules) == bool(reported)), (number, text)
            if not rules:
                assert report["connections"][0]["name"] == f"orders-{number}", (number, text)
            found.update(reported)
            number += 1
    assert number == COUNT, f"{number} of {COUNT} lines came back"
    return found


with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    with (folder / "definitions.ndjson").open("w", encoding="utf-8") as stream:
        stream.writelines(line(number)[0] + "\n" for number in range(COUNT))
    size = (folder / "definitions.ndjson").stat().st_size
    began = time.monotonic()
    direct = [COMMAND, "check", "--ndjson", "--format", "json", "--exit-zero", folder / "definitions.ndjson"]
    with (folder / "direct").open("wb") as output:
        subprocess.run(direct, stdout=output, check=True)
    seconds = time.monotonic() - began
    print(f"{COUNT} definitions, {size / 1e6:.0f} MB")
    compare([folder / "direct"])
    print(f"the command by itself, on all cores: {seconds:.1f} s, all {COUNT} lines back")
    seconds = {}
    for cores in (1, 2):
        report, seconds[cores] = lint(folder, cores)
        found = compare(sorted(report.glob("part-*")))
        print(f"Spark on {cores} core(s): {seconds[cores]:.1f} s, all {COUNT} lines back, {dict(found)}")
    print(f"two cores are {seconds[1] / seconds[2]:.2f} times as fast as one")
