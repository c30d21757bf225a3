/// The layer between a browser and the answers: access, limits, and streams of events. Knows nothing of the questions.
///
/// Invariant: no request passes that another site could have made a browser send, and none that is larger than allowed.
@NullMarked
package io.janklab.workloads.live.http;

import org.jspecify.annotations.NullMarked;
