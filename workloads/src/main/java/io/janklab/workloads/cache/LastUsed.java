package io.janklab.workloads.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values used last, up to a number of them; the one used longest ago goes first. For threads of the host.
public final class LastUsed<K, V> {
    private final Map<K, V> values;

    /// @param most how many are kept
    public LastUsed(int most) {
        values = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /// Null if it has not been put, or is no longer kept.
    public synchronized @Nullable V get(K key) {
        return values.get(key);
    }

    public synchronized void put(K key, V value) {
        values.put(key, value);
    }

    /// The value that is kept: `value`, unless another one was put meanwhile.
    public synchronized V putIfAbsent(K key, V value) {
        V known = values.putIfAbsent(key, value);
        return known == null ? value : known;
    }

    public synchronized int size() {
        return values.size();
    }
}
