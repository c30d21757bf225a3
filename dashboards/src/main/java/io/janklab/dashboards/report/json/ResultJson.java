package io.janklab.dashboards.report.json;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelRanking;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.Percentiles;
import io.janklab.dashboards.compare.SeedFigures;
import io.janklab.dashboards.compare.TraceInput;
import io.janklab.dashboards.file.AtomicFile;
import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.ChainTotal;
import io.janklab.dashboards.measure.result.CounterRange;
import io.janklab.dashboards.measure.result.FaultCounts;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.measure.result.HolderActivity;
import io.janklab.dashboards.measure.result.Inversion;
import io.janklab.dashboards.measure.result.InversionSplit;
import io.janklab.dashboards.measure.result.LockStat;
import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.dashboards.measure.result.MadviseCounts;
import io.janklab.dashboards.measure.result.MemoryUse;
import io.janklab.dashboards.measure.result.Part;
import io.janklab.dashboards.measure.result.TaskTimes;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `result.json`: the machine's view of an experiment. Fields keep their order, names and units; new ones may be added.
///
/// Frame figures are in ms (six decimals), all other times in ns, memory in bytes. Unknown values (percentiles without frames, the interval
/// of a single seed) are null.
public final class ResultJson {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final double NS_PER_MS = 1e6;
    private static final int MS_DECIMALS = 6;

    private ResultJson() {}

    /// @throws IOException if the file cannot be written; there is then none
    public static void write(Experiment experiment, Path file) throws IOException {
        AtomicFile.write(file, out -> write(experiment, out));
    }

    /// Writes UTF-8 and leaves `out` open.
    public static void write(Experiment experiment, OutputStream out) throws IOException {
        String text = MAPPER.writeValueAsString(tree(experiment)) + "\n";
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    static ObjectNode tree(Experiment experiment) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("scenario", experiment.scenario());
        root.put("device", experiment.device());
        root.put("headline", experiment.headline());
        ArrayNode seeds = root.putArray("seeds");
        experiment.seeds().forEach(seeds::add);
        trace(root, experiment.trace());
        ArrayNode kernels = root.putArray("kernels");
        experiment.kernels().forEach(kernel -> {
            ObjectNode node = kernels.addObject();
            kernel(node, kernel);
            bySeed(node.putObject("bySeed"), SeedFigures.of(kernel, experiment.resources()));
        });
        ArrayNode comparisons = root.putArray("comparisons");
        experiment.comparisons().forEach(comparison -> comparison(comparisons.addObject(), comparison, experiment));
        bound(root, experiment);
        ArrayNode rankings = root.putArray("rankings");
        experiment.rankings().forEach(ranking -> ranking(rankings.addObject(), ranking));
        root.put("place", experiment.place());
        return root;
    }

    private static void trace(ObjectNode root, @Nullable TraceInput trace) {
        if (trace == null) {
            root.putNull("trace");
        } else {
            root.putObject("trace").put("file", trace.file()).put("records", trace.records());
        }
    }

    private static void kernel(ObjectNode node, KernelResult kernel) {
        node.put("name", kernel.name());
        ObjectNode switches = node.putObject("switches");
        kernel.switches().forEach(switches::put);
        node.put("digest", String.format("%016x", kernel.digest()));
        node.put("runs", kernel.runs().size()).put("killed", kernel.killed());
        quantities(node.putObject("quantities"), kernel);
        frames(node.putObject("frames"), kernel);
        madvise(node.putObject("madvise"), kernel.madvise());
        faults(node.putObject("faults"), kernel.faults());
        inversion(node.putObject("inversion"), kernel.inversion());
        memory(node.putObject("memory"), kernel.memory());
        counters(node.putObject("counters"), kernel.counters());
        locks(node.putArray("locks"), kernel.locks());
        ArrayNode lockStat = node.putArray("lockStat");
        LockStat.of(kernel.locks()).forEach(stat -> lockStat(lockStat.addObject(), stat));
        ArrayNode tasks = node.putArray("tasks");
        kernel.tasks().forEach(times -> task(tasks.addObject(), times));
        node.put("virtualNs", kernel.virtualNs());
        node.put("hostNs", kernel.hostNs());
    }

    private static void bySeed(ObjectNode node, SeedFigures figures) {
        figures.bySeed().forEach((metric, values) -> {
            ArrayNode array = node.putArray(metric);
            for (double value : values) {
                if (Double.isNaN(value)) {
                    array.addNull();
                } else {
                    array.add(BigDecimal.valueOf(value).setScale(MS_DECIMALS, RoundingMode.HALF_EVEN));
                }
            }
        });
    }

    private static void frames(ObjectNode node, KernelResult kernel) {
        FrameTimes frames = kernel.frames();
        node.put("count", frames.count());
        node.put("janky", frames.janky());
        percentiles(node.putObject("frameDurationCpuMs"), Percentiles.ofNs(frames.durationNs()));
        percentiles(node.putObject("frameOverrunMs"), Percentiles.ofNs(frames.overrunNs()));
        ObjectNode breakdowns = node.putObject("breakdownNs");
        breakdown(breakdowns.putObject("all"), kernel.allFrames());
        breakdown(breakdowns.putObject("janky"), kernel.jankyFrames());
        ArrayNode worst = node.putArray("worst");
        kernel.worstFrames().forEach(late -> frame(worst.addObject().put("seed", late.seed()).put("command", kernel.commandFor(late)),
                late.frame()));
    }

