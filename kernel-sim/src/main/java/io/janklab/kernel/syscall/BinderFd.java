package io.janklab.kernel.syscall;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.binder.BinderAlloc;
import io.janklab.kernel.trace.Tracepoints;
import org.jspecify.annotations.Nullable;

/// A process's open `/dev/binder`, as those see it that send it transactions. Queues of work and threads that wait for it are the
/// caller's: this is the driver's memory, its locks and its tracepoints.
public final class BinderFd {
    private static final String CALL = "ioctl(BINDER_WRITE_READ)";

    private final BinderAlloc buffers;
    private final Tracepoints tracepoints;
    private final int tgid;
    private final SystemCallGate gate;

    BinderFd(BinderAlloc buffers, Tracepoints tracepoints, int tgid, SystemCallGate gate) {
        this.buffers = buffers;
        this.tracepoints = tracepoints;
        this.tgid = tgid;
        this.gate = gate;
    }

    /// A transaction on its way.
    ///
    /// @param id its number in traces
    /// @param address where it lies in the receiver
    public record Transaction(int id, long address) {}

    /// `BC_TRANSACTION` or `BC_REPLY`: `sender` copies `bytes` bytes into this process.
    ///
    /// @param replyTo the thread that waits for this reply; null for a call
    /// @return null if the receiver has no room (`BR_FAILED_REPLY`), or is gone (`BR_DEAD_REPLY`)
    public @Nullable Transaction send(Task sender, long bytes, @Nullable Task replyTo) {
        gate.enter(sender, CALL);
        int id = tracepoints.nextTransaction();
        sender.settle();
        tracepoints.binderTransaction(sender.now(), sender, id, tgid, replyTo);
        long address = gate.leave(sender, buffers.receive(sender, bytes));
        return address < 0 ? null : new Transaction(id, address);
    }

    /// `BR_TRANSACTION` or `BR_REPLY`: `receiver`, a thread of this process, has taken it.
    public void received(Task receiver, Transaction transaction) {
        receiver.settle();
        tracepoints.binderReceived(receiver.now(), receiver, transaction.id());
    }

    /// `BC_FREE_BUFFER`, which goes along with the thread's next call of the driver.
    public void free(Task task, Transaction transaction) {
        buffers.free(task, transaction.address());
    }
}
