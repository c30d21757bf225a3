package io.janklab.workloads.app.binder;

import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.BinderFd;
import org.jspecify.annotations.Nullable;

/// The app's side of its Binder calls to system_server.
public final class BinderClient {
    private final Process process;
    private final BinderServer server;
    private final ProcessState binder = new ProcessState();

    public BinderClient(Process process, BinderServer server) {
        this.process = process;
        this.server = server;
    }

    public void open(Task task) {
        binder.open(task, process);
    }

    /// Calls, reads the reply, and gives it back.
    public void call(Task task, long bytes, long workNs, long replyBytes) {
        BinderFd.Transaction reply = callAndKeep(task, bytes, workNs, replyBytes);
        if (reply != null) {
            free(task, reply);
        }
    }

    /// Calls and reads the reply, which stays until [#free].
    ///
    /// @return null if there was no room for it
    public BinderFd.@Nullable Transaction callAndKeep(Task task, long bytes, long workNs, long replyBytes) {
        BinderFd.Transaction reply = server.call(task, binder.fd(), bytes, workNs, replyBytes);
        if (reply != null && replyBytes > 0) {
            process.syscalls().memory().read(task, reply.address(), replyBytes);
        }
        return reply;
    }

    public void free(Task task, BinderFd.Transaction reply) {
        binder.fd().free(task, reply);
    }
}
