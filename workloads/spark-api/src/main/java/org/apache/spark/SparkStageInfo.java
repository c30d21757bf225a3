package org.apache.spark;

public interface SparkStageInfo {
    int numActiveTasks();
}
