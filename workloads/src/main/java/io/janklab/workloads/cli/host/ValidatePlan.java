package io.janklab.workloads.cli.host;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `janklab validate`, read and checked.
///
/// @param measured files of earlier measurements, predicted instead of new ones; empty to measure
/// @param only part of the names of the workloads wanted
/// @param secondsEach how long each workload is measured each time
/// @param minutes after which none is measured again
/// @param markdown gets the table between its `validate` marks; null for none
/// @param seed of the predictions
record ValidatePlan(List<Path> measured, String only, double secondsEach, double minutes, @Nullable Path markdown, long seed) {
    private static final double SECOND_NS = 1e9;
    private static final double MINUTE_NS = 60e9;

    ValidatePlan {
        measured = List.copyOf(measured);
    }

    long eachNs() {
        return (long) (secondsEach * SECOND_NS);
    }

    long againNs() {
        return (long) (minutes * MINUTE_NS);
    }
}
