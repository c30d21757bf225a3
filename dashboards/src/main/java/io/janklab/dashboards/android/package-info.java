/// The output that Android's own tools would have written about a run: `dumpsys gfxinfo` (hwui) and Macrobenchmark's `benchmarkData.json`.
///
/// Each follows its tool to the letter, layout and percentile rule included. Invariant: both count every frame that the measurement
/// counts; where they call fewer of them janky, it is by the tool's own rule.
@NullMarked
package io.janklab.dashboards.android;

import org.jspecify.annotations.NullMarked;
