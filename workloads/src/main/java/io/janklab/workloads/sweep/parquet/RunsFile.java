package io.janklab.workloads.sweep.parquet;

import io.janklab.workloads.sweep.SweepTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

/// A tidy table of all runs: a row for each run and metric, and one for each run that failed, in [Column]s.
public final class RunsFile {
    public static final String NAME = "sweep.parquet";

    /// Bytes of rows held before they are written.
    private static final long ROW_GROUP = 16L << 20;

    private RunsFile() {}

    /// @throws IOException if the file is there, or cannot be written
    public static void write(SweepTable table, Path file) throws IOException {
        try (ParquetWriter<RunRow> writer = new Builder(table, file).build()) {
            table.runs((point, entry) -> {
                try {
                    for (RunRow row : RunRow.of(point, entry)) {
                        writer.write(row);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static final class Builder extends ParquetWriter.Builder<RunRow, Builder> {
        private final SweepTable table;

        Builder(SweepTable table, Path file) {
            super(new LocalOutputFile(file));
            this.table = table;
            withConf(new PlainParquetConfiguration());
            withCodecFactory(new JdkGzip());
            withCompressionCodec(CompressionCodecName.GZIP);
            withRowGroupSize(ROW_GROUP);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected RunRows getWriteSupport(org.apache.parquet.conf.ParquetConfiguration conf) {
            return new RunRows(Column.of(table));
        }

        @Override
        @SuppressWarnings("deprecation")
        protected RunRows getWriteSupport(org.apache.hadoop.conf.Configuration conf) {
            return new RunRows(Column.of(table));
        }
    }
}
