/// Output files.
///
/// Invariant: a file appears whole or not at all, whatever fails while it is written.
package io.janklab.dashboards.file;
