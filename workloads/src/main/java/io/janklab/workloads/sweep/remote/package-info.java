/// A sweep whose files are kept in another file system than this host's: an object store, HDFS, or anything Hadoop has an address for.
///
/// Such a store cannot append, and renames are expensive, so the journal is written locally and uploaded in parts, each written once.
///
/// Invariant: at any moment the parts together are the journal, except runs whose part is being uploaded; whatever is killed, they are
/// complete journals of one sweep, or end in an unfinished line.
@NullMarked
package io.janklab.workloads.sweep.remote;

import org.jspecify.annotations.NullMarked;
