package io.janklab.explore.race;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/// The accesses of instrumented code to the fields of objects, by step. One run at a time, on one host thread.
public final class FieldAccesses {
    /// How many callers to name, to see where a race comes from.
    private static final int CALLERS = Integer.getInteger("janklab.callers", 0);
    private static final Map<Object, Map<String, List<Access>>> OBJECTS = new IdentityHashMap<>();
    /// The step under way; negative while nothing is recorded.
    private static IntSupplier step = () -> -1;

    /// An access to one field, or to the elements of one array or collection.
    ///
    /// @param where class and method
    public record Access(int step, boolean write, String where) {
        @Override
        public String toString() {
            return (write ? "writes " : "reads ") + where;
        }
    }

    private FieldAccesses() {}

    private static String callers() {
        return StackWalker.getInstance().walk(frames -> frames.skip(3).limit(CALLERS)
                .map(frame -> frame.getClassName().replaceFirst(".*\\.", "") + "." + frame.getMethodName())
                .collect(Collectors.joining(" < ")));
    }

    /// Begins anew.
    public static void record(IntSupplier stepUnderWay) {
        OBJECTS.clear();
        step = stepUnderWay;
    }

    /// Every field accessed in more than one step: its name, and the accesses in order.
    public static Map<Object, Map<String, List<Access>>> all() {
        return OBJECTS;
    }

    // Called by instrumented code.

    public static void read(Object owner, String field, String where) {
        accessed(owner, field, where, false);
    }

    public static void write(Object owner, String field, String where) {
        accessed(owner, field, where, true);
    }

    private static void accessed(Object owner, String field, String where, boolean write) {
        int now = step.getAsInt();
        if (now < 0 || owner == null) {
            return;
        }
        List<Access> accesses = OBJECTS.computeIfAbsent(owner, object -> new HashMap<>())
                .computeIfAbsent(field, name -> new ArrayList<>());
        Access last = accesses.isEmpty() ? null : accesses.getLast();
        if (last == null || last.step() != now || (write && !last.write())) {
            accesses.add(new Access(now, write, CALLERS == 0 ? where : callers()));
        }
    }
}
