package io.janklab.workloads.scale;

import io.janklab.program.Nearest;
import io.janklab.workloads.input.BadInput;
import java.util.List;

/// The loops, in listing order.
public final class Loops {
    public static final List<Loop> ALL = List.of(new PageFault1(), new Mmap1(), new Brk1(), new TlbFlush1(), new Malloc1());

    private Loops() {}

    /// @throws BadInput if there is none of that name
    public static Loop find(String name) {
        List<String> names = ALL.stream().map(Loop::name).toList();
        if (!names.contains(name)) {
            throw new BadInput("there is no loop '" + name + "'" + Nearest.instead(name, names, "janklab list") + ".");
        }
        return ALL.get(names.indexOf(name));
    }
}
