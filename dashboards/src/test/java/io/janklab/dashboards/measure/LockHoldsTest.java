package io.janklab.dashboards.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.TraceScript;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LockHoldsTest {
    private static final long SEED = 22;

    @Test
    void eachIsFoundBeTheyFewOrMany() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<TracedLock> locks = Stream.generate(() -> TraceScript.lock(LockClass.VMA_LOCK)).limit(40).toList();
        List<TracedLock> model = new ArrayList<>();
        LockHolds holds = new LockHolds();
        for (int step = 0; step < 4_000; step++) {
            TracedLock lock = locks.get(random.nextInt(locks.size()));
            boolean rising = step / 100 % 2 == 0;
            boolean take = random.nextInt(10) < (rising ? 8 : 2);
            String as = "step " + step + " of seed " + SEED;
            assertThat(holds.indexOf(lock)).as(as).isEqualTo(model.indexOf(lock));
            if (take && !model.contains(lock)) {
                model.add(lock);
                holds.add(lock, LockMode.WRITE, step);
            } else if (!take && model.contains(lock)) {
                holds.remove(model.indexOf(lock));
                model.remove(lock);
            }
            assertThat(holds.size()).as(as).isEqualTo(model.size());
        }
    }
}
