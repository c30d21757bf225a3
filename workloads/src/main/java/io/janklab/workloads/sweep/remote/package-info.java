/// A sweep whose files are kept in another file system than this host's: an object store, HDFS, whatever Hadoop has an address for.
///
/// Such a store appends to nothing and renames at a price, so the journal is written here, and goes there in parts, each written once.
///
/// Invariant: at any moment the parts together are the journal, but for runs whose part is on its way; whatever is killed, they are whole
/// journals of one sweep, or end in a line that was never finished.
package io.janklab.workloads.sweep.remote;
