/// `conform`, `calibrate` and `validate`: the simulated kernel beside the one under the JVM, or beside a recorded one.
@NullMarked
package io.janklab.workloads.cli.host;

import org.jspecify.annotations.NullMarked;
