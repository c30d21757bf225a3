/// Sweeps on Apache Spark: scheduling, transport, retries and speculation are Spark's; only the task and the path of its result are defined
/// here.
///
/// Invariant: whatever the executors, their order, their retries and their deaths, each run is noted once, as the local engine would note
/// it. Compiled against signatures alone (`spark-api`): Spark must be on the class path at run time, or [SparkEngine#isThere] is false.
@NullMarked
package io.janklab.workloads.sweep.spark;

import org.jspecify.annotations.NullMarked;