    private static void quantities(ObjectNode node, KernelResult kernel) {
        kernel.quantities().forEach(quantity -> number(node.putObject(quantity.name()).put("unit", quantity.unit()), "mean",
                quantity.value()));
    }

    private static void percentiles(ObjectNode node, Percentiles percentiles) {
        number(node, "P50", percentiles.p50());
        number(node, "P90", percentiles.p90());
        number(node, "P95", percentiles.p95());
        number(node, "P99", percentiles.p99());
        number(node, "max", percentiles.max());
    }

    private static void breakdown(ObjectNode node, Breakdown breakdown) {
        for (Part part : Part.values()) {
            node.put(camelCase(part.name()), breakdown.ns(part));
        }
        node.put("inverted", breakdown.invertedNs());
        ObjectNode wakers = node.putObject("sleepEndedBy");
        breakdown.wakers().forEach(wakers::put);
        ObjectNode rivals = node.putObject("runnableBehind");
        breakdown.rivals().forEach(rivals::put);
        ArrayNode chains = node.putArray("chains");
        breakdown.chains().forEach((chain, share) -> chains.addObject()
                .put("chain", chain)
                .put("ns", share.ns())
                .put("inverted", share.inverted()));
    }

    private static void frame(ObjectNode node, FrameReport frame) {
        node.put("token", frame.token());
        node.put("beganAtNs", frame.beganAt());
        number(node, "frameDurationCpuMs", frame.durationNs() / NS_PER_MS);
        number(node, "frameOverrunMs", frame.overrunNs() / NS_PER_MS);
        number(node, "lateStartMs", frame.lateStartNs() / NS_PER_MS);
        number(node, "afterDrawMs", frame.afterDrawNs() / NS_PER_MS);
        number(node, "allowedMs", frame.allowedNs() / NS_PER_MS);
        breakdown(node.putObject("breakdownNs"), frame.breakdown());
    }

    private static void madvise(ObjectNode node, MadviseCounts madvise) {
        madviseCounts(node, madvise);
        ObjectNode byTask = node.putObject("byTask");
        madvise.byTask().forEach((family, counts) -> {
            ObjectNode ofTask = byTask.putObject(family);
            madviseCounts(ofTask, counts);
            byHeap(ofTask, counts);
        });
        byHeap(node, madvise);
    }

    private static void byHeap(ObjectNode node, MadviseCounts madvise) {
        ObjectNode byHeap = node.putObject("byHeap");
        madvise.byHeap().forEach((heap, counts) -> madviseCounts(byHeap.putObject(heap), counts));
    }

    private static void madviseCounts(ObjectNode node, MadviseCounts madvise) {
        node.put("calls", madvise.calls());
        node.put("vmaLock", madvise.vmaLock());
        node.put("mmapLock", madvise.mmapLock());
        ObjectNode fallbacks = node.putObject("fallbacks");
        madvise.causes().forEach(fallbacks::put);
    }

    private static void faults(ObjectNode node, FaultCounts faults) {
        node.put("vmaLock", faults.vmaLock());
        node.put("mmapLock", faults.mmapLock());
        node.put("retry", faults.retry());
        node.put("abort", faults.abort());
        node.put("speculative", faults.speculative());
        ObjectNode kinds = node.putObject("kinds");
        faults.byKind().forEach((kind, count) -> kinds.put(camelCase(kind.name()), count));
    }

    private static void inversion(ObjectNode node, Inversion inversion) {
        node.put("uiNs", inversion.uiNs());
        node.put("renderThreadNs", inversion.renderThreadNs());
        node.put("processNs", inversion.processNs());
        ObjectNode splits = node.putObject("splitNs");
        split(splits.putObject("ui"), inversion.ui());
        split(splits.putObject("renderThread"), inversion.renderThread());
        split(splits.putObject("process"), inversion.process());
        ObjectNode byActivity = node.putObject("uiNsByHolder");
        for (HolderActivity activity : HolderActivity.values()) {
            byActivity.put(activity.word(), inversion.uiNs(activity));
        }
        ArrayNode chains = node.putArray("chains");
        inversion.uiChains().forEach(chain -> chain(chains.addObject(), chain));
        ArrayNode renderThreadChains = node.putArray("renderThreadChains");
        inversion.renderThreadChains().forEach(chain -> chain(renderThreadChains.addObject(), chain));
    }

    private static void split(ObjectNode node, InversionSplit split) {
        node.put("direct", split.directNs());
        node.put("transitive", split.transitiveNs());
        ObjectNode byLock = node.putObject("byLock");
        split.byLock().forEach((lock, ns) -> byLock.put(lock.label(), ns));
        ObjectNode byHolder = node.putObject("byHolder");
        split.byHolder().forEach(byHolder::put);
        ObjectNode byActivity = node.putObject("byActivity");
        split.byActivity().forEach((activity, ns) -> byActivity.put(activity.word(), ns));
    }

