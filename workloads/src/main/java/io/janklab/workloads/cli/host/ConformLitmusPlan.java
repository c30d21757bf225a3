package io.janklab.workloads.cli.host;

import io.janklab.explore.text.LitmusText;

/// `janklab conform --litmus`, read and checked.
///
/// @param times how often the litmus is run on the host
record ConformLitmusPlan(LitmusText litmus, long times) {}
