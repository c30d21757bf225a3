package io.janklab.workloads.cli.run;

import java.nio.file.Path;
import java.util.List;

/// `janklab diff`.
///
/// @param before the folder of a result, or its result.json
/// @param after likewise
/// @param markdown whether the summary is printed in Markdown, and nothing else
/// @param failOn what must not be worse: [#HEADLINE], [#ANY], [#NOTHING], or names of metrics
record DiffPlan(Path before, Path after, boolean markdown, List<String> failOn) {
    static final String ANY = "any";
    static final String NOTHING = "nothing";
    static final String HEADLINE = "headline";

    DiffPlan {
        failOn = List.copyOf(failOn);
    }
}
