package io.janklab.workloads.cli.common;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON as commands print it: indented, and a line end at the end.
public final class JsonText {
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonText() {}

    /// @param value maps, lists, records and numbers
    public static String of(Object value) {
        return MAPPER.writeValueAsString(value) + "\n";
    }
}
