package io.janklab.dashboards.report.json;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.Resource;
import io.janklab.dashboards.compare.TradeOff;
import io.janklab.dashboards.compare.TradeOffs;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `advice.json`: ranked settings for machines. Differences are to the setting in use; unknown values are null.
public final class TradeOffJson {
    /// Its list of settings.
    public static final String KEY = "settings";

    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private TradeOffJson() {}

    public static String text(TradeOffs tradeOffs) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("scenario", tradeOffs.scenario()).put("device", tradeOffs.device()).put("seeds", tradeOffs.seeds());
        inUse(root.putObject("inUse"), tradeOffs.inUse()).put("onFront", tradeOffs.isInUseOnFront());
        ArrayNode settings = root.putArray(KEY);
        tradeOffs.others().forEach(each -> setting(settings.addObject(), each));
        return MAPPER.writeValueAsString(root) + "\n";
    }

    private static ObjectNode inUse(ObjectNode node, KernelResult inUse) {
        return node.put("name", inUse.name())
                .put("lateFrames", inUse.frames().janky())
                .put("frames", inUse.frames().count())
                .put("rssMeanMiB", Resource.rssMean().mean(inUse))
                .put("cpuMsPerS", Resource.appCpu().mean(inUse));
    }

    private static void setting(ObjectNode node, TradeOff each) {
        node.put("name", each.setting()).put("onFront", each.onFront()).put("changesNothing", each.changesNothing());
        comparison(node.putObject("lateFrames"), each.lateFrames());
        comparison(node.putObject("headline").put("metric", each.headline().metric()), each.headline());
        comparison(node.putObject("rssMeanMiB"), each.memory());
        comparison(node.putObject("cpuMsPerS"), each.cpu());
    }

    private static void comparison(ObjectNode node, Comparison comparison) {
        number(node, "difference", comparison.difference());
        number(node, "low", comparison.low());
        number(node, "high", comparison.high());
        number(node, "p", comparison.p());
        number(node, "pHolm", comparison.pHolm());
    }

    private static void number(ObjectNode node, String field, double value) {
        if (Double.isNaN(value)) {
            node.putNull(field);
        } else {
            node.put(field, value);
        }
    }
}
