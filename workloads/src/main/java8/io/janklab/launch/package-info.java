/**
 * The first class of {@code janklab.jar}.
 *
 * <p>Invariant: runs on Java 8; knows nothing but the name of the real main class.
 */
package io.janklab.launch;
