"""The recipe for linting a stream of definitions on a PySpark cluster.

    python lint.py DEFINITIONS.ndjson REPORT [--streamlint PATH]

Every partition runs one `streamlint check --ndjson` and pipes its lines through it, so a worker needs only the
binary, and memory stays constant. If the binary is not on the workers' path, add it to the job with
`spark-submit --files streamlint`, and pass `--streamlint ./streamlint`. With `--exit-zero`, findings do not fail the
task. Each line of the report is the file object for one line, in the order of the input.
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
# Line numbers in the report are relative to the partition. Several partitions per core balance the load.
context = spark.sparkContext
definitions = context.textFile(arguments.definitions, 4 * context.defaultParallelism)
lint = f"{shlex.quote(arguments.streamlint)} check --ndjson --format json --exit-zero --quiet -"
# Spark runs one task per core, so each command needs one thread. Its environment contains only these variables.
environment = {"PATH": os.environ.get("PATH", ""), "RAYON_NUM_THREADS": "1"}
definitions.pipe(lint, environment, checkCode=True).saveAsTextFile(arguments.report)
spark.stop()
