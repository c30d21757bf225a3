package io.janklab.workloads.sweep.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.janklab.workloads.sweep.SweepTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/// A column of the file.
///
/// @param cell its value, in the column's Java type; null if there is none
record Column(Type type, Function<RunRow, Object> cell) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

    /// The columns of that sweep's file: the run's point, a column for each key that varies, and the run's result.
    static List<Column> of(SweepTable table) {
        List<Column> columns = new ArrayList<>(List.of(
                new Column(Types.required(INT32).named("point"), row -> row.run().point()),
                text("device", row -> row.point().device()),
                text("scenario", row -> row.point().scenario()),
                text("kernel", row -> row.point().kernel())));
        table.factors().forEach(key -> columns.add(factor(table, key)));
        columns.addAll(List.of(
                new Column(Types.required(INT64).named("seed"), row -> row.run().seed()),
                text("metric", RunRow::metric),
                new Column(Types.optional(DOUBLE).named("value"), RunRow::value),
                text("digest", row -> row.run().digest()),
                text("failure", row -> row.run().hasFailed() ? row.run().reasonOfFailure().kind().name() : null),
                text("reason", row -> row.run().hasFailed() ? row.run().reasonOfFailure().reason() : null)));
        return columns;
    }

    /// A number if all of its values are.
    private static Column factor(SweepTable table, String key) {
        boolean isNumber = table.points().stream().allMatch(point -> NUMBER.matcher(point.values().get(key)).matches());
        return isNumber
                ? new Column(Types.required(DOUBLE).named(key), row -> Double.valueOf(row.point().values().get(key)))
                : text(key, row -> row.point().values().get(key));
    }

    private static Column text(String name, Function<RunRow, String> cell) {
        return new Column(Types.optional(BINARY).as(stringType()).named(name), cell::apply);
    }

    String name() {
        return type.getName();
    }

    /// Writes its value; nothing, if that is null.
    void write(RunRow row, int index, RecordConsumer to) {
        Object value = cell.apply(row);
        if (value == null) {
            return;
        }
        to.startField(name(), index);
        switch (value) {
            case Integer number -> to.addInteger(number);
            case Long number -> to.addLong(number);
            case Double number -> to.addDouble(number);
            case String text -> to.addBinary(Binary.fromString(text));
            default -> throw new IllegalStateException("no such cell: " + value);
        }
        to.endField(name(), index);
    }
}
