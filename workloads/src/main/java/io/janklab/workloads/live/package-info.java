/// The live page of `janklab serve`: one server on loopback, its routes, and what each answers.
///
/// Invariant: whatever is asked is a question that the command line could have been asked ([io.janklab.workloads.live.ask]), and what a
/// page shows is what the command would have come to.
package io.janklab.workloads.live;
