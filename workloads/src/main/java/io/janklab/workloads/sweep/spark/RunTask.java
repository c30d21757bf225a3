package io.janklab.workloads.sweep.spark;

import io.janklab.workloads.sweep.RunKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.VoidFunction;
import org.apache.spark.broadcast.Broadcast;

/// Makes one run, on an executor.
final class RunTask implements VoidFunction<RunKey> {
    static final String FORBIDDEN = "the executors were started without --add-exports=java.base/jdk.internal.vm=ALL-UNNAMED,"
            + " which the simulator's coroutines need: the cluster has to allow spark.executor.extraJavaOptions.";

    private static final long serialVersionUID = 1;

    private final Broadcast<Work> work;
    private final Results results;

    RunTask(Broadcast<Work> work, Results results) {
        this.work = work;
        this.results = results;
    }

    @Override
    public void call(RunKey key) {
        try {
            results.add(new Result(work.value().runs().make(key), worker()));
        } catch (LinkageError e) {
            throw new IllegalStateException(e.toString().contains("jdk.internal.vm") ? FORBIDDEN : e.toString(), e);
        }
    }

    private static String worker() {
        try {
            return InetAddress.getLocalHost().getHostName() + "/" + SparkEnv.get().executorId();
        } catch (UnknownHostException e) {
            return SparkEnv.get().executorId();
        }
    }
}
