/// Binder calls: the client's side, the server's threads, and what a process keeps for both (libbinder).
///
/// Invariant: a call blocks its caller until the reply has been copied, and is served at the caller's priority.
@NullMarked
package io.janklab.workloads.app.binder;

import org.jspecify.annotations.NullMarked;
