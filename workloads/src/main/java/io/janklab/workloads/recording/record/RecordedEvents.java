package io.janklab.workloads.recording.record;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.recording.event.UffdCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The events of every recording: scheduling, of all threads; calls, faults and locks, of the program's alone.
final class RecordedEvents {
    private static final List<String> SCHEDULING = List.of(
            "sched/sched_switch", "sched/sched_waking", "sched/sched_wakeup_new", "sched/sched_process_fork", "sched/sched_process_exit",
                    "sched/sched_process_exec",
            "sched/sched_migrate_task", "task/task_newtask", "task/task_rename");
    private static final List<String> CALLS = List.of(
            "mmap", "munmap", "mremap", "mprotect", "pkey_mprotect", "madvise", "process_madvise", "brk", "mlock", "mlock2", "munlock",
                    "mlockall", "munlockall", "userfaultfd",
            "futex", "nanosleep", "clock_nanosleep", "clone", "clone3", "fork", "vfork", "execve", "prctl");
    private static final List<String> MEMORY = List.of(
            "exceptions/page_fault_user", "exceptions/page_fault_kernel", "mmap_lock/mmap_lock_start_locking",
                    "mmap_lock/mmap_lock_acquire_returned",
            "mmap_lock/mmap_lock_released", "lock/contention_begin", "lock/contention_end", "ftrace/print");

    private RecordedEvents() {}

    /// Switches them on.
    ///
    /// @return those that this kernel does not have
    /// @throws BadInput if there is nothing to be recorded without one of them
    static List<String> enable(Tracefs.Instance scheduling, Tracefs.Instance calls) {
        List<String> missing = new ArrayList<>();
        SCHEDULING.stream().filter(event -> !scheduling.enable(event)).forEach(missing::add);
        MEMORY.stream().filter(event -> !calls.enable(event) && !event.startsWith("ftrace/")).forEach(missing::add);
        for (String call : CALLS) {
            if (calls.enable("syscalls/sys_enter_" + call)) {
                calls.enable("syscalls/sys_exit_" + call);
            } else if (call.equals("mmap") || call.equals("futex")) {
                missing.add("syscalls/sys_enter_" + call);
            }
        }
        String isUffd = UffdCalls.commands().values().stream().sorted().map(command -> "cmd == " + command)
                .collect(Collectors.joining(" || "));
        if (calls.tryWrite("events/syscalls/sys_enter_ioctl/filter", isUffd) && calls.enable("syscalls/sys_enter_ioctl")) {
            calls.enable("syscalls/sys_exit_ioctl");
        }
        if (missing.contains(SCHEDULING.getFirst())) {
            throw new BadInput("this kernel has no tracepoint sched_switch: nothing can be recorded.");
        }
        return missing;
    }
}
