/// `conform`, `calibrate` and `validate`: the simulated kernel beside the one under the JVM, or beside a recorded one.
package io.janklab.workloads.cli.host;
