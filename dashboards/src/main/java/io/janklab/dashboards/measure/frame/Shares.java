package io.janklab.dashboards.measure.frame;

import java.util.Arrays;
import java.util.function.ObjLongConsumer;

/// Time (ns) by cause, for the few causes a frame has; causes are distinguished by identity.
final class Shares<C> {
    private Object[] causes = new Object[4];
    private long[] ns = new long[4];
    private int count;

    void clear() {
        count = 0;
    }

    void add(C cause, long addedNs) {
        int index = 0;
        while (index < count && causes[index] != cause) {
            index++;
        }
        if (index == count) {
            append(cause);
        }
        ns[index] += addedNs;
    }

    private void append(C cause) {
        if (count == causes.length) {
            causes = Arrays.copyOf(causes, count * 2);
            ns = Arrays.copyOf(ns, count * 2);
        }
        causes[count] = cause;
        ns[count] = 0;
        count++;
    }

    void addAll(Shares<C> other) {
        for (int i = 0; i < other.count; i++) {
            add(other.cause(i), other.ns[i]);
        }
    }

    void forEach(ObjLongConsumer<C> consumer) {
        for (int i = 0; i < count; i++) {
            consumer.accept(cause(i), ns[i]);
        }
    }

    @SuppressWarnings("unchecked")
    private C cause(int index) {
        return (C) causes[index];
    }
}
