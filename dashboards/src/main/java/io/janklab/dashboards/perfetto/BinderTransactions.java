package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.BinderReceived;
import io.janklab.dashboards.perfetto.Fields.BinderTransaction;
import io.janklab.dashboards.perfetto.Fields.Ftrace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `binder_transaction` and `binder_transaction_received`, from which readers make a slice of the caller and one of the thread that
/// answers, and tie them together (Perfetto's `binder_tracker.cc`).
///
/// Readers end the innermost slice of a thread with a reply, whatever it is: so a call that began outside of the window is left out, and
/// one that is under way as the window ends is answered there.
final class BinderTransactions {
    /// Ids of replies without a sender.
    private static final int MADE_UP = 1 << 30;

    /// A call under way that the trace has.
    private static final class Call {
        private final TraceThread caller;
        private final int serverTgid;
        /// Null until a thread has taken it.
        private @Nullable TraceThread server;
        /// The reply's, once it is sent.
        private int replyId;

        private Call(TraceThread caller, int serverTgid) {
            this.caller = caller;
            this.serverTgid = serverTgid;
        }
    }

    private final FtraceBundles ftrace;
    private final TraceThreads threads;
    /// By the id of what is on its way: the call, then its reply.
    private final Map<Integer, Call> sent = new LinkedHashMap<>();
    private final Map<Integer, Call> servedByTid = new HashMap<>();
    private int madeUp = MADE_UP;

    BinderTransactions(FtraceBundles ftrace, TraceThreads threads) {
        this.ftrace = ftrace;
        this.threads = threads;
    }

    void calls(long now, TraceThread caller, int id, int tgid) {
        sent.put(id, new Call(caller, tgid));
        writeTransaction(now, caller.cpu(), caller, id, TraceIds.OFFSET + tgid, 0);
    }

    void replies(long now, TraceThread server, int id) {
        Call call = servedByTid.remove(server.tid());
        if (call != null) {
            call.replyId = id;
            sent.put(id, call);
            writeReply(now, server.cpu(), server, call, id);
        }
    }

    void receives(long now, TraceThread receiver, int id) {
        Call call = sent.remove(id);
        if (call == null) {
            return;
        }
        if (call.replyId == 0) {
            call.server = receiver;
            servedByTid.put(receiver.tid(), call);
        }
        writeReceived(now, receiver.cpu(), receiver, id);
    }

    /// The window ends. All is written into the caller's CPU's buffer, so that its order is kept.
    void close(long now) {
        sent.forEach((id, call) -> end(now, call, id));
        servedByTid.values().forEach(call -> end(now, call, 0));
        sent.clear();
        servedByTid.clear();
    }

    /// @param id of what is on its way; 0 if a thread is at work on it
    private void end(long now, Call call, int id) {
        int cpu = call.caller.cpu();
        int replyId = call.replyId;
        if (replyId == 0) {
            TraceThread server = call.server == null ? threads.main(call.serverTgid) : call.server;
            if (server == null) {
                return;
            }
            if (call.server == null) {
                writeReceived(now, cpu, server, id);
            }
            replyId = madeUp++;
            writeReply(now, cpu, server, call, replyId);
        }
        writeReceived(now, cpu, call.caller, replyId);
    }

    private void writeReply(long now, int cpu, TraceThread server, Call call, int id) {
        writeTransaction(now, cpu, server, id, TraceIds.pid(call.caller.task()), call.caller.tid());
    }

    /// @param thread that it goes to, as replies do; 0 for a call
    private void writeTransaction(long now, int cpu, TraceThread sender, int id, int process, int thread) {
        ftrace.add(cpu, now, sender.tid(), Ftrace.BINDER_TRANSACTION, new ProtoMessage()
                .number(BinderTransaction.DEBUG_ID, id)
                .number(BinderTransaction.TO_PROC, process)
                .number(BinderTransaction.TO_THREAD, thread)
                .number(BinderTransaction.REPLY, thread == 0 ? 0 : 1)
                .number(BinderTransaction.FLAGS, 0));
    }

    private void writeReceived(long now, int cpu, TraceThread receiver, int id) {
        ftrace.add(cpu, now, receiver.tid(), Ftrace.BINDER_TRANSACTION_RECEIVED, new ProtoMessage().number(BinderReceived.DEBUG_ID, id));
    }
}
