package org.apache.spark.api.java;

import org.apache.spark.SignatureOnly;
import org.apache.spark.SparkStageInfo;

public class JavaSparkStatusTracker {
    public int[] getActiveStageIds() {
        throw new SignatureOnly();
    }

    public SparkStageInfo getStageInfo(int stageId) {
        throw new SignatureOnly();
    }
}
