package io.janklab.workloads.sweep;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs scenarios for an hour of virtual time each, or for as long as is given of the host's, and prints how much of the JVM's heap is live
/// on the way and how much a virtual second costs. By hand, with the heap limited: `java -Xmx256m -cp … LongRuns SECONDS SCENARIO…`.
final class LongRuns {
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final long SEED = 1;
    private static final int SAMPLES = 12;
    private static final int EVENTS_BETWEEN_LOOKS = 1_024;

    private LongRuns() {}

    /// @param arguments seconds of CPU time for each scenario, and the scenarios (none: all)
    public static void main(String[] arguments) {
        double seconds = Double.parseDouble(arguments[0]);
        List<String> named = List.of(arguments).subList(1, arguments.length);
        for (String scenario : named.isEmpty() ? Scenario.CATALOGUE.names() : named) {
            System.out.println(row(scenario, (long) (seconds * 1e9)));
        }
    }

    private static String row(String scenario, long mostNs) {
        Device device = Device.find("pixel-6");
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);
        Samples samples = new Samples(scenario, mostNs);
        String end = "";
        try {
            RunSpec spec = new RunSpec(device, Scenario.find(scenario, Map.of()), kernel, SEED, null, HOUR_NS);
            RunResult result = new Run(spec).before(_ -> samples).execute();
            samples.take(result.run().virtualNs());
        } catch (Ended | TaskFailure e) {
            if (e instanceof TaskFailure && !(e.getCause() instanceof Ended)) {
                throw e;
            }
            end = ", ended by the host's clock";
        }
        return samples + end;
    }

    /// As much of the host's time was used as was given.
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Samples implements Audience.Seat, TraceListener {
        private final String scenario;
        private final long mostNs;
        private final long beganNs = cpuNs();
        private int events;
        private int taken;
        private long takenAtNs;
        private long takenAtCpuNs = beganNs;
        private double firstMib;
        private double mostMib;
        private double mib;
        private double firstCost;
        private double cost;

        Samples(String scenario, long mostNs) {
            this.scenario = scenario;
            this.mostNs = mostNs;
        }

        private static long cpuNs() {
            return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        @Override
        public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
            look(now);
        }

        @Override
        public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
            look(now);
        }

        private void look(long now) {
            if (++events % EVENTS_BETWEEN_LOOKS != 0) {
                return;
            }
            long used = cpuNs() - beganNs;
            if (now >= (taken + 1) * (HOUR_NS / SAMPLES) || used >= (taken + 1) * (mostNs / SAMPLES)) {
                take(now);
            }
            if (used >= mostNs) {
                throw new Ended();
            }
        }

        private void take(long now) {
            long cpu = cpuNs();
            cost = (cpu - takenAtCpuNs) / 1e6 / ((now - takenAtNs) / 1e9);
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            mib = (runtime.totalMemory() - runtime.freeMemory()) / 1048576.0;
            mostMib = Math.max(mostMib, mib);
            taken++;
            if (taken == 1) {
                firstMib = mib;
                firstCost = cost;
            }
            System.err.printf(Locale.ROOT, "%s %.1f s: %.1f MiB, %.2f ms a virtual s%n", scenario, now / 1e9, mib, cost);
            takenAtNs = now;
            takenAtCpuNs = cpuNs();
        }

        @Override
        public TraceListener listener() {
            return this;
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return String.format(Locale.ROOT,
                    "%s: %.0f s, live %.1f MiB first, %.1f last, %.1f at most; %.1f ms a virtual s first, %.1f last",
                    scenario, takenAtNs / 1e9, firstMib, mib, mostMib, firstCost, cost);
        }
    }
}
