package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.SweepDefinition;
import io.janklab.workloads.sweep.remote.HadoopFolder;
import io.janklab.workloads.sweep.remote.RemoteFolder;
import java.nio.file.Path;

/// Where a sweep's files are: a folder of this host's.
class SweepPlace implements AutoCloseable {
    protected final CommonOptions common;
    private final String journalName;

    SweepPlace(CommonOptions common, String journalName) {
        this.common = common;
        this.journalName = journalName;
    }

    /// The value of `--out`.
    ///
    /// @param hasHadoop whether Hadoop is there to write what is not this host's
    /// @throws BadInput if it is an address that cannot be written
    static SweepPlace of(CommonOptions common, String journalName, boolean hasHadoop) {
        String out = common.outAsGiven();
        if (out == null || !RemoteFolder.isAddress(out)) {
            return new SweepPlace(common, journalName);
        }
        if (!hasHadoop) {
            throw new BadInput("--out " + out
                    + ": such addresses are for --engine spark, which brings Hadoop's file systems; give a folder of this host's.");
        }
        return new RemoteSweepPlace(common, journalName, HadoopFolder.open(out));
    }

    final Path journal() {
        return common.folder().resolve(journalName);
    }

    /// Whether there is a journal that is not empty.
    boolean isBegun() {
        return journal().toFile().isFile() && journal().toFile().length() > 0;
    }

    Journal begin(SweepDefinition definition) {
        return Journal.begin(journal(), definition, common.force);
    }

    Journal resume() {
        return Journal.resume(journal());
    }

    /// All files are made: moves them to their destination.
    void deliver() {}

    @Override
    public void close() {}
}
