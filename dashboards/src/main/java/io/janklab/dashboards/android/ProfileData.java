package io.janklab.dashboards.android;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// hwui's counts of an app's frames, and the text of `ProfileData::dump`; beside them the latest frames. Its size does not depend on their
/// number.
public final class ProfileData {
    private static final int[] PERCENTILES = {50, 90, 95, 99};

    private final FrameTimeHistogram frames = new FrameTimeHistogram();
    private final GpuTimeHistogram gpu = new GpuTimeHistogram();
    private final FrameStats latest = new FrameStats();
    private final Map<JankType, Integer> janks = new EnumMap<>(JankType.class);
    private int jankFrames;
    private int jankFramesLegacy;

    void reportFrame(long totalDurationNs) {
        frames.add(totalDurationNs);
    }

    void reportGpuFrame(long gpuDrawTimeNs) {
        gpu.add(gpuDrawTimeNs);
    }

    void reportJank() {
        jankFrames++;
    }

    void reportJankLegacy() {
        jankFramesLegacy++;
    }

    void reportJankType(JankType type) {
        janks.merge(type, 1, Integer::sum);
    }

    /// hwui's `mergeWith`, whose halving of counts beyond 2²⁴ frames is left out.
    void add(ProfileData other) {
        frames.add(other.frames);
        gpu.add(other.gpu);
        latest.add(other.latest);
        other.janks.forEach((type, count) -> janks.merge(type, count, Integer::sum));
        jankFrames += other.jankFrames;
        jankFramesLegacy += other.jankFramesLegacy;
    }

    FrameStats latest() {
        return latest;
    }

    int jankFrames() {
        return jankFrames;
    }

    int jankFramesLegacy() {
        return jankFramesLegacy;
    }

    String dump() {
        StringBuilder text = new StringBuilder("\nStats since: 0ns");
        text.append("\nTotal frames rendered: ").append(frames.total());
        text.append("\nJanky frames: ").append(share(jankFrames));
        text.append("\nJanky frames (legacy): ").append(share(jankFramesLegacy));
        percentiles(text, " percentile: ", frames::percentileMs);
        for (JankType type : JankType.values()) {
            text.append("\nNumber ").append(type.label()).append(": ").append(janks.getOrDefault(type, 0));
        }
        text.append("\nHISTOGRAM:").append(histogram(frames.buckets(), frames::ms, frames::count));
        percentiles(text, " gpu percentile: ", gpu::percentileMs);
        text.append("\nGPU HISTOGRAM:").append(histogram(gpu.buckets(), gpu::ms, gpu::count));
        return text.append("\n").toString();
    }

    private String share(int count) {
        float percent = frames.total() == 0 ? 0 : (float) count / frames.total() * 100;
        return String.format(Locale.ROOT, "%d (%.2f%%)", count, percent);
    }

    private static void percentiles(StringBuilder text, String label, IntUnaryOperator percentileMs) {
        for (int percentile : PERCENTILES) {
            text.append("\n").append(percentile).append("th").append(label).append(percentileMs.applyAsInt(percentile)).append("ms");
        }
    }

    private static String histogram(int buckets, IntUnaryOperator ms, IntUnaryOperator count) {
        return IntStream.range(0, buckets)
                .mapToObj(bucket -> " " + ms.applyAsInt(bucket) + "ms=" + count.applyAsInt(bucket))
                .collect(Collectors.joining());
    }
}
