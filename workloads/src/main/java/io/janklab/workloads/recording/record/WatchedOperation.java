package io.janklab.workloads.recording.record;

import io.janklab.workloads.input.BadInput;

/// The operation whose latency will be asked for: a uprobe, a system call that is not recorded otherwise, or a marker.
///
/// @param name as `--operation` of the replaying commands takes it
/// @param mark what a line contains in which it occurs
record WatchedOperation(String name, String mark) {
    private static final String UPROBE = "uprobe";

    /// Switches its events on.
    ///
    /// @param operation `uprobe [FILE:]FUNCTION` or `uprobe FILE:0xOFFSET`, the name of a call, or that of a marker
    /// @param program that is recorded, as an argument or a path
    /// @throws BadInput if it cannot be recorded here
    static WatchedOperation of(String operation, String program, Tracefs.Instance calls, Uprobes probes) {
        if (operation.isBlank()) {
            throw new BadInput("--operation names nothing: a system call, a marker, or 'uprobe FUNCTION' is expected.");
        }
        if (operation.equals(UPROBE) || operation.startsWith(UPROBE + " ") || operation.startsWith(UPROBE + ":")) {
            return uprobe(operation.substring(UPROBE.length()).replaceFirst("^[ :]+", ""), program, calls, probes);
        }
        String call = operation.startsWith("sys_") ? operation.substring(4) : operation;
        boolean isCall = call.matches("[a-z0-9_]+") && calls.has("events/syscalls/sys_enter_" + call);
        if (!isCall && operation.startsWith("sys_")) {
            throw new BadInput("this kernel has no event of a system call '" + call + "' (--operation " + operation + ").");
        }
        if (isCall) {
            calls.enable("syscalls/sys_enter_" + call);
            calls.enable("syscalls/sys_exit_" + call);
        }
        return new WatchedOperation(operation, isCall ? ": sys_" + call : "|" + operation);
    }

    private static WatchedOperation uprobe(String place, String program, Tracefs.Instance calls, Uprobes probes) {
        int colon = place.lastIndexOf(':');
        String function = place.substring(colon + 1);
        if (function.isEmpty()) {
            throw new BadInput("a uprobe is named by its function: --operation 'uprobe FUNCTION' of the program itself, or "
                    + "'uprobe FILE:FUNCTION'.");
        }
        String file = colon < 0 ? program : place.substring(0, colon);
        String name = probes.define(ProgramFile.find(file), function);
        probes.events().forEach(calls::enable);
        return new WatchedOperation(name, ": " + name + ": (");
    }
}
