package io.janklab.workloads.sweep;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What objects hold, counted by following references: the same on any host, unlike a JVM's heap. What only a coroutine's stack refers to
/// is not found, nor the inside of a class of the JDK that is no collection.
final class Footprint {
    private static final int OBJECT_BYTES = 16;
    private static final int WORD_BYTES = 8;

    private final Map<Class<?>, List<Field>> references = new IdentityHashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> open = new ArrayDeque<>();
    private long bytes;

    private Footprint() {}

    /// Bytes, as if each object had a header of 16 and each field or element of an array of references 8.
    static long bytes(Object... roots) {
        Footprint footprint = new Footprint();
        for (Object root : roots) {
            footprint.meet(root);
        }
        while (!footprint.open.isEmpty()) {
            footprint.look(footprint.open.removeLast());
        }
        return footprint.bytes;
    }

    private void meet(@Nullable Object object) {
        if (object != null && !(object instanceof Class || object instanceof Enum || object instanceof Thread) && seen.add(object)) {
            open.add(object);
        }
    }

    private void look(Object object) {
        Class<?> type = object.getClass();
        bytes += OBJECT_BYTES;
        if (type.isArray()) {
            lookAtArray(object);
        } else if (type.getModule() == Footprint.class.getModule()) {
            for (Field field : references.computeIfAbsent(type, Footprint::referencesOf)) {
                bytes += WORD_BYTES;
                meet(valueOf(field, object));
            }
        } else if (object instanceof Collection<?> collection) {
            bytes += (long) WORD_BYTES * collection.size();
            collection.forEach(this::meet);
        } else if (object instanceof Map<?, ?> map) {
            bytes += 2L * WORD_BYTES * map.size();
            map.forEach((key, value) -> {
                meet(key);
                meet(value);
            });
        }
    }

    private void lookAtArray(Object array) {
        bytes += (long) WORD_BYTES * Array.getLength(array);
        if (array instanceof Object[] elements) {
            for (Object element : elements) {
                meet(element);
            }
        }
    }

    private static @Nullable Object valueOf(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new AssertionError(field.toString(), e);
        }
    }

    private static List<Field> referencesOf(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> each = type; each != null && each.getModule() == Footprint.class.getModule(); each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!field.getType().isPrimitive() && !Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields;
    }
}
