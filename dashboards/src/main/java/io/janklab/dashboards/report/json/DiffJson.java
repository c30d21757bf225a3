package io.janklab.dashboards.report.json;

import io.janklab.dashboards.compare.Diff;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `diff.json`: two results for machines; unknown values are null.
public final class DiffJson {
    /// Its list of kernels.
    public static final String KEY = "pairs";

    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private DiffJson() {}

    public static String text(Diff diff) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("scenario", diff.before().scenario()).put("headline", diff.before().headline());
        root.put("before", diff.before().source()).put("after", diff.after().source()).put("worse", diff.isWorse());
        ArrayNode pairs = root.putArray(KEY);
        for (Diff.Pair pair : diff.pairs()) {
            ObjectNode node = pairs.addObject().put("before", pair.before().kernel()).put("after", pair.after().kernel())
                    .put("seeds", pair.seeds().size());
            ArrayNode comparisons = node.putArray("comparisons");
            pair.comparisons().forEach(each -> ResultJson.comparison(comparisons.addObject(), each));
        }
        return MAPPER.writeValueAsString(root) + "\n";
    }
}
