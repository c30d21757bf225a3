package io.janklab.workloads.host.record;

import io.janklab.program.Call;
import io.janklab.workloads.host.space.ComparedSpace;
import io.janklab.workloads.host.space.Snapshot;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A side that answers as a kernel once did.
final class RecordedAddressSpace implements ComparedSpace {
    private final AnsweredProgram recorded;
    private @Nullable CallResult latest;

    RecordedAddressSpace(AnsweredProgram recorded) {
        this.recorded = recorded;
    }

    @Override
    public long clear() {
        long tables = latest == null ? 0 : latest.left().pageTables();
        latest = null;
        return tables;
    }

    @Override
    public String call(Call call, int step) {
        if (!recorded.program().calls().get(step).equals(call)) {
            throw new IllegalStateException("step " + step + " was recorded with another call than " + call);
        }
        latest = recorded.steps().get(step);
        return latest.answer();
    }

    @Override
    public Snapshot snapshot() {
        return Objects.requireNonNull(latest, "no call yet").left();
    }
}
