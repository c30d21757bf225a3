package io.janklab.workloads.recording.record;

import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A recorder's uprobes: traps at a function's first instruction and at its return. Their definitions are the whole kernel's
/// (`uprobe_events`, which instances do not have), in a group that is named after the recorder's process; a killed recorder's are removed
/// by the next.
final class Uprobes {
    static final String RETURN = "__return";
    private static final String EVENTS = "uprobe_events";
    private static final String GROUP = "janklab_";
    private static final Pattern DEFINITION = Pattern.compile("[pr]\\d*:(" + GROUP + "(\\d+)/\\S+) .*");
    /// `MAX_EVENT_NAME_LEN` of the kernel, less what is added for the return.
    private static final int LONGEST_NAME = 63 - RETURN.length();

    private final Tracefs tracefs;
    private final String group = GROUP + ProcessHandle.current().pid();
    private final List<String> defined = new ArrayList<>();

    Uprobes(Tracefs tracefs) {
        this.tracefs = tracefs;
    }

    /// Defines the two probes of a function.
    ///
    /// @return its name in the recording
    /// @throws BadInput if the file, the function or the kernel's consent is missing
    String define(Path file, String function) {
        if (!tracefs.has(EVENTS)) {
            throw new BadInput("this kernel has no uprobes (CONFIG_UPROBE_EVENTS): name a system call, or a marker that the program "
                    + "writes.");
        }
        String place = file + ":0x" + Long.toHexString(offset(file, function));
        String name = eventName(function);
        add("p:", name, place, function);
        add("r:", name + RETURN, place, function);
        return name;
    }

    private void add(String kind, String name, String place, String function) {
        if (!tracefs.tryAppend(EVENTS, kind + group + "/" + name + " " + place)) {
            throw new BadInput("the kernel takes no uprobe at " + function + " (" + place + ")" + reason() + ".");
        }
        defined.add(group + "/" + name);
    }

    /// The kernel's own last words on it.
    private String reason() {
        try {
            String error = tracefs.read("error_log").lines().filter(line -> line.contains("error: ")).reduce((one, next) -> next)
                    .orElse("");
            return error.isEmpty() ? "" : ": " + error.substring(error.indexOf("error: ") + "error: ".length()).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static long offset(Path file, String function) {
        if (!Files.isRegularFile(file)) {
            throw new BadInput("there is no file '" + file + "' to place a uprobe in.");
        }
        try {
            if (function.startsWith("0x")) {
                return Long.parseUnsignedLong(function.substring(2), 16);
            }
            Map<String, Long> functions = ElfSymbols.functions(file);
            Long offset = functions.get(function);
            if (offset == null) {
                throw new BadInput(file + " has no function '" + function + "' that is named in it" + alike(functions, function) + ".");
            }
            return offset;
        } catch (NumberFormatException e) {
            throw new BadInput("'" + function + "' is no place in " + file + ": a function's name is expected, or 0xOFFSET.");
        } catch (IOException e) {
            throw new BadInput("no uprobe can be placed in " + file + ": " + e.getMessage() + ".");
        }
    }

    private static String alike(Map<String, Long> functions, String wanted) {
        if (functions.isEmpty()) {
            return ": it is stripped of its names (0xOFFSET would do)";
        }
        List<String> alike = functions.keySet().stream().filter(name -> name.contains(wanted)).limit(3).toList();
        return alike.isEmpty() ? "" : "; it has " + String.join(", ", alike);
    }

    /// As the kernel allows: letters, digits and `_`.
    static String eventName(String function) {
        String name = function.startsWith("0x") ? "at_" + function : function.replaceAll("[^A-Za-z0-9_]", "_");
        return name.substring(0, Math.min(LONGEST_NAME, name.length()));
    }

    /// Their events, to be enabled in an instance.
    List<String> events() {
        return defined;
    }

    boolean areDefined() {
        return !defined.isEmpty();
    }

    /// What the two probes of a function cost its thread on this host: one of libc's with and without them; 0 if that cannot be measured.
    ///
    /// @param fastest how long a call of [ProbedCall] takes (ns)
    long cost(LongSupplier fastest, Tracefs.Instance instance) {
        Path libc = ProbedCall.file();
        if (libc == null) {
            return 0;
        }
        long _ = fastest.getAsLong();
        long without = fastest.getAsLong();
        int before = defined.size();
        try {
            define(libc, ProbedCall.FUNCTION);
            List<String> own = List.copyOf(defined.subList(before, defined.size()));
            own.forEach(instance::enable);
            instance.write("tracing_on", "1");
            long with = fastest.getAsLong();
            instance.write("tracing_on", "0");
            own.forEach(event -> instance.tryWrite("events/" + event + "/enable", "0"));
            return Math.max(0, with - without);
        } catch (BadInput e) {
            return 0;
        }
    }

    /// To be called when no instance has them enabled any more.
    void remove() {
        defined.forEach(event -> tracefs.tryAppend(EVENTS, "-:" + event));
        defined.clear();
    }

    /// Removes the definitions of recorders that no longer exist.
    ///
    /// @return how many
    static int removeStale(Tracefs tracefs) {
        int removed = 0;
        try {
            for (String line : tracefs.has(EVENTS) ? tracefs.read(EVENTS).lines().toList() : List.<String>of()) {
                Matcher definition = DEFINITION.matcher(line);
                if (definition.matches() && Tracefs.isOver(definition.group(2))) {
                    removed += tracefs.tryAppend(EVENTS, "-:" + definition.group(1)) ? 1 : 0;
                }
            }
        } catch (IOException e) {
            throw new BadInput("the kernel's uprobes cannot be read: " + e.getMessage() + ".");
        }
        return removed;
    }
}