    private static void chain(ObjectNode node, ChainTotal chain) {
        node.put("chain", chain.chain());
        node.put("ns", chain.ns());
        node.put("count", chain.count());
    }

    private static void memory(ObjectNode node, MemoryUse memory) {
        node.put("rssMeanBytes", memory.rssMeanBytes());
        node.put("rssPeakBytes", memory.rssPeakBytes());
        node.put("pageTablePeakBytes", memory.pageTablePeakBytes());
        node.put("pageTableEndBytes", memory.pageTableEndBytes());
    }

    private static void counters(ObjectNode node, Map<String, CounterRange> counters) {
        counters.forEach((name, range) -> node.putObject(name).put("last", range.last()).put("peak", range.peak()));
    }

    private static void locks(ArrayNode node, List<LockUse> locks) {
        locks.forEach(use -> lock(node.addObject(), use));
    }

    private static void lock(ObjectNode node, LockUse use) {
        node.put("lock", use.lockClass().label());
        node.put("mode", use.mode().label());
        node.put("task", use.taskName());
        node.put("acquisitions", use.acquisitions());
        histogram(node.putObject("waitNs"), use.waits(), use.waitNs());
        histogram(node.putObject("holdNs"), use.holds(), use.holdNs());
    }

    private static void lockStat(ObjectNode node, LockStat stat) {
        node.put("class", stat.name());
        node.put("conBounces", stat.contentionBounces());
        node.put("contentions", stat.contentions());
        times(node.putObject("waittimeNs"), stat.waits());
        node.put("acqBounces", stat.acquisitionBounces());
        node.put("acquisitions", stat.acquisitions());
        times(node.putObject("holdtimeNs"), stat.holds());
        ArrayNode sites = node.putArray("contentionPoints");
        stat.sites().forEach(site -> sites.addObject()
                .put("site", site.name())
                .put("contentions", site.contentions())
                .put("waittimeTotalNs", site.waitNs()));
        ArrayNode holders = node.putArray("contendingPoints");
        stat.holders().forEach(holder -> holders.addObject().put("site", holder.name()).put("contentions", holder.contentions()));
    }

    private static void times(ObjectNode node, LockStat.Times times) {
        node.put("min", times.min()).put("max", times.max()).put("total", times.total()).put("avg", times.avg());
    }

    private static void histogram(ObjectNode node, Histogram histogram, long totalNs) {
        node.put("count", histogram.getTotalCount());
        node.put("total", totalNs);
        node.put("P50", histogram.getValueAtPercentile(50));
        node.put("P99", histogram.getValueAtPercentile(99));
        node.put("max", histogram.getMaxValue());
    }

    private static void task(ObjectNode node, TaskTimes times) {
        node.put("process", times.processName());
        node.put("task", times.name());
        node.put("tasks", times.tasks());
        node.put("runningNs", times.runningNs());
        node.put("runnableNs", times.runnableNs());
        node.put("interruptibleNs", times.interruptibleNs());
        node.put("uninterruptibleNs", times.uninterruptibleNs());
        node.put("longestUninterruptibleNs", times.longestUninterruptibleNs());
    }

    private static void bound(ObjectNode root, Experiment experiment) {
        if (experiment.bound() == null) {
            root.putNull("bound");
            return;
        }
        ObjectNode node = root.putObject("bound");
        kernel(node, experiment.bound());
        ArrayNode comparisons = node.putArray("comparisons");
        experiment.boundComparisons().forEach(comparison -> comparison(comparisons.addObject(), comparison));
    }

    private static void ranking(ObjectNode node, KernelRanking ranking) {
        node.put("metric", ranking.metric());
        ArrayNode places = node.putArray("kernels");
        ranking.places().forEach(place -> number(
                places.addObject().put("kernel", place.kernel()).put("rank", place.rank()), "difference", place.difference()));
    }

    private static void comparison(ObjectNode node, Comparison comparison, Experiment experiment) {
        comparison(node, comparison);
        number(node, "shareOfBound", experiment.shareOfBound(comparison));
    }

    static void comparison(ObjectNode node, Comparison comparison) {
        node.put("from", comparison.from());
        node.put("to", comparison.to());
        node.put("metric", comparison.metric());
        number(node, "difference", comparison.difference());
        number(node, "low", comparison.low());
        number(node, "high", comparison.high());
        number(node, "p", comparison.p());
        number(node, "pHolm", comparison.pHolm());
        node.put("verdict", camelCase(comparison.verdict().name()));
    }

    private static void number(ObjectNode node, String field, double value) {
        if (Double.isNaN(value)) {
            node.putNull(field);
        } else {
            node.put(field, BigDecimal.valueOf(value).setScale(MS_DECIMALS, RoundingMode.HALF_EVEN));
        }
    }

    /// `OWN_WORK` → `ownWork`.
    private static String camelCase(String constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.toLowerCase(Locale.ROOT).split("_")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
