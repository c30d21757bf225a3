package io.janklab.workloads.sweep.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.util.AccumulatorV2;
import org.jspecify.annotations.Nullable;

/// Carries the outcomes of runs from the executors to the driver, where each is passed on as its task ends: Spark merges the accumulator of
/// every task that has succeeded, once, on one thread.
final class Results extends AccumulatorV2<Result, List<Result>> {
    private static final long serialVersionUID = 1;

    /// Null except on the driver.
    private final transient @Nullable Consumer<Result> taker;
    private final List<Result> results = new ArrayList<>();

    Results(@Nullable Consumer<Result> taker) {
        this.taker = taker;
    }

    @Override
    public boolean isZero() {
        return results.isEmpty();
    }

    /// The value that travels to an executor, and the initial value there.
    @Override
    public Results copy() {
        Results copy = new Results(taker);
        copy.results.addAll(results);
        return copy;
    }

    @Override
    public void reset() {
        results.clear();
    }

    @Override
    public void add(Result result) {
        results.add(result);
    }

    @Override
    public void merge(AccumulatorV2<Result, List<Result>> other) {
        if (taker == null) {
            results.addAll(other.value());
        } else {
            other.value().forEach(taker);
        }
    }

    @Override
    public List<Result> value() {
        return results;
    }
}
