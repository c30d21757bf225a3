/// A sweep's runs as a Parquet file, which DuckDB, pandas and Spark SQL read: Apache Parquet's own writer, without Hadoop under it.
///
/// Invariant: the file depends on the table alone; rows are in the order of the sweep, wherever the runs were made. No more of it is held
/// in memory than one row group.
@NullMarked
package io.janklab.workloads.sweep.parquet;

import org.jspecify.annotations.NullMarked;
