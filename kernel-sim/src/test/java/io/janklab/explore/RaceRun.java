package io.janklab.explore;

import io.janklab.explore.litmus.Litmuses;
import io.janklab.explore.race.FieldAccesses;
import io.janklab.explore.race.FieldAccesses.Access;
import io.janklab.explore.search.HappensBefore;
import io.janklab.explore.search.RandomChooser;
import io.janklab.explore.text.LitmusParser;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import java.util.List;
import java.util.function.BiConsumer;

/// Runs a litmus under a few schedules, and reports accesses to one field by two actors that are not ordered by anything reported to the
/// explorer: a lock, a wake-up, a grace period, or a marked access (READ_ONCE in Linux). Loaded by [io.janklab.explore.race].
public final class RaceRun implements BiConsumer<List<String>, BiConsumer<String, String>> {
    private static final int SCHEDULES = Integer.getInteger("janklab.schedules", 2);

    /// @param asked the kernel's version, and a litmus's name or its text
    @Override
    public void accept(List<String> asked, BiConsumer<String, String> races) {
        Litmus named = Litmuses.byName(asked.get(1));
        Litmus litmus = asked.get(1).equals(RaceExample.NAME) ? RaceExample.LITMUS
                : named != null ? named
                : LitmusParser.parse(asked.get(1).lines().toList()).litmus();
        KernelProfile kernel = KernelProfile.of(KernelVersion.byLabel(asked.get(0)), Architecture.X86_64);
        for (int seed = 1; seed <= SCHEDULES; seed++) {
            Execution run = new Execution(new ExploreSpec(litmus, kernel, Architecture.X86_64), new RandomChooser(seed)).loggingConflicts();
            FieldAccesses.record(run::loggedStep);
            run.run();
            look(run.conflicts(), races);
        }
    }

    private static void look(ConflictLog run, BiConsumer<String, String> races) {
        HappensBefore order = new HappensBefore();
        order.find(run, (earlier, later) -> { });
        FieldAccesses.all().values().forEach(fields -> fields.forEach((field, accesses) -> {
            for (int later = 1; later < accesses.size(); later++) {
                for (int earlier = 0; earlier < later; earlier++) {
                    if (race(run.accesses(), order, accesses.get(earlier), accesses.get(later))) {
                        races.accept(field, accesses.get(earlier) + " | " + accesses.get(later));
                    }
                }
            }
        }));
    }

    private static boolean race(AccessLog log, HappensBefore order, Access earlier, Access later) {
        return (earlier.write() || later.write())
                && log.actor(earlier.step()) != log.actor(later.step())
                && !order.happensBefore(earlier.step(), later.step());
    }
}
