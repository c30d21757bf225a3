package io.janklab.workloads.sweep.parquet;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/// Writes rows column by column.
final class RunRows extends WriteSupport<RunRow> {
    private final List<Column> columns;
    @SuppressWarnings("NullAway.Init")
    private RecordConsumer to;

    RunRows(List<Column> columns) {
        this.columns = columns;
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return context();
    }

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration configuration) {
        return context();
    }

    private WriteContext context() {
        return new WriteContext(new MessageType("run", columns.stream().map(Column::type).toArray(Type[]::new)), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
        to = consumer;
    }

    @Override
    public void write(RunRow row) {
        to.startMessage();
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).write(row, i, to);
        }
        to.endMessage();
    }
}
