package io.janklab.workloads.sweep.spark;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Engine;
import io.janklab.workloads.sweep.Failure;
import io.janklab.workloads.sweep.JournalEntry;
import io.janklab.workloads.sweep.RunKey;
import io.janklab.workloads.sweep.SweepInputs;
import io.janklab.workloads.sweep.SweepPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/// Makes runs on an Apache Spark cluster, one task each, started in the order asked for.
///
/// Stragglers are made a second time elsewhere (`spark.speculation`); which of the two ends first makes no difference. A run whose executor
/// dies `spark.task.maxFailures` times has failed, and the others continue.
public final class SparkEngine implements Engine {
    private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";
    private static final String EXPORT = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED";
    /// How Spark names the task for which it abandoned a job; there is one task for each run, in their order.
    private static final Pattern GIVEN_UP = Pattern.compile("Task (\\d+) in stage \\S+ failed (\\d+) times");

    /// Null for what spark-submit was given.
    private final @Nullable String master;
    private final long longestNs;

    /// @param master its URL, or null for what spark-submit was given
    /// @param longestNs how long (ns) each run may take; 0 for as long as it likes
    public SparkEngine(@Nullable String master, long longestNs) {
        this.master = master;
        this.longestNs = longestNs;
    }

    /// Whether Spark is on the class path.
    public static boolean isThere() {
        try {
            Class.forName("org.apache.spark.api.java.JavaSparkContext", false, SparkEngine.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "on Spark at " + conf().get("spark.master", "") + ".";
    }

    private SparkConf conf() {
        SparkConf conf = new SparkConf();
        if (master != null) {
            conf.set("spark.master", master);
        }
        conf.setIfMissing("spark.master", "local[*]");
        conf.setIfMissing("spark.app.name", "janklab sweep");
        conf.setIfMissing("spark.speculation", "true");
        // All listeners are on loopback unless configured otherwise.
        conf.setIfMissing("spark.ui.enabled", "false");
        if (conf.get("spark.master", "").startsWith("local")) {
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        }
        String options = conf.get(EXECUTOR_OPTIONS, "");
        if (!options.contains("jdk.internal.vm")) {
            conf.set(EXECUTOR_OPTIONS, (EXPORT + " " + options).strip());
        }
        if (!conf.contains("spark.jars")) {
            conf.setJars(JavaSparkContext.jarOfClass(SparkEngine.class));
        }
        return conf;
    }

    @Override
    public void execute(SweepPlan plan, List<RunKey> runs, Listener listener) {
        if (runs.isEmpty()) {
            return;
        }
        try (JavaSparkContext spark = new JavaSparkContext(conf())) {
            spark.setLogLevel("ERROR");
            new Job(spark, spark.broadcast(new Work(SweepInputs.read(plan.definition()), longestNs)), listener).execute(runs);
        }
    }

    /// The runs under way.
    private static final class Job {
        private final JavaSparkContext spark;
        private final Broadcast<Work> work;
        private final Listener listener;
        private final Set<RunKey> ended = new HashSet<>();
        /// The listener's exception; null if none. Spark would only log it.
        private @Nullable RuntimeException refused;

        Job(JavaSparkContext spark, Broadcast<Work> work, Listener listener) {
            this.spark = spark;
            this.work = work;
            this.listener = listener;
        }

        /// Repeats without the run for which Spark has given up, as often as there is one.
        void execute(List<RunKey> runs) {
            List<RunKey> left = runs;
            while (!left.isEmpty()) {
                try {
                    submit(left);
                } catch (Exception e) {
                    giveUp(left, e);
                }
                if (refused != null) {
                    throw refused;
                }
                left = left.stream().filter(run -> !ended.contains(run)).toList();
            }
        }

        private void submit(List<RunKey> runs) {
            Results results = new Results(this::take);
            spark.sc().register(results);
            spark.parallelize(new ArrayList<>(runs), runs.size()).foreach(new RunTask(work, results));
        }

        private synchronized void take(Result result) {
            if (refused != null || !ended.add(result.entry().key())) {
                return;
            }
            try {
                listener.running(running());
                listener.ended(result.entry(), result.worker());
            } catch (RuntimeException e) {
                refused = e;
                spark.cancelAllJobs();
            }
        }

        private int running() {
            int running = 0;
            for (int stage : spark.statusTracker().getActiveStageIds()) {
                SparkStageInfo info = spark.statusTracker().getStageInfo(stage);
                running += info == null ? 0 : info.numActiveTasks();
            }
            return running;
        }

        private void giveUp(List<RunKey> runs, Exception e) {
            if (refused != null) {
                return;
            }
            String message = String.valueOf(e.getMessage());
            if (message.contains(RunTask.FORBIDDEN)) {
                throw new BadInput(RunTask.FORBIDDEN);
            }
            Matcher lost = GIVEN_UP.matcher(message);
            if (!lost.find() || isEnding()) {
                throw new BadInput("Spark has ended the sweep: " + message.lines().findFirst().orElse("") + "; --resume continues it.");
            }
            RunKey run = runs.get(Integer.parseInt(lost.group(1)));
            String reason = "Spark gave it up after " + lost.group(2) + " times: " + message.lines().findFirst().orElse("");
            take(new Result(JournalEntry.failed(run, new Failure(Failure.Kind.LOST, reason), 0), "none"));
        }

        /// Whether this process is being ended (Ctrl-C): Spark's executors then refuse tasks, which says nothing about runs.
        private static boolean isEnding() {
            Thread hook = new Thread(() -> {}, "probe");
            try {
                Runtime.getRuntime().addShutdownHook(hook);
                return !Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                return true;
            }
        }
    }
}
