/// Sweeps on Apache Spark: scheduling, transport, retries and speculation are its own; here is only what a task is and where its result
/// goes.
///
/// Invariant: whatever the executors, their order, their retries and their deaths, each run is noted once, as the local engine would note
/// it. Compiled against signatures alone (`spark-api`): Spark is on the class path of whoever starts this, or [SparkEngine#isThere] is
/// false.
package io.janklab.workloads.sweep.spark;
