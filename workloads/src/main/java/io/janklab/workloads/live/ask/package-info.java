/// What a page may ask: the state in a URL, the command line it stands for, and what is offered to choose from.
///
/// Invariant: the command line judges every question, in its own words; nothing is judged here.
package io.janklab.workloads.live.ask;
