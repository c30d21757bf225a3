/// The live page of `janklab serve`: one server on loopback, its routes, and what each answers.
///
/// Invariant: every request is a question that the command line could have been asked ([io.janklab.workloads.live.ask]), and a page shows
/// the result that the command would have had.
@NullMarked
package io.janklab.workloads.live;

import org.jspecify.annotations.NullMarked;
