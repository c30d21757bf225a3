package io.janklab.workloads.scenario;

/// A key of a scenario as a user may set it.
///
/// @param value in the scenario that was asked about
/// @param standard in `reference.yaml`
/// @param allowed `0 … 1000`, `copy | move`; empty for any text
/// @param meaning with unit and source, as `reference.yaml` says it
public record KeyChoice(String key, String value, String standard, String allowed, String meaning) {
    public boolean isStandard() {
        return value.equals(standard);
    }
}
