package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.Shard;
import io.janklab.workloads.sweep.SweepDefinition;
import io.janklab.workloads.sweep.remote.HadoopFolder;
import io.janklab.workloads.sweep.remote.RemoteFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a sweep's files are: a folder of this host's.
class SweepPlace implements AutoCloseable {
    private final Output output;
    private final String journalName;

    SweepPlace(Output output, String journalName) {
        this.output = output;
        this.journalName = journalName;
    }

    /// The folder, or the address, that `--out` names.
    ///
    /// @param out the value of `--out`, verbatim; null if it was not given
    /// @param hasHadoop whether Hadoop is there to write what is not this host's
    /// @throws BadInput if it is an address that cannot be written
    static SweepPlace of(Output output, @Nullable String out, String journalName, boolean hasHadoop) {
        if (out == null || !RemoteFolder.isAddress(out)) {
            return new SweepPlace(output, journalName);
        }
        if (!hasHadoop) {
            throw new BadInput("--out " + out
                    + ": such addresses are for --engine spark, which brings Hadoop's file systems; give a folder of this host's.");
        }
        return new RemoteSweepPlace(output, journalName, HadoopFolder.open(out));
    }

    /// Where files are made, and what messages call that.
    final Output output() {
        return output;
    }

    final Path journal() {
        return output.requiredFolder().resolve(journalName);
    }

    /// A folder with a journal is judged by the journal; shards share theirs.
    final OutputFolder folder(Shard shard) {
        boolean judged = shard == Shard.ALL && !Files.isRegularFile(journal());
        return judged ? output.folder(SweepFiles.JSON, "points").orElseThrow() : new OutputFolder(output.requiredFolder());
    }

    /// Whether there is a journal that is not empty.
    boolean isBegun() {
        return journal().toFile().isFile() && journal().toFile().length() > 0;
    }

    Journal begin(SweepDefinition definition) {
        return Journal.begin(journal(), definition, output.force());
    }

    Journal resume() {
        return Journal.resume(journal());
    }

    /// All files are made: moves them to their destination.
    void deliver() {}

    @Override
    public void close() {}
}
