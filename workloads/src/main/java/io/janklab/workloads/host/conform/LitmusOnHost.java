package io.janklab.workloads.host.conform;

import io.janklab.explore.text.Condition;
import io.janklab.explore.text.Line;
import io.janklab.explore.text.LitmusText;
import io.janklab.explore.text.WatchedPages;
import io.janklab.workloads.host.probe.AskedHost;
import io.janklab.workloads.host.sys.HostCores;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostRefusal;
import io.janklab.workloads.host.sys.HostSyscalls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Runs a litmus's tasks on the host's kernel, in threads, again and again.
///
/// **Caveats.** Keeps the lowest 16 MiB of the address space to itself, for good.
public final class LitmusOnHost {
    private final LitmusText litmus;
    private final AskedHost host;
    private final int cores = HostCores.count();
    private final HostThreadCalls alone;
    private final CyclicBarrier barrier;
    private final Map<String, String> answers = new LinkedHashMap<>();
    /// The named calls that have returned.
    private final Set<String> returned = new HashSet<>();
    private final Set<Condition.Order> orders;
    private WatchedPages watched;
    private volatile @Nullable RuntimeException failure;

    /// @throws HostRefusal if the host refuses something that this needs
    public LitmusOnHost(LitmusText litmus, HostKernel kernel) {
        this.litmus = litmus;
        this.orders = litmus.orders();
        this.watched = litmus.watch();
        this.host = AskedHost.open(kernel);
        this.alone = new HostThreadCalls();
        this.barrier = new CyclicBarrier(litmus.tasks().size() + 1);
    }

    /// Why it cannot be run on a host, a sentence; null if it can.
    public static @Nullable String obstacle(LitmusText litmus) {
        if (litmus.tasks().stream().anyMatch(task -> task.place() != LitmusText.Place.HERE)) {
            return "a task of another process is not run on the host";
        }
        String unknown = litmus.calls().stream()
                .map(line -> line.call().operation())
                .filter(operation -> !HostThreadCalls.KNOWN.contains(operation))
                .map(operation -> operation.word())
                .distinct()
                .collect(Collectors.joining(", "));
        return unknown.isEmpty() ? null : "the host's threads are not asked for " + unknown;
    }

    /// @return how often each outcome was seen
    public Map<String, Long> run(long times, LongConsumer progress) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < litmus.tasks().size(); i++) {
            int core = i % cores;
            List<Line> lines = litmus.tasks().get(i).lines();
            threads.add(Thread.ofPlatform().daemon().name(litmus.tasks().get(i).name()).start(() -> live(core, lines, times)));
        }
        Map<String, Long> outcomes = new TreeMap<>();
        for (long time = 0; time < times && failure == null; time++) {
            outcomes.merge(once(), 1L, Long::sum);
            progress.accept(1);
        }
        threads.forEach(Thread::interrupt);
        host.region().clear();
        if (failure != null) {
            throw failure;
        }
        return outcomes;
    }

    private String once() {
        host.region().clear();
        answers.clear();
        returned.clear();
        answers.putAll(litmus.blanks());
        watched = litmus.watch();
        make(alone, litmus.before());
        await();
        await();
        make(alone, litmus.after());
        return answers.entrySet().stream().map(answer -> answer.getKey() + "=" + answer.getValue()).collect(Collectors.joining(" "));
    }

    private void live(int core, List<Line> lines, long times) {
        try {
            HostThreadCalls calls = new HostThreadCalls();
            new HostSyscalls().pinThread(core);
            for (long time = 0; time < times; time++) {
                await();
                make(calls, lines);
                await();
            }
        } catch (HostRefusal refused) {
            failure = refused;
            barrier.reset();
        }
    }

    private void make(HostThreadCalls calls, List<Line> lines) {
        for (Line line : lines) {
            begins(line);
            WatchedPages.Doing doing = watched.begin(line.call());
            String answer = calls.make(line.call(), line.number() - 1);
            returned(line, answer, watched.end(doing, answer) == null);
        }
    }

    private void begins(Line line) {
        if (line.result() != null) {
            synchronized (answers) {
                orders.stream().filter(order -> order.second().equals(line.result()) && returned.contains(order.first()))
                        .forEach(order -> answers.put(order.toString(), Condition.Order.HELD));
            }
        }
    }

    private void returned(Line line, String answer, boolean asWatched) {
        synchronized (answers) {
            if (!asWatched) {
                answers.put(LitmusText.WATCHED, answer);
            }
            if (line.result() != null) {
                answers.put(line.result(), answer.replace(' ', ','));
                returned.add(line.result());
            }
        }
    }

    private void await() {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException over) {
            Thread.currentThread().interrupt();
            throw new HostRefusal("the litmus's threads could not be run side by side.");
        }
    }

    /// The answers of an outcome, by name.
    public static Map<String, String> answers(String outcome) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String answer : outcome.split(" ")) {
            int equals = answer.indexOf('=');
            if (equals > 0) {
                all.put(answer.substring(0, equals), answer.substring(equals + 1));
            }
        }
        return all;
    }
}
