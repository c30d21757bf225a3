/// The litmus library: one story a file.
///
/// Invariant: a production kernel of any version shows none but the allowed outcomes.
@NullMarked
package io.janklab.explore.litmus;

import org.jspecify.annotations.NullMarked;
