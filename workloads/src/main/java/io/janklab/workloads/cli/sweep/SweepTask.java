package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.sweep.Engine;
import io.janklab.workloads.sweep.Shard;

/// What is to be made of a sweep, by which engine.
///
/// @param retriesFailed whether runs that have failed are made again too
/// @param storesRuns whether the runs are written as Parquet too
record SweepTask(Engine engine, Shard shard, boolean retriesFailed, boolean storesRuns) {}
