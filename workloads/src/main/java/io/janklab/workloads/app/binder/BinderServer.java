package io.janklab.workloads.app.binder;

import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.BinderFd;
import io.janklab.workloads.app.process.Completion;
import io.janklab.workloads.app.process.Mailbox;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Binder threads of another process that answer calls, each at its caller's priority (as the Binder driver arranges). The caller copies
/// its arguments into the server's memory, and the server's thread copies the reply into the caller's.
public final class BinderServer {
    private final Mailbox<Call> calls = new Mailbox<>(0);
    private final Consumer<Task> onCall;
    private final ProcessState binder = new ProcessState();

    /// @param client where the reply goes
    private record Call(
            BinderFd.Transaction sent, long workNs, Task caller, int callerNice, BinderFd client, long replyBytes, Reply reply) {}

    private static final class Reply {
        private final Completion completion = new Completion();
        /// Null until it is sent, and if there was no room for it.
        private BinderFd.@Nullable Transaction sent;
    }

    /// @param onCall what its thread does for each call, beside the work the caller asks for
    public BinderServer(Consumer<Task> onCall) {
        this.onCall = onCall;
    }

    /// As the process opens Binder, before its threads start.
    public void open(Task task, Process process) {
        binder.open(task, process);
    }

    /// Calls the server with `bytes` of arguments and waits for its reply of `replyBytes`, which stays at its address until the caller
    /// frees it.
    ///
    /// @param client the caller's process's
    /// @return null if either process had no room for its transaction
    public BinderFd.@Nullable Transaction call(Task caller, BinderFd client, long bytes, long workNs, long replyBytes) {
        BinderFd.Transaction sent = binder.fd().send(caller, bytes, null);
        if (sent == null) {
            return null;
        }
        Reply reply = new Reply();
        calls.post(caller, new Call(sent, workNs, caller, caller.nice(), client, replyBytes, reply));
        reply.completion.await(caller);
        if (reply.sent != null) {
            client.received(caller, reply.sent);
        }
        return reply.sent;
    }

    /// One of the server's threads.
    public void run(Task task) {
        int ownNice = task.nice();
        while (true) {
            Call call = calls.take(task);
            binder.fd().received(task, call.sent());
            task.setNice(Math.min(ownNice, call.callerNice()));
            task.compute(call.workNs());
            onCall.accept(task);
            binder.fd().free(task, call.sent());
            call.reply().sent = call.client().send(task, call.replyBytes(), call.caller());
            call.reply().completion.complete(task);
            task.setNice(ownNice);
        }
    }
}
