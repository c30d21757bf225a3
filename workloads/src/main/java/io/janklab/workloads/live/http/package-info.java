/// What lies between a browser and the answers: who may ask, how much, and streams of events. Knows nothing of what is asked.
///
/// Invariant: no request passes that another site could have made a browser send, and none that is larger than allowed.
package io.janklab.workloads.live.http;
