package org.apache.spark.util;

import java.io.Serializable;

public abstract class AccumulatorV2<I, O> implements Serializable {
    private static final long serialVersionUID = 1;

    public abstract boolean isZero();

    public abstract AccumulatorV2<I, O> copy();

    public abstract void reset();

    public abstract void add(I item);

    public abstract void merge(AccumulatorV2<I, O> other);

    public abstract O value();
}
