package io.janklab.workloads.sweep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Many runs: every point of a design with every seed, each noted in a journal as it ends. What the journal has already is not run again.
public final class Sweep {
    private final List<SweepPoint> points;
    private final List<RunSpec> specs;
    private final Map<RunSpec, Integer> pointOf = new IdentityHashMap<>();
    private final Journal journal;

    private record Done(int point, long seed) {}

    /// @param specs the runs, as many for each point as there are seeds, in the order of the points
    public Sweep(List<SweepPoint> points, List<RunSpec> specs, Journal journal) {
        this.points = points;
        this.specs = specs;
        this.journal = journal;
        int seeds = specs.size() / points.size();
        for (int i = 0; i < specs.size(); i++) {
            pointOf.put(specs.get(i), i / seeds);
        }
    }

    /// The runs that the journal does not have.
    public List<RunSpec> missing() {
        Set<Done> done = new HashSet<>();
        journal.entries().forEach(entry -> done.add(new Done(entry.point(), entry.seed())));
        return specs.stream().filter(spec -> !done.contains(new Done(pointOf.get(spec), spec.seed()))).toList();
    }

    /// Executes what is missing and returns the whole table.
    public SweepTable run(Runner runner, Runner.Progress progress) {
        runner.execute(missing(), result -> {
            journal.add(JournalEntry.of(pointOf.get(result.spec()), result));
            progress.runEnded(result);
        });
        return SweepTable.of(points, journal.entries());
    }

    /// Executes every run, whatever the journal has, and returns what would stand there.
    public List<JournalEntry> runAgain(Runner runner) {
        List<JournalEntry> entries = new ArrayList<>();
        runner.execute(specs, result -> entries.add(JournalEntry.of(pointOf.get(result.spec()), result)));
        return entries;
    }
}
