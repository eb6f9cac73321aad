"""Lints a stream of definitions on a PySpark cluster: the recipe, as a program.

    python lint.py DEFINITIONS.ndjson REPORT [--streamlint PATH]

Every partition runs one `streamlint check --ndjson` and pipes its lines through it, so a worker needs nothing but the
binary, and memory stays the same however long the stream is. Where the binary is not on the workers' path, add it to the job
with `spark-submit --files streamlint` and say `--streamlint ./streamlint`. `--exit-zero`, because findings are an answer and no
failure of the task. Each line of the report is the file object of a line, in the order of the input.
"""

import argparse
import os
import shlex

from pyspark.sql import SparkSession

parser = argparse.ArgumentParser()
parser.add_argument("definitions")
parser.add_argument("report")
parser.add_argument("--streamlint", default="streamlint")
arguments = parser.parse_args()

spark = SparkSession.builder.appName("streamlint").getOrCreate()
# A line's number in the report is that in its partition. With some for each core, none waits long for the last one.
context = spark.sparkContext
definitions = context.textFile(arguments.definitions, 4 * context.defaultParallelism)
lint = f"{shlex.quote(arguments.streamlint)} check --ndjson --format json --exit-zero --quiet -"
# Spark has a task for each core, so each command needs one only; its environment is empty but for what is given.
environment = {"PATH": os.environ.get("PATH", ""), "RAYON_NUM_THREADS": "1"}
definitions.pipe(lint, environment, checkCode=True).saveAsTextFile(arguments.report)
spark.stop()
