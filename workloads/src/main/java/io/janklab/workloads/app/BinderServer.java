package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import java.util.function.Consumer;

/// Binder threads of another process that answer calls, each at its caller's priority (as the Binder driver arranges).
final class BinderServer {
    private final Mailbox<Transaction> transactions;
    private final Consumer<Task> onCall;

    private record Transaction(long workNs, int callerNice, Completion reply) {}

    /// @param onCall what its thread does for each call, beside the work the caller asks for
    BinderServer(long syscallNs, Consumer<Task> onCall) {
        this.transactions = new Mailbox<>(syscallNs);
        this.onCall = onCall;
    }

    /// Calls the server and waits for its reply.
    void call(Task caller, long workNs) {
        Completion reply = new Completion();
        transactions.post(caller, new Transaction(workNs, caller.nice(), reply));
        reply.await(caller);
    }

    /// One of the server's threads.
    void run(Task task) {
        int ownNice = task.nice();
        while (true) {
            Transaction transaction = transactions.take(task);
            task.setNice(Math.min(ownNice, transaction.callerNice()));
            task.compute(transaction.workNs());
            onCall.accept(task);
            transaction.reply().complete(task);
            task.setNice(ownNice);
        }
    }
}
