/// The litmus library: one story a file.
///
/// Invariant: a production kernel of any version shows none but the allowed outcomes.
package io.janklab.explore.litmus;
