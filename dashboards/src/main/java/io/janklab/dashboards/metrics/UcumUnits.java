package io.janklab.dashboards.metrics;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.util.Map;

/// The units of an OTLP message as OpenTelemetry wants them: case-sensitive codes of UCUM, where Micrometer has English words.
///
/// Source: OpenTelemetry's metrics data model and its semantic conventions ("Instrument Units").
final class UcumUnits {
    private static final Map<String, String> CODES = Map.of("seconds", "s", "milliseconds", "ms", "bytes", "By", "", "1");

    private UcumUnits() {}

    /// The same message, each unit by its code; a word that has none is an annotation of the unity, `{word}`.
    static byte[] in(byte[] message) throws InvalidProtocolBufferException {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.parseFrom(message).toBuilder();
        for (ResourceMetrics.Builder resource : request.getResourceMetricsBuilderList()) {
            for (ScopeMetrics.Builder scope : resource.getScopeMetricsBuilderList()) {
                for (Metric.Builder metric : scope.getMetricsBuilderList()) {
                    metric.setUnit(code(metric.getUnit()));
                }
            }
        }
        return request.build().toByteArray();
    }

    static String code(String unit) {
        return CODES.getOrDefault(unit, unit.equals("1") ? unit : "{" + unit + "}");
    }
}
